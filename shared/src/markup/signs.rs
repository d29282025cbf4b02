//! What characters are. Small tables of our own: those of the standard library would weigh more than all the rest of the
//! reader, and leave out marks that names in many scripts are written with.

/// Beyond ASCII all is taken for letters, digits and the marks on them but these: what Unicode calls punctuation,
/// symbols, spaces, controls and private, in the scripts that are written today.
const NO_LETTERS: [(u16, u16); 57] = [
    (0x80, 0xa9),
    (0xab, 0xb1),
    (0xb4, 0xb4),
    (0xb6, 0xb8),
    (0xbb, 0xbb),
    (0xbf, 0xbf),
    (0xd7, 0xd7),
    (0xf7, 0xf7),
    (0x37e, 0x37e),
    (0x387, 0x387),
    (0x55a, 0x55f),
    (0x589, 0x58f),
    (0x5be, 0x5be),
    (0x5c0, 0x5c0),
    (0x5c3, 0x5c3),
    (0x5f3, 0x60f),
    (0x61b, 0x61f),
    (0x66a, 0x66d),
    (0x6d4, 0x6d4),
    (0x6dd, 0x6de),
    (0x6fd, 0x6fe),
    (0x700, 0x70f),
    (0x964, 0x965),
    (0x970, 0x970),
    (0xdf4, 0xdf4),
    (0xe3f, 0xe3f),
    (0xe4f, 0xe4f),
    (0xe5a, 0xe5b),
    (0xf04, 0xf14),
    (0x104a, 0x104f),
    (0x10fb, 0x10fb),
    (0x1360, 0x1368),
    (0x1680, 0x1680),
    (0x17d4, 0x17d6),
    (0x1800, 0x180a),
    (0x2000, 0x200b),
    (0x200e, 0x206f),
    (0x207a, 0x207e),
    (0x208a, 0x208e),
    (0x20a0, 0x20cf),
    (0x20dd, 0x214f),
    (0x2190, 0x2bff),
    (0x2e00, 0x2e2e),
    (0x2e30, 0x3004),
    (0x3008, 0x3020),
    (0x3030, 0x3030),
    (0x303d, 0x303f),
    (0x309b, 0x309c),
    (0x30a0, 0x30a0),
    (0x30fb, 0x30fb),
    (0x31c0, 0x31e3),
    (0x3200, 0x33ff),
    (0x4dc0, 0x4dff),
    (0xd800, 0xf8ff),
    (0xfd3e, 0xfd4f),
    (0xfe00, 0xff0f),
    (0xff1a, 0xff20),
];

/// Letters, digits and the marks on them, of any script.
pub(super) fn is_word(c: char) -> bool {
    let code = c as u32;
    if code < 0x80 {
        return c.is_ascii_alphanumeric();
    }
    match u16::try_from(code) {
        Ok(code) => {
            !matches!(code, 0xff3b..=0xff40 | 0xff5b..=0xff65 | 0xffe0..)
                && !NO_LETTERS.iter().any(|&(first, last)| first <= code && code <= last)
        }
        // Notes of music, emoji and whatever else has a picture; tags and private ones.
        Err(_) => !matches!(code, 0x1d000..=0x1d24f | 0x1f000..=0x1fbef | 0xe0000..),
    }
}

/// Of a script that sets spaces between words. Where it does not, marks stand between letters: Chinese, Japanese, Thai,
/// and Korean too, whose particles follow their word.
pub(super) fn is_word_with_spaces(c: char) -> bool {
    is_word(c)
        && !matches!(u32::from(c), 0xe00..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff | 0x2e80..=0xd7ff | 0xf900..=0xfaff
            | 0xff00..=0xffef | 0x1b000..=0x1b16f | 0x20000..=0x3ffff)
}

/// What may stand in a mention.
pub(super) fn is_of_a_name(c: char) -> bool {
    matches!(c, '_' | '-' | '.') || is_word(c)
}

/// Capitals of the scripts that have cases and are typed today: the first, the last, and how far it is to the small ones.
/// Where that is 0, capitals and small ones take turns, and where it is 1, the capital is the odd one.
const CAPITALS: [(u16, u16, u8); 26] = [
    (0x41, 0x5a, 32),
    (0xc0, 0xd6, 32),
    (0xd8, 0xde, 32),
    (0x100, 0x12f, 0),
    (0x132, 0x137, 0),
    (0x139, 0x148, 1),
    (0x14a, 0x177, 0),
    (0x179, 0x17e, 1),
    (0x1a0, 0x1a1, 0),
    (0x1af, 0x1b0, 1),
    (0x218, 0x21b, 0),
    (0x386, 0x386, 38),
    (0x388, 0x38a, 37),
    (0x38c, 0x38c, 64),
    (0x38e, 0x38f, 63),
    (0x391, 0x3a1, 32),
    (0x3a3, 0x3ab, 32),
    (0x400, 0x40f, 80),
    (0x410, 0x42f, 32),
    (0x460, 0x481, 0),
    (0x48a, 0x4bf, 0),
    (0x4d0, 0x52f, 0),
    (0x531, 0x556, 48),
    (0x1e00, 0x1e95, 0),
    (0x1ea0, 0x1eff, 0),
    (0xff21, 0xff3a, 32),
];

/// One character for one.
pub(super) fn lower_case(c: char) -> char {
    if c == 'ς' {
        return 'σ';
    }
    let code = u32::from(c);
    for (first, last, distance) in CAPITALS {
        if u32::from(first) <= code && code <= u32::from(last) {
            let lower = match distance {
                0 => code | 1,
                1 => code + code % 2,
                _ => code + u32::from(distance),
            };
            return char::from_u32(lower).unwrap_or(c);
        }
    }
    c
}

#[cfg(test)]
mod tests {
    use super::{is_word, is_word_with_spaces, lower_case};

    /// The scripts that are written today. Beyond them nobody promises anything.
    fn written() -> impl Iterator<Item = char> {
        ('\0'..='\u{1fff}').chain('\u{2c00}'..='\u{2dff}').chain('\u{3005}'..='\u{d7ff}').chain('\u{f900}'..='\u{faff}')
    }

    #[test]
    fn letters_and_digits_of_all_scripts_are_of_words() {
        let sign = |c: char| matches!(c, '\u{3200}'..='\u{33ff}' | '\u{303c}');
        for c in written().filter(|c| c.is_alphanumeric() && !sign(*c)) {
            assert!(is_word(c), "{c} {:x}", u32::from(c));
        }
        // Vowels and other marks of names.
        for word in ["हिन्दी", "বাংলা", "ไทย", "é", "مُحَمَّد", "שָׁלוֹם", "𝓐𝓷𝓷", "می\u{200c}خواهم", "𠮷", "がんばる", "ｶﾞ", "１"]
        {
            assert!(word.chars().all(is_word), "{word}");
        }
    }

    #[test]
    fn spaces_controls_and_punctuation_are_not() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_whitespace() || c.is_control() || c.is_ascii_punctuation()) {
            assert!(!is_word(c), "{:x}", u32::from(c));
        }
        let signs = "，。、；：？！“”‘’（）《》【】「」『』…—·～￥〜・，｡｢｣،؛؟۔٪«»„‚¿¡§°×÷€£™©→★✓❤👍🐦🇩\u{202e}\u{2066}\u{feff}\u{fe0f}।॥๏။፡־׃᠂‐‑";
        for c in signs.chars() {
            assert!(!is_word(c), "{c} {:x}", u32::from(c));
        }
    }

    #[test]
    fn words_of_chinese_japanese_korean_and_thai_have_no_spaces() {
        assert!("字かカ한ไลမ".chars().all(|c| !is_word_with_spaces(c)));
        assert!("aé7яעعहա".chars().all(is_word_with_spaces));
    }

    #[test]
    fn capitals_become_the_small_ones_that_they_have() {
        let european =
            ('\0'..='\u{17f}').chain('\u{370}'..='\u{3ff}').chain('\u{400}'..='\u{587}').chain('\u{1e00}'..='\u{1eff}');
        // A dotted capital I becomes two characters, a sharp s and an Y with dots are never the first, and the others
        // are of old texts.
        let special = |c: char| matches!(c, '\u{130}' | 'Ÿ' | '\u{1e9e}' | '\u{370}'..='\u{37f}' | '\u{3cf}' | '\u{3d8}'..='\u{3ff}' | '\u{4c0}'..='\u{4cf}' | 'ς');
        for c in european.filter(|c| !special(*c)) {
            let mut lower = c.to_lowercase();
            assert_eq!(Some(lower_case(c)), lower.next(), "{c} {:x}", u32::from(c));
        }
        assert_eq!("ΝΊΚΟΣ Ａ".chars().map(lower_case).collect::<String>(), "νίκοσ ａ");
        assert_eq!(lower_case('ς'), 'σ');
    }
}
