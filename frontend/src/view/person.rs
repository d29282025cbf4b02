//! How a person looks: a colour that stays theirs, and initials.

use stonechat_shared::UserId;

/// The angle of a person's colour, 0 to 359: from the id, so that it is the same on every screen and after every rename.
pub(crate) fn hue(id: &UserId) -> u32 {
    // FNV-1a: spreads ids that differ in one letter over the whole circle.
    let hash =
        id.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % 360
}

/// One letter of the first word and one of the last. As they were typed: the tables that know every script's capitals
/// would weigh more than all the components.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let (first, last) = (words.next(), words.next_back());
    first.into_iter().chain(last).map(|letter| letter.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        for (name, expected) in
            [("Ann", "A"), ("ann kowalska", "AK"), ("Ana de la Cruz", "AC"), ("李雷", "李"), ("Émile", "É"), (" ", "")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn neighbouring_ids_have_distant_colours() {
        let (a, b) = (hue(&"u_1".into()), hue(&"u_2".into()));
        assert!(a < 360 && b < 360 && a.abs_diff(b) > 20, "{a} {b}");
    }
}
