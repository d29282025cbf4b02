//! The head of a room: its title, and how many people are here.

use leptos::prelude::*;

use super::frame::{Layout, Pane};
use super::icon::icon;
use super::later::{self, Part};
use super::rooms::kind_icon;
use super::words::button;
use crate::platform::dom::{El, el};
use crate::state::Chat;

pub(crate) fn header(chat: Chat, layout: Layout) -> El {
    let back = move || {
        let words = chat.words.get();
        Some(if chat.news_elsewhere().0 { words.all_rooms_unread } else { words.all_rooms }.to_owned())
    };
    let calls = move || match chat.news_elsewhere().1 {
        0 => String::new(),
        calls => chat.capped(calls),
    };
    let topic = move || chat.line_of_room().map(|head| head.topic).unwrap_or_default();
    let kind = move || chat.line_of_room().map(|head| head.kind).unwrap_or_default();
    let title = button("head-name")
        .set("aria-haspopup", "dialog")
        .on_click(move || later::open(chat, layout, Part::About))
        .part(move || Some(icon(kind_icon(kind()))))
        .live_text(move || chat.title());
    el("header")
        .class("head")
        .child(
            button("icon-button only-phone")
                .live_set("aria-label", back)
                .on_click(move || layout.pane.set(Pane::Rooms))
                .child(icon("back"))
                .child(
                    el("span")
                        .class("badge-dot")
                        .live_flag("hidden", move || !chat.news_elsewhere().0)
                        .live_text(calls),
                ),
        )
        .child(
            el("div").class("head-title").child(el("h1").set("dir", "auto").child(title)).child(
                el("p")
                    .class("topic")
                    .set("dir", "auto")
                    .live_set("title", move || Some(topic()))
                    .live_flag("hidden", move || topic().is_empty())
                    .live_text(topic),
            ),
        )
        .child(
            el("div")
                .class("head-actions")
                .child(
                    toggle(layout, chat, Pane::Pinned, Part::Pinned)
                        .label(chat, |words| words.pinned_messages)
                        .child(icon("pin")),
                )
                .child(
                    toggle(layout, chat, Pane::Search, Part::Search(String::new()))
                        .label(chat, |words| words.search)
                        .child(icon("search")),
                )
                .child(inspector(chat, layout))
                .child(here(chat, layout)),
        )
}

/// Opens what stands beside the room, and closes it.
fn toggle(layout: Layout, chat: Chat, pane: Pane, part: Part) -> El {
    let toggle = move || {
        if layout.pane.get_untracked() == pane {
            layout.pane.set(Pane::Room);
        } else {
            later::open(chat, layout, part.clone());
        }
    };
    button("icon-button")
        .live_set("aria-expanded", move || Some((layout.pane.get() == pane).to_string()))
        .on_click(toggle)
}

fn inspector(chat: Chat, layout: Layout) -> El {
    button("icon-button not-phone")
        .label(chat, |words| words.inspector)
        .on_click(move || later::open(chat, layout, Part::Inspector))
        .child(icon("inspect"))
}

/// How many are here; shows who.
fn here(chat: Chat, layout: Layout) -> El {
    let count = move || {
        chat.presence.track();
        let room = chat.room.get();
        chat.words.get().count(chat.with(|replica| replica.room(&room).map_or(0, |room| room.online())))
    };
    button("here")
        .live_set("aria-label", move || Some((chat.words.get().people_here)(&count())))
        .set("aria-controls", "members")
        .live_set("aria-expanded", move || Some(layout.shows_people().to_string()))
        .on_click(move || layout.toggle_people())
        .child(icon("members"))
        .child(el("span").live_text(move || count().text))
}
