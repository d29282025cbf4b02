//! The emoji there are, and their names. They are fetched when somebody first looks for one (`frontend/data`).

use std::cell::Cell;

use stonechat_shared::markup::{self, Piece, Span};

use crate::platform::fetch::fetch;
use crate::platform::storage;

const PLACE: &str = "/emoji.txt";
/// The tones of skin: none, and the five that Unicode has.
pub(super) const TONES: [&str; 6] = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];
/// Asks for colour where a tone does not.
const STYLED: &str = "\u{fe0f}";
/// Three rows.
const RECENT: usize = 24;

const TONE_KEY: &str = "stonechat.tone";
const RECENT_KEY: &str = "stonechat.emoji";

thread_local! {
    static BOOK: Cell<Option<&'static Book>> = const { Cell::new(None) };
}

/// All of them.
pub(super) struct Book {
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) emoji: Vec<Emoji>,
}

/// The fields of a line, as `frontend/data/README.md` has them.
pub(super) struct Emoji {
    sign: &'static str,
    codes: &'static str,
    english: &'static str,
    title: &'static str,
    chinese: &'static str,
}

/// Fetches them, the first time; nothing where they cannot be fetched.
pub(super) async fn book() -> Option<&'static Book> {
    if let Some(book) = book_now() {
        return Some(book);
    }
    let fetched = fetch("GET", PLACE, &[], None).await.filter(|fetched| fetched.ok)?;
    // Who came second finds that another has fetched them.
    let book = book_now().unwrap_or_else(|| Box::leak(Box::new(Book::read(fetched.text.leak()))));
    BOOK.set(Some(book));
    Some(book)
}

/// What was fetched.
pub(super) fn book_now() -> Option<&'static Book> {
    BOOK.get()
}

impl Book {
    fn read(text: &'static str) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('=') {
                groups.push(Group { name, emoji: Vec::new() });
            } else if let Some(group) = groups.last_mut() {
                let mut fields = line.split('\t');
                let mut next = || fields.next().unwrap_or_default();
                let (sign, codes, english) = (next(), next(), next());
                group.emoji.push(Emoji { sign, codes, english, title: next(), chinese: next() });
            }
        }
        Self { groups }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Emoji> {
        self.groups.iter().flat_map(|group| &group.emoji)
    }

    /// Those that these words find in either language, the nearest first.
    pub(super) fn find(&self, sought: &str, most: usize) -> Vec<&Emoji> {
        let sought = sought.trim().to_ascii_lowercase().replace(' ', "_");
        let mut found: Vec<(usize, &Emoji)> = Vec::new();
        for emoji in self.all() {
            let Some(distance) = emoji.distance(&sought) else { continue };
            let place = found.partition_point(|(other, _)| *other <= distance);
            if place < most {
                found.truncate(most - 1);
                found.insert(place, (distance, emoji));
            }
        }
        found.into_iter().map(|(_, emoji)| emoji).collect()
    }

    /// The one of this sign, whatever its tone.
    pub(super) fn named(&self, sign: &str) -> Option<&Emoji> {
        self.all().find(|emoji| emoji.sign.starts_with(sign.chars().next().unwrap_or('~')) && emoji.is(sign))
    }

    fn coded(&self, code: &str) -> Option<&Emoji> {
        self.all().find(|emoji| emoji.codes().any(|other| other == code))
    }

    /// A text with the emoji themselves in the place of their shortcodes, but for those in code.
    pub(super) fn spell(&self, text: &str) -> String {
        let mut spelled = String::with_capacity(text.len());
        let mut open = Vec::new();
        for piece in markup::read(text) {
            match piece {
                Piece::Open(Span::Shortcode(code)) => {
                    let emoji = self.coded(code);
                    spelled.extend(emoji.map(|emoji| emoji.sign(tone())));
                    open.push(emoji.is_some());
                }
                Piece::Open(_) => open.push(false),
                Piece::Close => drop(open.pop()),
                Piece::Text(text) | Piece::Mark(text) => {
                    if open.last() != Some(&true) {
                        spelled.push_str(text);
                    }
                }
            }
        }
        spelled
    }
}

impl Emoji {
    /// The sign itself, in this tone where it has any.
    pub(super) fn sign(&self, tone: usize) -> String {
        let tone = TONES.get(tone).copied().unwrap_or_default();
        let styled = if tone.is_empty() { STYLED } else { tone };
        self.sign.replace('~', tone).replace('^', styled)
    }

    fn is(&self, sign: &str) -> bool {
        (0..TONES.len()).any(|tone| self.sign(tone) == sign)
    }

    /// Its shortcode without the colons.
    pub(super) fn code(&self) -> &'static str {
        self.codes().next().unwrap_or_default()
    }

    /// The shortcode that begins like this, else the first.
    pub(super) fn code_like(&self, start: &str) -> &'static str {
        self.codes().find(|code| code.starts_with(start)).unwrap_or(self.code())
    }

    /// Its name in the language of this tag, where it is one of ours.
    pub(super) fn name(&self, tag: &str) -> String {
        if tag.starts_with("zh") && !self.title.is_empty() {
            self.title.to_owned()
        } else {
            self.code().replace('_', " ")
        }
    }

    fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.codes.split(' ')
    }

    /// How far it is from what is sought; nothing where it is something else. A shorter name is nearer.
    fn distance(&self, sought: &str) -> Option<usize> {
        const FAR: usize = 1_000;
        let begins = |words: &'static str| words.split(' ').filter(|word| word.starts_with(sought)).map(str::len).min();
        let inner = || self.codes().any(|code| code.match_indices(sought).any(|(at, _)| code[..at].ends_with('_')));
        if sought.is_empty() {
            return None;
        }
        begins(self.codes)
            .or_else(|| self.title.starts_with(sought).then_some(self.title.len()))
            .or_else(|| inner().then_some(FAR))
            .or_else(|| begins(self.english).or_else(|| begins(self.chinese)).map(|_| 2 * FAR))
            .or_else(|| (!sought.is_ascii() && self.title.contains(sought)).then_some(3 * FAR))
    }
}

/// The tone that was chosen, as its place in [`TONES`].
pub(super) fn tone() -> usize {
    storage::get(TONE_KEY).and_then(|tone| tone.parse().ok()).unwrap_or_default()
}

pub(super) fn set_tone(tone: usize) {
    storage::set(TONE_KEY, &tone.to_string());
}

/// What was chosen last, the newest first.
pub(super) fn recent() -> Vec<String> {
    storage::get(RECENT_KEY).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

pub(super) fn remember(sign: &str) {
    let mut recent = recent();
    recent.retain(|other| other != sign);
    recent.insert(0, sign.to_owned());
    recent.truncate(RECENT);
    storage::set(RECENT_KEY, &recent.join(" "));
}

#[cfg(test)]
mod tests {
    use super::{Book, TONES};

    fn book() -> Book {
        Book::read(include_str!("../../../data/emoji.txt"))
    }

    fn found(sought: &str) -> String {
        book().find(sought, 5).into_iter().map(|emoji| emoji.sign(0)).collect()
    }

    #[test]
    fn an_emoji_is_found_by_its_names_in_both_languages() {
        for (sought, expected) in [
            ("tada", "🎉"),
            ("smile", "😄"),
            ("+1", "👍"),
            ("heart", "❤️"),
            ("fire", "🔥"),
            ("party popper", "🎉"),
            ("Thumbs", "👍"),
            ("拇指向上", "👍"),
            ("赞成", "👍"),
            ("火焰", "🔥"),
            ("germany", "🇩🇪"),
            ("德国", "🇩🇪"),
        ] {
            assert!(found(sought).starts_with(expected), "{sought}: {}", found(sought));
        }
        assert_eq!(found(""), "");
        assert_eq!(found("no such thing"), "");
    }

    #[test]
    fn a_tone_stands_where_it_belongs() {
        let book = book();
        let sign = |code, tone| book.coded(code).map(|emoji| emoji.sign(tone)).unwrap_or_default();
        assert_eq!((sign("+1", 0).as_str(), sign("+1", 3).as_str()), ("👍", "👍🏽"));
        assert_eq!((sign("victory_hand", 0).as_str(), sign("victory_hand", 1).as_str()), ("✌️", "✌🏻"));
        assert_eq!(sign("people_holding_hands", 5), "🧑🏿‍🤝‍🧑🏿");
        assert_eq!(sign("heart", 5), "❤️");
    }

    #[test]
    fn every_emoji_has_names_and_nothing_else_in_its_sign() {
        let book = book();
        assert_eq!(book.groups.len(), 9);
        assert!(book.all().count() > 1_800);
        for emoji in book.all() {
            for tone in 0..TONES.len() {
                let sign = emoji.sign(tone);
                assert!(stonechat_shared::markup::is_emoji_only(&sign), "{sign}");
                assert!(sign.chars().count() <= stonechat_shared::limits::EMOJI_CHARS, "{sign}");
            }
            assert!(!emoji.codes.is_empty() && !emoji.title.is_empty(), "{}", emoji.sign);
        }
    }
}
