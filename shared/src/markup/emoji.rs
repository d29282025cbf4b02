//! Whether a message is a few emoji and nothing else.

use std::str::Chars;

/// So many can be shown large without taking the screen.
const LARGE: usize = 10;

const STYLED: char = '\u{fe0f}';
const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';

/// Whether a text is one to ten emoji, with spaces between them or not, so that it can be shown large. A flag, a keycap,
/// a skin with its tone and a joined family are one each. Some other signs
/// pass for emoji: large, they harm nobody.
pub fn is_emoji_only(text: &str) -> bool {
    let mut rest = text.chars();
    let mut count = 0;
    while let Some(first) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        count += 1;
        if count > LARGE || !is_emoji(first, &mut rest) {
            return false;
        }
    }
    count > 0
}

/// Takes the rest of an emoji whose first character is taken already.
fn is_emoji(first: char, rest: &mut Chars<'_>) -> bool {
    if matches!(first, '0'..='9' | '#' | '*') {
        take(rest, |c| c == STYLED);
        return take(rest, |c| c == KEYCAP);
    }
    if is_flag_letter(first) {
        return take(rest, is_flag_letter);
    }
    let mut part = Some(first);
    while let Some(c) = part {
        let is_styled = take(rest, |c| c == STYLED);
        if !(is_picture(c) || is_styled && is_sign(c)) {
            return false;
        }
        // Tones of skin, and the tags that make a region's flag of a black one.
        while take(rest, |c| matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')) {}
        if !take(rest, |c| c == JOINER) {
            return true;
        }
        part = rest.next();
    }
    false
}

fn take(rest: &mut Chars<'_>, is_like: fn(char) -> bool) -> bool {
    let mut ahead = rest.clone();
    let takes = ahead.next().is_some_and(is_like);
    if takes {
        *rest = ahead;
    }
    takes
}

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Shown in colour by itself.
fn is_picture(c: char) -> bool {
    matches!(u32::from(c), 0x2300..=0x23ff | 0x25fd..=0x25fe | 0x2600..=0x27bf | 0x2b1b..=0x2b55 | 0x1f000..=0x1faff)
}

/// Shown in colour where it is asked for.
fn is_sign(c: char) -> bool {
    matches!(u32::from(c), 0xa9 | 0xae | 0x203c..=0x2b55 | 0x3030 | 0x303d | 0x3297 | 0x3299)
}

#[cfg(test)]
mod tests {
    use super::is_emoji_only;

    #[test]
    fn a_few_emoji_are_emoji_only() {
        for text in [
            "👍",
            "🎉🎉 🎉",
            "❤️",
            "❤",
            "☀️⭐",
            "👨‍👩‍👧‍👦",
            "👩🏽‍💻",
            "🏳️‍🌈",
            "🏴‍☠️",
            "🏃🏿‍♀️",
            "🇩🇪🇨🇳",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "1️⃣#️⃣*️⃣",
            "©️™️",
            "🫠",
            "😀\n😀",
            "😀😀😀😀😀😀😀😀😀😀",
            "🐦‍⬛",
            "↔️",
            "㊗️",
            "🀄",
            "🆗",
        ] {
            assert!(is_emoji_only(text), "{text}");
        }
    }

    #[test]
    fn text_and_many_emoji_are_not() {
        for text in [
            "",
            " ",
            "ok 👍",
            "👍!",
            "1",
            "12",
            "#",
            "*",
            "©",
            "™",
            "→",
            "字",
            "🇩",
            "🇩🇪🇨",
            "👍\u{200d}",
            "\u{fe0f}",
            "\u{200d}👍",
            "\u{20e3}",
            "😀😀😀😀😀😀😀😀😀😀😀",
            ":smile:",
            "é️",
        ] {
            assert!(!is_emoji_only(text), "{text}");
        }
    }
}
