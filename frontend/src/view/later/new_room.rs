//! Making a room.

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::limits::{ROOM_CHARS, TITLE_CHARS};
use stonechat_shared::page::NewRoom;

use super::dialog::{self, Dialog};
use super::field::{choice, field, input, sentence};
use crate::locales::Phrase;
use crate::platform::dom::{El, Event, el};
use crate::platform::task;
use crate::state::Chat;
use crate::view::frame::{Layout, Pane};
use crate::view::words::button;

/// Whether it is private.
const KINDS: [(bool, &str, Phrase); 2] =
    [(false, "open", |words| words.later().kind_open), (true, "private", |words| words.later().kind_private)];

pub(super) fn open(chat: Chat, layout: Layout) {
    dialog::open(chat, "new-room", |words| words.new_room, |dialog| form(chat, layout, dialog));
}

fn form(chat: Chat, layout: Layout, dialog: &Dialog) -> El {
    let error = RwSignal::new(None::<String>);
    let private = RwSignal::new(false);
    let name = input("room-name", ROOM_CHARS)
        .set("dir", "ltr")
        .set("autocapitalize", "none")
        .set("spellcheck", "false")
        .set("aria-describedby", "room-error")
        .flag("autofocus", true)
        .live_set("aria-invalid", move || error.get().map(|_| "true".to_owned()))
        .on("input", move |_| error.set(None));
    let title =
        input("room-title", TITLE_CHARS).set("aria-describedby", "room-error").on("input", move |_| error.set(None));
    let submitted = {
        let (name, title, dialog) = (name.clone(), title.clone(), dialog.clone());
        move |event: Event| {
            event.prevent_default();
            let private = private.get_untracked();
            let words = chat.words_now().later();
            // The name of a private room is the server's to give.
            let room = if private { String::new() } else { name.value() };
            let room = RoomName::from(room.trim().to_ascii_lowercase());
            if !private && !room.is_valid() {
                error.set(Some(words.room_name_hint.to_owned()));
                return name.focus();
            }
            let called = Some(title.value().trim().to_owned()).filter(|title| !title.is_empty());
            if private && called.is_none() {
                error.set(Some(words.title_missing.to_owned()));
                return title.focus();
            }
            let dialog = dialog.clone();
            task::spawn(async move {
                match chat.make_room(NewRoom { room, title: called, topic: None, private }).await {
                    Ok(()) => {
                        dialog.close();
                        layout.pane.set(Pane::Room);
                    }
                    Err(sentence) => {
                        error.try_set(Some(sentence));
                    }
                }
            });
        }
    };
    let dialog = dialog.clone();
    let buttons = el("div")
        .class("dialog-foot")
        .child(button("button").on_click(move || dialog.close()).say(chat, |words| words.cancel))
        .child(el("button").class("button primary").set("type", "submit").say(chat, |words| words.later().create));
    let hint = move || {
        let words = chat.words.get().later();
        if private.get() { words.kind_private_hint } else { words.kind_open_hint }.to_owned()
    };
    let kinds = choice(
        chat,
        "kind",
        |words| words.later().kind,
        &KINDS,
        move || private.get(),
        move |kind| {
            error.set(None);
            private.set(kind);
        },
    )
    .child(el("p").class("field-hint").live_text(hint));
    let name = field(chat, |words| words.later().room_name, name, Some(|words| words.later().room_name_hint))
        .live_flag("hidden", move || private.get());
    let title = field(chat, |words| words.later().room_title, title, None).child(
        el("span")
            .class("field-hint")
            .live_flag("hidden", move || private.get())
            .say(chat, |words| words.later().room_title_hint),
    );
    el("form")
        .class("dialog-body")
        .on("submit", submitted)
        .child(kinds)
        .child(name)
        .child(title)
        .child(sentence("room-error", error))
        .child(buttons)
}
