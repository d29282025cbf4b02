//! The middle column: a room's head, its messages, and where one writes.

use leptos::prelude::*;
use stonechat_shared::RoomName;

use super::foot::foot;
use super::frame::Layout;
use super::header::header;
use super::icon::icon;
use super::timeline::timeline;
use crate::platform::dom::{El, el};
use crate::platform::{page, time};
use crate::state::Chat;

pub(crate) fn room(chat: Chat, layout: Layout) -> El {
    // Made anew for each room: where one has scrolled to in another says nothing about this one.
    let stage = move || {
        let (room, missing) = (chat.room.get(), chat.missing.get());
        let stage = el("div").class("stage");
        Some(if missing { stage.child(no_such_room(chat, &room)) } else { timeline(chat, layout, room, stage) })
    };
    let foot = move || {
        let (room, missing) = (chat.room.get(), chat.missing.get());
        (!missing).then(|| foot(chat, layout, room))
    };
    el("main").class("room").child(header(chat, layout)).part(stage).part(foot)
}

fn no_such_room(chat: Chat, room: &RoomName) -> El {
    let name = room.to_string();
    let link = el("a").class("button").set("href", "/").say(chat, |words| words.go_to_lobby);
    if page::has_keyboard() {
        // In the place of the field that would have it.
        let first = link.clone();
        time::next_frame(move || first.focus());
    }
    el("div")
        .class("empty")
        .set("data-kind", "missing")
        .child(icon("search"))
        .child(el("h2").live_text(move || (chat.words.get().no_such_room)(&name)))
        .child(el("p").say(chat, |words| words.no_such_room_hint))
        .child(link)
}
