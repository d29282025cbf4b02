//! The left column: the server, its rooms, the line, oneself.

use leptos::prelude::*;

use super::frame::Layout;
use super::icon::{bird, icon};
use super::later::{self, Part};
use super::line::line_state;
use super::person::{hue, initials};
use super::rooms::rooms;
use super::words::button;
use crate::platform::dom::{El, el};
use crate::state::Chat;

pub(crate) fn sidebar(chat: Chat, layout: Layout) -> El {
    let writing = move || if chat.is_named() { "#composer-input" } else { "#name" };
    let skip = el("a")
        .class("skip")
        .live_set("href", move || Some(writing().to_owned()))
        .live_flag("hidden", move || chat.missing.get())
        .say(chat, |words| words.skip_to_writing);
    let server = el("header").class("server").child(bird()).child(
        el("span")
            .class("server-name")
            .set("role", "heading")
            .set("aria-level", "1")
            .live_text(move || chat.server.get()),
    );
    el("nav")
        .class("sidebar")
        .label(chat, |words| words.rooms)
        .child(skip)
        .child(server)
        .child(rooms(chat, layout))
        .child(line_state(chat))
        .child(me(chat, layout))
}

/// Oneself, and what can be opened from anywhere. The buttons stay the same: one of them gets the focus back from its dialog,
/// whatever was changed there.
fn me(chat: Chat, layout: Layout) -> El {
    let opens = |name, part: Part, picture| {
        let open = move || later::open(chat, layout, part.clone());
        button("icon-button").label(chat, name).on_click(open).child(icon(picture))
    };
    el("footer")
        .class("me")
        .part(move || Some(face(chat)))
        .part(move || Some(name(chat)))
        .child(opens(|words| words.keys, Part::Keys, "keyboard"))
        .child(opens(|words| words.settings, Part::Settings, "settings"))
}

fn face(chat: Chat) -> El {
    let avatar = el("span").class("avatar").set("aria-hidden", "true");
    match chat.me.get().filter(|_| chat.is_named()) {
        Some(me) => avatar.style("--hue", &hue(&me.id).to_string()).text(&initials(&me.name)),
        None => avatar.style("--hue", "0").child(icon("members")),
    }
}

fn name(chat: Chat) -> El {
    let name = el("span").class("me-name").set("dir", "auto");
    match chat.me.get().filter(|_| chat.is_named()) {
        Some(me) => name.text(&me.name),
        None => name.say(chat, |words| words.guest),
    }
}
