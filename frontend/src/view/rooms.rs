//! The list of rooms: bold where somebody wrote since one was there.

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::frame::RoomHead;

use super::frame::{Layout, Pane};
use super::icon::icon;
use super::later::{self, Part};
use super::words::button;
use crate::platform::dom::{El, el};
use crate::platform::{address, keys};
use crate::state::Chat;

pub(crate) fn rooms(chat: Chat, layout: Layout) -> El {
    let section = el("div").class("section").child(el("h2").say(chat, |words| words.rooms)).child(
        button("icon-button")
            .label(chat, |words| words.new_room)
            .on_click(move || later::open(chat, layout, Part::NewRoom))
            .child(icon("plus")),
    );
    // The links are made anew where a room came, went or was named anew; the rest follows in place, so that a list
    // that is walked by keyboard keeps the focus.
    let named = Memo::new(move |_| {
        chat.rooms.with(|rooms| rooms.iter().map(|head| (head.room.clone(), head.title.clone())).collect::<Vec<_>>())
    });
    let list = move || {
        let links = named.get().into_iter().map(|(room, title)| room_link(chat, layout, room, &title));
        Some(links.fold(el("ul").class("room-list"), El::child))
    };
    el("div").class("room-scroll").child(section).part(list)
}

fn room_link(chat: Chat, layout: Layout, room: RoomName, title: &str) -> El {
    let is_here = {
        let room = room.clone();
        move || chat.room.with(|shown| *shown == room)
    };
    let is_bold = {
        let room = room.clone();
        move || {
            let is_unread = |head: &RoomHead| head.room == room && is_unread(chat, head);
            chat.room.with(|shown| *shown != room) && chat.rooms.with(|rooms| rooms.iter().any(is_unread))
        }
    };
    let is_calm = {
        let is_bold = is_bold.clone();
        move || !is_bold()
    };
    let link = el("a")
        .class("room-link")
        .set("href", &address::path_of(&room))
        .live_set("aria-current", move || is_here().then(|| "page".to_owned()))
        .live_flag("data-unread", is_bold)
        .child(icon("hash"))
        .child(el("span").class("room-name").set("dir", "auto").text(title))
        .child(el("span").class("vh").live_flag("hidden", is_calm).say(chat, |words| words.unread))
        .on("click", move |event| {
            if keys::is_plain_click(&event) {
                event.prevent_default();
                layout.pane.set(Pane::Room);
                chat.go(&room);
            }
        });
    el("li").child(link)
}

/// Somebody wrote after this person was there last. To a guest, who has been nowhere, everything would be unread.
pub(crate) fn is_unread(chat: Chat, head: &RoomHead) -> bool {
    head.read < head.head && chat.is_named()
}
