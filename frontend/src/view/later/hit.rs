//! A message in a list beside the room, and the way to it.

use leptos::prelude::*;
use stonechat_shared::{Message, RoomName};

use super::panel::Panel;
use crate::platform::dom::{El, Event, el};
use crate::platform::{address, keys, page, time};
use crate::state::Chat;
use crate::state::rows::in_a_line;
use crate::view::frame::Pane;
use crate::view::person::{hue, initials};
use crate::view::rows;

/// Characters of what a message without words has for its text: the names of its files.
const NAMES_CHARS: usize = 200;

/// Messages under the days on which they were written. What comes after is put at the end.
pub(super) struct Days {
    place: El,
    last: Option<(i64, El)>,
}

impl Days {
    pub(super) fn new(place: El) -> Self {
        place.clear();
        Self { place, last: None }
    }

    /// `line` is the message's, as [`hit`] makes it, in a `li`.
    pub(super) fn add(&mut self, chat: Chat, message: &Message, line: &El) {
        let day = time::local_day(message.at);
        let list = match &self.last {
            Some((last, list)) if *last == day => list,
            Some(_) | None => {
                let title = el("h2").text(&rows::day(chat.words_now(), message.at));
                let list = el("ol");
                self.place.insert(&el("section").child(title).child(list.clone()), None);
                &self.last.insert((day, list)).1
            }
        };
        list.insert(line, None);
    }
}

/// A link to the message, around what is shown of its text.
pub(super) fn hit(chat: Chat, room: &RoomName, title: Option<&str>, message: &Message, text: El) -> El {
    let words = chat.words_now();
    let text = if message.text.is_empty() { text.text(&in_a_line(message, NAMES_CHARS)) } else { text };
    let clock = el("time")
        .set("datetime", &time::iso(message.at))
        .set("title", &time::exact(words.tag, message.at))
        .text(&time::clock(words.tag, message.at));
    let author = el("span").class("author").set("dir", "auto").text(&message.user.name);
    let place = title.map(|title| el("span").class("hit-room").set("dir", "auto").text(title));
    el("a")
        .class("hit")
        .set("href", &address::link_to(room, message.seq))
        .set("data-room", room.as_str())
        .set("data-seq", &message.seq.to_string())
        .style("--hue", &hue(&message.user.id).to_string())
        .child(el("span").class("avatar").set("aria-hidden", "true").text(&initials(&message.user.name)))
        .child(el("span").class("hit-meta").child(author).text(" ").child_some(place).text(" ").child(clock))
        .text(" ")
        .child(text.class("hit-text").set("dir", "auto"))
}

/// Follows the link that was clicked, if one was: to the message, in its context.
pub(super) fn follow(chat: Chat, panel: &Panel, event: &Event) {
    let Some(hit) = El::around(event, ".hit").filter(|_| keys::is_plain_click(event)) else { return };
    event.prevent_default();
    go(chat, panel, &hit);
}

pub(super) fn go(chat: Chat, panel: &Panel, hit: &El) {
    let (Some(room), Some(seq)) = (hit.attribute("data-room"), hit.attribute("data-seq")) else { return };
    for other in panel.element.all("[aria-current]") {
        other.put("aria-current", None);
    }
    hit.put("aria-current", Some("true"));
    if page::is_narrow() {
        panel.layout.pane.set(Pane::Room);
    }
    chat.go(&room.into());
    if let Ok(seq) = seq.parse() {
        chat.seek(seq);
    }
}

/// Said in the place of a list.
pub(super) fn instead(icon: El, title: &str, hint: &str) -> El {
    el("div").class("panel-empty").child(icon).child(el("p").text(title)).child(el("p").text(hint))
}
