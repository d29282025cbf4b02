//! Every word that the page says, once a language. A language that lacks a phrase does not compile.

mod en;
pub(crate) mod later;
mod zh;

use crate::platform::numbers::{self, Plural};
use crate::platform::{page, storage};

pub(crate) use en::ENGLISH;
pub(crate) use later::Later;
pub(crate) use zh::CHINESE;

/// The languages there are; the first is for everybody whose own is not among them.
pub(crate) static LANGUAGES: [&Phrases; 2] = [&ENGLISH, &CHINESE];

/// A number, as it is written and as it inflects.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    pub(crate) text: String,
    pub(crate) plural: Plural,
}

/// How a phrase is named where its language is not known yet.
pub(crate) type Phrase = fn(&'static Phrases) -> &'static str;

/// One language.
pub(crate) struct Phrases {
    /// BCP 47, for `<html lang>` and `Intl`.
    pub(crate) tag: &'static str,
    /// The language's name, in itself.
    pub(crate) name: &'static str,

    pub(crate) skip_to_writing: &'static str,
    pub(crate) close: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) unreachable: &'static str,

    pub(crate) rooms: &'static str,
    pub(crate) private_rooms: &'static str,
    pub(crate) direct_messages: &'static str,
    pub(crate) new_direct: &'static str,
    /// Between the names of a list.
    pub(crate) comma: &'static str,
    pub(crate) all_rooms: &'static str,
    pub(crate) all_rooms_unread: &'static str,
    pub(crate) unread: &'static str,
    pub(crate) new_room: &'static str,
    pub(crate) no_such_room: fn(&str) -> String,
    pub(crate) no_such_room_hint: &'static str,
    pub(crate) go_to_lobby: &'static str,

    pub(crate) messages_in: fn(&str) -> String,
    pub(crate) start_of: fn(&str) -> String,
    pub(crate) loading: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty_hint: &'static str,
    pub(crate) today: &'static str,
    pub(crate) yesterday: &'static str,
    pub(crate) new: &'static str,
    pub(crate) new_since: &'static str,
    pub(crate) jump_to_unread: &'static str,
    pub(crate) mark_read: &'static str,
    pub(crate) jump_to_now: &'static str,
    pub(crate) jump_new: fn(&Count) -> String,
    pub(crate) held: fn(&Count) -> String,
    pub(crate) new_messages: fn(&Count) -> String,
    pub(crate) said: fn(&str, &str) -> String,

    pub(crate) edited: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) no_message: &'static str,
    pub(crate) reply_gone: &'static str,
    pub(crate) queued: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) not_kept: &'static str,
    pub(crate) not_sent: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) discard: &'static str,
    pub(crate) pinned: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) copy_code: &'static str,
    pub(crate) reacted: fn(&str, &Count) -> String,
    pub(crate) replying_to: fn(&str) -> String,
    pub(crate) editing: &'static str,

    pub(crate) message_to: fn(&str) -> String,
    pub(crate) send: &'static str,
    pub(crate) attach: &'static str,
    pub(crate) emoji: &'static str,
    pub(crate) counter: fn(&str, &str) -> String,
    pub(crate) too_long: fn(&Count) -> String,
    pub(crate) your_name: &'static str,
    pub(crate) name_placeholder: &'static str,
    pub(crate) name_hint: &'static str,
    pub(crate) join: &'static str,
    pub(crate) typing_one: fn(&str) -> String,
    pub(crate) typing_two: fn(&str, &str) -> String,
    pub(crate) typing_three: fn(&str, &str, &str) -> String,
    pub(crate) typing_many: &'static str,

    pub(crate) connecting: &'static str,
    pub(crate) connected: &'static str,
    pub(crate) connected_slowly: &'static str,
    pub(crate) reconnecting: &'static str,
    pub(crate) reconnecting_in: fn(&Count) -> String,
    pub(crate) offline: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) try_now: &'static str,
    /// The state of the line, and how many messages wait for it.
    pub(crate) waiting: fn(&str, &Count) -> String,

    pub(crate) people: &'static str,
    pub(crate) people_here: fn(&Count) -> String,

    pub(crate) inspector: &'static str,
    pub(crate) settings: &'static str,

    pub(crate) keys: &'static str,
    pub(crate) search: &'static str,
    pub(crate) pinned_messages: &'static str,
}

impl Phrases {
    /// A number, ready to stand in a phrase.
    pub(crate) fn count(&self, n: usize) -> Count {
        Count { text: numbers::number(self.tag, n), plural: numbers::plural(self.tag, n) }
    }
}

/// The language that was chosen, else the first that the browser asks for and we have.
pub(crate) fn preferred() -> &'static Phrases {
    storage::get(storage::LANGUAGE).into_iter().chain(page::languages()).find_map(|tag| named(&tag)).unwrap_or(&ENGLISH)
}

/// The language for a tag such as `zh-Hant-TW`: what stands before the first hyphen decides.
pub(crate) fn named(tag: &str) -> Option<&'static Phrases> {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    LANGUAGES.into_iter().find(|phrases| primary(phrases.tag) == primary(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_first_part() {
        for (tag, expected) in [("zh", "zh-CN"), ("zh-Hant-TW", "zh-CN"), ("EN-gb", "en")] {
            assert_eq!(named(tag).map(|phrases| phrases.tag), Some(expected), "{tag}");
        }
        assert!(named("tlh").is_none());
    }

    #[test]
    fn what_is_opened_later_speaks_the_language_of_the_page() {
        assert_eq!([ENGLISH.later().reply, CHINESE.later().reply], ["Reply", "回复"]);
    }
}
