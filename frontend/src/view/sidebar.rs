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
        .part(move || Some(me(chat, layout)))
}

fn me(chat: Chat, layout: Layout) -> El {
    let me = chat.me.get().filter(|_| chat.is_named());
    let avatar = el("span").class("avatar").set("aria-hidden", "true");
    let avatar = match &me {
        Some(me) => avatar.text(&initials(&me.name)),
        None => avatar.child(icon("members")),
    };
    let hue = me.as_ref().map_or(0, |me| hue(&me.id));
    let name = el("span").class("me-name").set("dir", "auto");
    let name = match &me {
        Some(me) => name.text(&me.name),
        None => name.say(chat, |words| words.guest),
    };
    el("footer")
        .class("me")
        .style("--hue", &hue.to_string())
        .child(avatar)
        .child(name)
        .child(
            button("icon-button")
                .label(chat, |words| words.keys)
                .on_click(move || later::open(chat, layout, Part::Keys))
                .child(icon("keyboard")),
        )
        .child(
            button("icon-button")
                .label(chat, |words| words.settings)
                .on_click(move || later::open(chat, layout, Part::Settings))
                .child(icon("settings")),
        )
}
