//! Making a room.

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::limits::{ROOM_CHARS, TITLE_CHARS};
use stonechat_shared::page::NewRoom;

use super::dialog::{self, Dialog};
use crate::locales::Phrase;
use crate::platform::dom::{El, Event, el};
use crate::platform::task;
use crate::state::Chat;
use crate::view::frame::{Layout, Pane};
use crate::view::words::button;

pub(super) fn open(chat: Chat, layout: Layout) {
    dialog::open(chat, "new-room", |words| words.new_room, |dialog| form(chat, layout, dialog));
}

fn form(chat: Chat, layout: Layout, dialog: &Dialog) -> El {
    let error = RwSignal::new(None::<String>);
    let name = el("input")
        .class("field-input")
        .set("id", "room-name")
        .set("autocomplete", "off")
        .set("autocapitalize", "none")
        .set("spellcheck", "false")
        .set("maxlength", &ROOM_CHARS.to_string())
        .set("aria-describedby", "room-name-error")
        .flag("autofocus", true)
        .live_set("aria-invalid", move || error.get().map(|_| "true".to_owned()))
        .on("input", move |_| error.set(None));
    let title = el("input")
        .class("field-input")
        .set("id", "room-title")
        .set("dir", "auto")
        .set("autocomplete", "off")
        .set("maxlength", &TITLE_CHARS.to_string());
    let submitted = {
        let (name, title, dialog) = (name.clone(), title.clone(), dialog.clone());
        move |event: Event| {
            event.prevent_default();
            let room = RoomName::from(name.value().trim().to_ascii_lowercase());
            if !room.is_valid() {
                error.set(Some(chat.words.get_untracked().later().room_name_hint.to_owned()));
                return name.focus();
            }
            let title = Some(title.value().trim().to_owned()).filter(|title| !title.is_empty());
            let dialog = dialog.clone();
            task::spawn(async move {
                match chat.make_room(NewRoom { room, title, topic: None, private: false }).await {
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
    let sentence = el("span")
        .class("field-error")
        .set("id", "room-name-error")
        .set("role", "alert")
        .live_text(move || error.get().unwrap_or_default());
    let dialog = dialog.clone();
    let buttons = el("footer")
        .class("dialog-foot")
        .child(button("button").on_click(move || dialog.close()).say(chat, |words| words.cancel))
        .child(el("button").class("button primary").set("type", "submit").say(chat, |words| words.later().create));
    el("form")
        .class("dialog-body")
        .on("submit", submitted)
        .child(field(chat, |words| words.later().room_name, name, |words| words.later().room_name_hint).child(sentence))
        .child(field(chat, |words| words.later().room_title, title, |words| words.later().room_title_hint))
        .child(buttons)
}

fn field(chat: Chat, label: Phrase, input: El, hint: Phrase) -> El {
    el("label")
        .class("field")
        .child(el("span").class("field-label").say(chat, label))
        .child(input)
        .child(el("span").class("field-hint").say(chat, hint))
}
