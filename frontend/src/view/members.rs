//! The right column. Who stands in it is fetched once somebody can see it: the room comes first.

use leptos::prelude::*;

use super::frame::{Layout, Pane};
use super::icon::icon;
use super::later::{self, Part};
use super::words::button;
use crate::platform::dom::{El, el, watch};
use crate::platform::page;
use crate::state::Chat;

pub(crate) fn members(chat: Chat, layout: Layout) -> El {
    let head = el("header").class("members-head").child(el("h1").say(chat, |words| words.people)).child(
        button("icon-button only-narrow")
            .label(chat, |words| words.close)
            .on_click(move || layout.pane.set(Pane::Room))
            .child(icon("close")),
    );
    let column = el("aside").class("members").set("id", "members").label(chat, |words| words.people).child(head);
    let (filled, is_wide) = (column.clone(), RwSignal::new(page::is_wide()));
    page::on_resize(move || {
        if is_wide.get_untracked() != page::is_wide() {
            is_wide.set(page::is_wide());
        }
    });
    watch(move || {
        let is_open = layout.pane.get() == Pane::People || is_wide.get() && !layout.hides_people.get();
        if is_open && chat.line.get().is_connected() {
            later::open(chat, layout, Part::People(filled.clone()));
        }
    });
    column
}
