//! What a word is, in the index and in what is asked: one rule for both, so that they meet.
//!
//! Words are found whatever their capitals and diacritics. Where a script is written without spaces (Chinese, Japanese,
//! Thai, and Korean, whose words carry endings), each character is a word, and what is searched for is a row of them: so
//! one character is found as well as ten, by the index alone. Trigrams would find three and more; pairs would make the
//! index twice as large, and one character would still need another way. An emoji is a word too.

use unicode_normalization::UNICODE_VERSION;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// One more with each change of the rule.
const RULE: u32 = 1;
/// Characters of a word. A longer one, which is an address or a key, stands as several in a row: nobody types it, and the
/// index's pages hold some hundred words.
const WORD_CHARS: usize = 64;

/// A word, and where it stands: in characters from the start of the text, its end not included.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Letters and digits alone, and nothing that has a meaning to the index.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The rule's name. Another compiler may know more of Unicode, and then a text falls into other words.
pub(super) fn rule() -> String {
    format!("{RULE} {:?} {UNICODE_VERSION:?}", char::UNICODE_VERSION)
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Words::default();
    text.chars().enumerate().for_each(|(at, c)| words.take(at, c));
    words.all
}

/// The words of a text as the index takes them: with a space between them.
pub(super) fn spelled(text: &str) -> String {
    words(text).into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

/// Whether this character is a word by itself.
pub(super) fn stands_alone(c: char) -> bool {
    let unspaced = matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // Thai, Lao, Burmese, Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}' // kana, bopomofo
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
        | '\u{ac00}'..='\u{d7a3}');
    let emoji = matches!(c, '\u{231a}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}');
    unspaced || emoji
}

/// What changes how the character before it looks, and is not searched for: diacritics, joiners, variations of an emoji.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

/// Hands out a character as it is searched for: small, without diacritics, and in its plain form.
fn spell(c: char, each: &mut dyn FnMut(char)) {
    if c.is_ascii() {
        return each(c.to_ascii_lowercase());
    }
    // Syllables and kana would fall apart. Ideographs that Unicode has twice become one.
    let twice = matches!(c, '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}');
    if stands_alone(c) && !twice {
        return each(c);
    }
    decompose_compatible(c, |part| {
        for small in part.to_lowercase() {
            // Letters that Unicode does not take apart, though people look for them by the plain ones.
            match small {
                'ß' => "ss".chars().for_each(&mut *each),
                'æ' => "ae".chars().for_each(&mut *each),
                'œ' => "oe".chars().for_each(&mut *each),
                'þ' => "th".chars().for_each(&mut *each),
                'ø' => each('o'),
                'ł' => each('l'),
                'đ' | 'ð' => each('d'),
                'ħ' => each('h'),
                'ı' => each('i'),
                'ς' => each('σ'),
                small => each(small),
            }
        }
    });
}

#[derive(Default)]
struct Words {
    all: Vec<Word>,
    /// The last word may go on.
    open: bool,
}

impl Words {
    fn take(&mut self, at: usize, c: char) {
        if is_silent(c) {
            // It looks like a part of what it follows, and is marked with it.
            if let Some(word) = self.all.last_mut().filter(|word| word.end == at) {
                word.end = at + 1;
            }
            return;
        }
        spell(c, &mut |letter| self.letter(at, letter));
    }

    fn letter(&mut self, at: usize, letter: char) {
        if stands_alone(letter) {
            self.all.push(Word { text: letter.into(), start: at, end: at + 1 });
            self.open = false;
        } else if is_silent(letter) {
            // The diacritic of a letter that came with it.
        } else if letter.is_alphanumeric() || (self.open && is_combining_mark(letter)) {
            match self.all.last_mut() {
                Some(word) if self.open && word.text.chars().count() < WORD_CHARS => {
                    word.text.push(letter);
                    word.end = at + 1;
                }
                Some(_) | None => self.all.push(Word { text: letter.into(), start: at, end: at + 1 }),
            }
            self.open = true;
        } else {
            self.open = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Vec<(String, usize, usize)> {
        words(text).into_iter().map(|word| (word.text, word.start, word.end)).collect()
    }

    #[test]
    fn capitals_and_diacritics_make_no_difference() {
        for (text, spelling) in [
            ("Crème BRÛLÉE", "creme brulee"),
            ("Cre\u{300}me", "creme"),
            ("Straße STRASSE", "strasse strasse"),
            ("Łódź, Đà Nẵng, Ærøskøbing", "lodz da nang aeroskobing"),
            ("İstanbul ISPARTA ısı", "istanbul isparta isi"),
            ("ΌΔΟΣ όδος", "οδοσ οδοσ"),
            ("Ёлка", "елка"),
            ("ﬁne ＡＢＣ１２", "fine abc12"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("a_b-c.d can't", "a b c d can t"),
            ("", ""),
            ("?! …", ""),
        ] {
            assert_eq!(spelled(text), spelling, "{text}");
        }
    }

    #[test]
    fn where_no_spaces_are_written_each_character_is_a_word() {
        assert_eq!(spelled("你好，世界"), "你 好 世 界");
        assert_eq!(spelled("用iPhone手机"), "用 iphone 手 机");
        assert_eq!(spelled("ガレージの한국어를"), "ガ レ ー ジ の 한 국 어 를");
        assert_eq!(spelled("\u{f900}"), "豈", "an ideograph that Unicode has twice");
        assert_eq!(spelled("ภาษา"), "ภ า ษ า");
        assert_eq!(spelled("ok👍🏽 👩‍🚀"), "ok 👍 🏽 👩 🚀");
        assert_eq!(spelled("हिन्दी"), "हिन्दी", "and signs that belong to a letter do not cut a word in two");
    }

    #[test]
    fn a_place_is_counted_in_characters_of_the_text_as_it_stands() {
        let place = |text: &str, start, end| (text.to_owned(), start, end);
        assert_eq!(at("Straße 中!x"), [place("strasse", 0, 6), place("中", 7, 8), place("x", 9, 10)]);
        assert_eq!(at("e\u{301}e\u{301} x"), [place("ee", 0, 4), place("x", 5, 6)]);
        assert_eq!(at("ﬃ👍\u{fe0f}"), [place("ffi", 0, 1), place("👍", 1, 3)]);
    }

    #[test]
    fn what_is_too_long_for_a_word_is_several_in_a_row() {
        let text = "x".repeat(150);
        assert_eq!(at(&text).iter().map(|word| (word.1, word.2)).collect::<Vec<_>>(), [(0, 64), (64, 128), (128, 150)]);
    }
}
