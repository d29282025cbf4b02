//! How a person is named in a text: `@Ann_Lee` is Ann Lee, whatever the case.

use super::{Piece, Span, read, signs};

/// Who is named in a text, without the `@`, as written and as often as written. Nobody is within code or a link's text.
pub fn mentions(text: &str) -> impl Iterator<Item = &str> {
    read(text).into_iter().filter_map(|piece| match piece {
        Piece::Open(Span::Mention(name)) => Some(name),
        Piece::Open(_) | Piece::Close | Piece::Text(_) | Piece::Mark(_) => None,
    })
}

/// Whether a text names the person of this name.
pub fn names(text: &str, name: &str) -> bool {
    // Most texts name nobody, and need not be read.
    text.contains('@') && mentions(text).any(|mention| is_mention_of(mention, name))
}

/// What to write behind an `@` to name this person: the name, with `_` for spaces and whatever else cannot stand there.
pub fn mention_of(name: &str) -> String {
    spelled(name, |c| c)
}

/// Whether a mention, without its `@`, names the person of this name. Upper and lower case are the same.
pub fn is_mention_of(mention: &str, name: &str) -> bool {
    mention_key(mention) == mention_key(name)
}

/// What a name has in common with each of its mentions and with nobody else's, to look people up by.
pub fn mention_key(name: &str) -> String {
    spelled(name, signs::lower_case)
}

fn spelled(name: &str, letter: fn(char) -> char) -> String {
    let mut spelled = String::new();
    // A dot at the end of a mention is the sentence's.
    let mut dots = 0;
    for c in name.chars() {
        dots = if c == '.' { dots + 1 } else { 0 };
        spelled.push(if signs::is_of_a_name(c) { letter(c) } else { '_' });
    }
    spelled.truncate(spelled.len() - dots);
    for _ in 0..dots {
        spelled.push('_');
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::{is_mention_of, mention_key, mention_of, mentions};

    fn named(text: &str) -> Vec<&str> {
        mentions(text).collect()
    }

    #[test]
    fn who_is_named_is_found_in_any_script() {
        assert_eq!(
            named("@ann @Ann_Lee, @小明 @محمد @हिन्दी @d-j.x."),
            ["ann", "Ann_Lee", "小明", "محمد", "हिन्दी", "d-j.x"]
        );
        assert_eq!(named("(@ann) **@bob**\n> @cy\n- @dee"), ["ann", "bob", "cy", "dee"]);
        assert_eq!(named("谢谢@ann，@小明：好"), ["ann", "小明"]);
        assert_eq!(named("@ann @ann"), ["ann", "ann"]);
    }

    #[test]
    fn mail_addresses_code_and_link_texts_name_nobody() {
        assert_eq!(named("ann@example.org 7@x \\@ann @ @. @_@"), [""; 0]);
        assert_eq!(named("`@ann`\n```\n@ann\n```"), [""; 0]);
        assert_eq!(named("https://example.org/@ann [@ann](https://example.org)"), [""; 0]);
    }

    #[test]
    fn a_mention_names_whose_name_it_is_whatever_the_case() {
        for (mention, name) in [
            ("ann_lee", "Ann Lee"),
            ("ÉLODIE", "élodie"),
            ("οδυσσέας", "ΟΔΥΣΣΈΑΣ"),
            ("ИВАН", "Иван"),
            ("小明", "小明"),
            ("O_Hara", "O'Hara"),
            ("Dr_", "Dr."),
            ("a.b", "A.B"),
        ] {
            assert!(is_mention_of(mention, name), "{mention} {name}");
            assert_eq!(mention_key(mention), mention_key(name));
        }
        for (mention, name) in [("ann", "Ann Lee"), ("ann_lee", "Ann"), ("ann", "Anna"), ("", "Ann")] {
            assert!(!is_mention_of(mention, name), "{mention} {name}");
            assert_ne!(mention_key(mention), mention_key(name));
        }
    }

    #[test]
    fn what_is_written_to_name_somebody_names_them() {
        for name in ["Ann", "Ann Lee", "小明", "Dr.", "Zoë (work)", "أحمد علي", "a..", "Ann 🐦", "O'Hara"] {
            let text = format!("hi @{}, ok", mention_of(name));
            assert!(mentions(&text).any(|mention| is_mention_of(mention, name)), "{text}");
        }
    }
}
