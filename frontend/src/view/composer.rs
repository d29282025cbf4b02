//! Where one writes.

use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::limits::TEXT_CHARS;

use super::icon::icon;
use super::typing::under;
use crate::platform::dom::{El, Event, el};
use crate::platform::{keys, page, storage, time};
use crate::state::Chat;
use crate::state::draft::Draft;

/// Fills `place` with the composer and the line under it.
pub(crate) fn composer(chat: Chat, room: &RoomName, takes_focus: bool, place: El) -> El {
    let key = storage::draft_key(room);
    let kept = storage::get(&key).unwrap_or_default();
    let draft = RwSignal::new(Draft::of(&kept));
    let label = move || Some((chat.words.get().message_to)(&chat.title()));
    let field = el("textarea")
        .class("input")
        .set("id", "composer-input")
        .set("rows", "1")
        .set("dir", "auto")
        .set("enterkeyhint", "send")
        .live_set("aria-label", label)
        .live_set("placeholder", label);
    field.set_value(&kept);

    // The field keeps its own text; setting it from a signal would fight with input methods.
    let written: Rc<dyn Fn()> = {
        let field = field.clone();
        Rc::new(move || {
            let text = field.value();
            draft.set(Draft::of(&text));
            storage::set(&key, &text);
        })
    };
    let send: Rc<dyn Fn()> = {
        let (field, written) = (field.clone(), Rc::clone(&written));
        Rc::new(move || {
            if draft.get_untracked().can_send() {
                chat.post(field.value());
                field.set_value("");
                written();
            }
            field.focus();
        })
    };
    let typed = {
        let field = field.clone();
        move |_| {
            written();
            if !field.value().is_empty() {
                chat.typing();
            }
        }
    };
    let pressed = {
        let send = Rc::clone(&send);
        move |event: Event| {
            if keys::sends(&event) {
                event.prevent_default();
                send();
            }
        }
    };
    let submitted = move |event: Event| {
        event.prevent_default();
        send();
    };
    if takes_focus || page::has_keyboard() {
        let field = field.clone();
        time::next_frame(move || field.focus());
    }
    let submit = el("button")
        .class("send")
        .set("type", "submit")
        .label(chat, |words| words.send)
        .live_set("aria-disabled", move || (!draft.get().can_send()).then(|| "true".to_owned()))
        .child(icon("send"));
    let form = el("form").class("composer").live_flag("data-full", move || draft.get().excess() != 0).child(
        el("div")
            .class("box")
            .child(field.on("input", typed).on("keydown", pressed))
            .part(move || counter(chat, draft.get()))
            .child(submit),
    );
    place.child(form.on("submit", submitted)).part(move || Some(under(chat, draft.get())))
}

fn counter(chat: Chat, draft: Draft) -> Option<El> {
    let words = chat.words.get();
    let text = || (words.counter)(&words.count(draft.chars).text, &words.count(TEXT_CHARS).text);
    draft.shows_counter().then(|| el("span").class("counter").text(&text()))
}
