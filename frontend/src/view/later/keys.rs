//! The list of keys, and of commands.

use leptos::prelude::*;

use super::commands::{COMMANDS, Command};
use super::{actions, dialog};
use crate::locales::{Phrase, Phrases};
use crate::platform::dom::{El, el};
use crate::platform::page;
use crate::state::Chat;

/// What is done, and by which keys together.
const KEYS: [(Phrase, &[Phrase]); 14] = [
    (|words| words.later().key_send, &[|words| words.later().key_enter]),
    (|words| words.later().key_break, &[|words| words.later().key_shift, |words| words.later().key_enter]),
    (|words| words.later().key_complete, &[|_| "↑", |_| "↓", |_| "Tab"]),
    (|words| words.later().key_last, &[|_| "↑"]),
    (|words| words.later().key_move, &[|_| "Tab", |_| "⇧ Tab"]),
    (|words| words.later().key_scroll, &[|_| "↑", |_| "↓"]),
    (|words| words.later().key_end, &[|_| "End"]),
    (|words| words.later().key_read, &[|_| "Esc"]),
    (|words| words.later().key_hold, &[|_| "Alt"]),
    (|words| words.later().key_close, &[|_| "Esc"]),
    (|words| words.later().key_switcher, &[command_key, |_| "K"]),
    (|words| words.later().key_inspector, &[command_key, |words| words.later().key_shift, |_| "F"]),
    (|words| words.later().key_search, &[|_| "/"]),
    (|words| words.later().key_list, &[|_| "?"]),
];

/// What they do to the message that has the focus, besides what its buttons do.
const OF_A_MESSAGE: [(Phrase, &[Phrase]); 1] = [(|words| words.later().key_author, &[|_| "A"])];

fn command_key(_: &Phrases) -> &'static str {
    if page::is_apple() { "⌘" } else { "Ctrl" }
}

pub(super) fn open(chat: Chat) {
    let key = move |&(does, keys): &(Phrase, &[Phrase])| {
        let keys = keys.iter().map(|&key| el("kbd").say(chat, key)).fold(el("dd"), El::child);
        line(chat, does, keys)
    };
    let command = move |&Command { name, argument, does, .. }: &Command| {
        let written = el("code").text("/").text(name).text(" ");
        let written = argument.into_iter().fold(written, |written, argument| written.say(chat, argument));
        line(chat, does, el("dd").child(written))
    };
    let body = |_: &dialog::Dialog| {
        let keys = KEYS.iter().map(key).fold(el("dl").class("keys"), El::child);
        let slash = el("dd").child(el("code").text("//").say(chat, |words| words.later().text_argument));
        let commands = COMMANDS.iter().map(command).fold(el("dl").class("keys"), El::child);
        let commands = commands.child(line(chat, |words| words.later().does_slash, slash));
        let of_a_message = actions::ALL.iter().map(|&action| {
            let does = el("dt").live_text(move || action.does(chat.words.get()).to_owned());
            el("div").child(does).child(el("dd").child(el("kbd").text(&action.label())))
        });
        let of_a_message = of_a_message.chain(OF_A_MESSAGE.iter().map(key)).fold(el("dl").class("keys"), El::child);
        let message = el("h3").class("list-title").say(chat, |words| words.later().keys_of_message);
        let title = el("h3").class("list-title").say(chat, |words| words.later().commands);
        el("div").class("dialog-body").child(keys).child(message).child(of_a_message).child(title).child(commands)
    };
    dialog::open(chat, "keys", |words| words.keys, body);
}

fn line(chat: Chat, does: Phrase, written: El) -> El {
    el("div").child(el("dt").say(chat, does)).child(written)
}
