//! The list of rooms: bold where somebody wrote since one was there, with a number where it is for oneself.

use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::{RoomName, UserId};

use super::frame::{Layout, Pane};
use super::icon::icon;
use super::later::{self, Part};
use super::person::{hue, initials};
use super::words::button;
use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::platform::{address, keys};
use crate::state::Chat;

/// What each kind is called, and what makes another one of it.
const SECTIONS: [(RoomKind, Phrase, Phrase, Option<Part>); 3] = [
    (RoomKind::Open, |words| words.rooms, |words| words.new_room, Some(Part::NewRoom)),
    (RoomKind::Private, |words| words.private_rooms, |_| "", None),
    (RoomKind::Direct, |words| words.direct_messages, |words| words.new_direct, Some(Part::NewDirect)),
];

/// What a line is made from; the rest of it follows in place.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    room: RoomName,
    kind: RoomKind,
    name: String,
    /// The other one in a room of two.
    other: Option<UserId>,
}

pub(crate) fn rooms(chat: Chat, layout: Layout) -> El {
    // The links are made anew where a room came, went or was named anew; the rest follows in place, so that a list
    // that is walked by keyboard keeps the focus.
    let lines =
        Memo::new(move |_| chat.rooms.with(|rooms| rooms.iter().map(|head| line(chat, head)).collect::<Vec<_>>()));
    let list = move || {
        let (lines, is_named) = (lines.get(), chat.is_named());
        let mut sections = el("div");
        for (kind, title, another, part) in SECTIONS {
            let links = lines.iter().filter(|line| line.kind == kind).cloned();
            let links = links.map(|line| room_link(chat, layout, line)).fold(el("ul").class("room-list"), El::child);
            if links.first().is_none() && (kind != RoomKind::Direct || !is_named) {
                continue;
            }
            let add = part.map(|part| {
                button("icon-button")
                    .label(chat, another)
                    .on_click(move || later::open(chat, layout, part.clone()))
                    .child(icon("plus"))
            });
            let head = el("div").class("section").child(el("h2").say(chat, title)).child_some(add);
            sections = sections.child(head).child(links);
        }
        Some(sections)
    };
    el("div").class("room-scroll").part(list)
}

fn line(chat: Chat, head: &RoomHead) -> Line {
    let me = chat.me.with(|me| me.as_ref().map(|me| me.id.clone()));
    let mut others = head.people.iter().filter(|author| Some(&author.id) != me.as_ref());
    let other = others.next().filter(|_| others.next().is_none()).map(|author| author.id.clone());
    Line { room: head.room.clone(), kind: head.kind, name: chat.name_of(head), other }
}

fn room_link(chat: Chat, layout: Layout, line: Line) -> El {
    let Line { room, kind, name, other } = line;
    let named = room.clone();
    // How much is new here, and how much of it is for oneself.
    let news: Rc<dyn Fn() -> (u32, u32)> = Rc::new(move || {
        let is_here = chat.room.with(|shown| *shown == named);
        chat.rooms.with(|rooms| {
            let head = rooms.iter().find(|head| head.room == named && chat.is_unread(head));
            head.map_or((0, 0), |head| (if is_here { head.mentions } else { head.unread }, head.mentions))
        })
    });
    let (is_bold, is_calm, is_none, is_called, number) = (news.clone(), news.clone(), news.clone(), news.clone(), news);
    let text = move || match number() {
        (unread, 0) => chat.capped(unread),
        (_, mentions) => chat.capped(mentions),
    };
    let (shown, muted) = (room.clone(), room.clone());
    let link = el("a")
        .class("room-link")
        .set("href", &address::path_of(&room))
        .live_set("aria-current", move || chat.room.with(|room| *room == shown).then(|| "page".to_owned()))
        .live_flag("data-unread", move || is_bold().0 != 0)
        .live_flag("data-muted", move || chat.is_muted(&muted))
        .child(sign(chat, kind, &name, other))
        .child(el("span").class("room-name").set("dir", "auto").text(&name))
        .child(el("span").class("vh").live_flag("hidden", move || is_calm().0 == 0).say(chat, |words| words.unread))
        .child(
            el("span")
                .class("count")
                .live_flag("hidden", move || is_none().0 == 0)
                .live_flag("data-mentions", move || is_called().1 != 0)
                .live_text(text),
        )
        .on("click", move |event| {
            if keys::is_plain_click(&event) {
                event.prevent_default();
                layout.pane.set(Pane::Room);
                chat.go(&room);
            }
        });
    el("li").child(link)
}

/// What stands before the name: of somebody, their face, and whether they are here.
fn sign(chat: Chat, kind: RoomKind, name: &str, other: Option<UserId>) -> El {
    let Some(other) = other else { return icon(kind_icon(kind)) };
    let hue = hue(&other).to_string();
    let here = Rc::new(move || {
        chat.presence.track();
        chat.with(|replica| replica.person(|user| user.id == other).map(|user| user.away))
    });
    let away = Rc::clone(&here);
    el("span")
        .class("avatar")
        .set("aria-hidden", "true")
        .style("--hue", &hue)
        .live_flag("data-online", move || here().is_some())
        .live_flag("data-away", move || away() == Some(true))
        .text(&initials(name))
}

pub(crate) fn kind_icon(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Open => "hash",
        RoomKind::Private => "lock",
        RoomKind::Direct => "members",
    }
}
