//! The list of keys.

use super::dialog;
use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::platform::page;
use crate::state::Chat;

/// What is done, and by which keys together.
const KEYS: [(Phrase, &[Phrase]); 9] = [
    (|words| words.later().key_send, &[|words| words.later().key_enter]),
    (|words| words.later().key_break, &[|words| words.later().key_shift, |words| words.later().key_enter]),
    (|words| words.later().key_move, &[|_| "Tab", |_| "⇧ Tab"]),
    (|words| words.later().key_scroll, &[|_| "↑", |_| "↓"]),
    (|words| words.later().key_end, &[|_| "End"]),
    (|words| words.later().key_close, &[|_| "Esc"]),
    (|words| words.later().key_switcher, &[|_| if page::is_apple() { "⌘" } else { "Ctrl" }, |_| "K"]),
    (|words| words.later().key_search, &[|_| "/"]),
    (|words| words.later().key_list, &[|_| "?"]),
];

pub(super) fn open(chat: Chat) {
    let line = move |&(does, keys): &(Phrase, &[Phrase])| {
        let keys = keys.iter().map(|&key| el("kbd").say(chat, key)).fold(el("dd"), El::child);
        el("div").child(el("dt").say(chat, does)).child(keys)
    };
    let body = |_: &dialog::Dialog| {
        let list = KEYS.iter().map(line).fold(el("dl").class("keys"), El::child);
        el("div").class("dialog-body").child(list)
    };
    dialog::open(chat, "keys", |words| words.keys, body);
}
