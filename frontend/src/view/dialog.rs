//! A native dialog with a title and a way out.

use leptos::prelude::*;

use super::icon::icon;
use super::words::button;
use crate::locales::Phrase;
use crate::platform::dialog;
use crate::platform::dom::{El, el, watch};
use crate::state::Chat;

/// `id` names it among the page's elements; `open` is its only state, however it is closed. Its body is made when it
/// opens: what was typed into it last time is not there any more.
pub(crate) fn dialog(chat: Chat, id: &str, open: RwSignal<bool>, title: Phrase, body: impl Fn() -> El + 'static) -> El {
    let title_id = format!("{id}-title");
    let head = el("header").class("dialog-head").child(el("h2").set("id", &title_id).say(chat, title)).child(
        button("icon-button").label(chat, |words| words.close).on_click(move || open.set(false)).child(icon("close")),
    );
    let element = el("dialog")
        .class("dialog")
        .set("id", id)
        .set("closedby", "any")
        .set("aria-labelledby", &title_id)
        .on("close", move |_| open.set(false))
        .child(head)
        .part(move || open.get().then(&body));
    let shown = element.clone();
    watch(move || dialog::show(&shown, open.get()));
    element
}
