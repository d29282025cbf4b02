//! The list of keys.

use super::dialog;
use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::state::Chat;

/// What is done, and by which keys together.
const KEYS: [(Phrase, &[Phrase]); 7] = [
    (|words| words.key_send, &[|words| words.key_enter]),
    (|words| words.key_break, &[|words| words.key_shift, |words| words.key_enter]),
    (|words| words.key_move, &[|_| "Tab", |_| "⇧ Tab"]),
    (|words| words.key_scroll, &[|_| "↑", |_| "↓"]),
    (|words| words.key_end, &[|_| "End"]),
    (|words| words.key_close, &[|_| "Esc"]),
    (|words| words.key_list, &[|_| "?"]),
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
