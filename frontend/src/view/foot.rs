//! Below the messages: the composer, or the question for a name in its place, and a line of text under it.

use leptos::prelude::*;
use stonechat_shared::RoomName;

use super::composer::composer;
use super::frame::Layout;
use super::line::notice;
use super::name::name_form;
use crate::platform::dom::{El, el};
use crate::state::Chat;

pub(crate) fn foot(chat: Chat, layout: Layout, room: RoomName) -> El {
    let named = Memo::new(move |_| chat.is_named());
    // Who has just given a name wants to write; who comes with one may want to read.
    let was_asked = StoredValue::new(false);
    let writing = move || {
        let place = el("div").class("writing");
        Some(if named.get() {
            composer(chat, layout, &room, was_asked.get_value(), place)
        } else {
            was_asked.set_value(true);
            name_form(chat, place)
        })
    };
    el("div").class("foot").part(move || notice(chat)).part(writing)
}
