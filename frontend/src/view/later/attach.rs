//! The ways in which files come to the composer: a button, the clipboard, and being dropped on the room. And the way
//! in which they leave it: with the message, as soon as they are there.

use leptos::prelude::*;
use stonechat_shared::Seq;

use super::tray::{draw, take};
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::keys;
use crate::platform::transfer::{self, DROP, PASTE};
use crate::state::deeds::Context;
use crate::state::tray::Load;
use crate::view::composer::Field;
use crate::view::icon::icon;

/// What asks the person which files.
const CHOOSER: &str = "chooser";

/// From now on, for as long as the field is there.
pub(super) fn attend(field: &Field) {
    let Some(form) = field.element.outer("form").filter(El::is_there) else { return };
    if form.child_of_class(CHOOSER).is_none() {
        field.owner.with(|| begin(field, form));
    }
}

/// Asks the person for files.
pub(super) fn choose(field: &Field) {
    attend(field);
    let chooser = field.element.outer("form").and_then(|form| form.child_of_class(CHOOSER));
    if let Some(chooser) = chooser {
        chooser.click();
    }
}

fn begin(field: &Field, form: El) {
    let chat = field.chat;
    field.sends.set(send);
    let loaded = field.has_files;
    watch(move || loaded.set(chat.load() != Load::Nothing));
    let going = field.clone();
    watch(move || goes_when_ready(&going));

    let place = el("div").class("tray-place").part(move || draw(chat));
    form.insert(&place, form.child_of_class("box").as_ref().map(|inner| inner.raw().as_ref()));
    let chooser = el("input").class(CHOOSER).set("type", "file").flag("multiple", true).flag("hidden", true);
    let (asking, chosen) = (field.clone(), chooser.clone());
    form.insert(&chooser.on("change", move |_| take(&asking, transfer::chosen(&chosen))), None);
    let (pasting, pressing) = (field.clone(), field.clone());
    let form = form
        .live_flag("data-waits", move || chat.waits_for_files())
        .on_first("paste", move |event| paste(&pasting, &event))
        .on_first("keydown", move |event| press(&pressing, &event));
    if let (Some(room), Some(around)) = (form.outer("main"), form.outer(".writing")) {
        let hint = el("div").class("drop").child(icon("attach"));
        around.insert(&hint.child(el("span").say(chat, |words| words.later().drop_here)), None);
        listen_for_drops(field, room);
    }
}

fn paste(field: &Field, event: &Event) {
    let files = transfer::files(event, PASTE);
    if !files.is_empty() && !transfer::brings_text(event) && untrack(|| field.chat.takes_files()) {
        event.prevent_default();
        take(field, files);
    }
}

/// Esc holds back what waits; the list that completes has it first.
fn press(field: &Field, event: &Event) {
    let is_free = field.element.attribute("aria-expanded").is_none();
    if is_free && keys::is(event, "Escape") && field.chat.wait_no_more(&field.chat.room.get_untracked()).is_some() {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Whatever is dropped on the room is for its next message.
fn listen_for_drops(field: &Field, room: El) {
    let chat = field.chat;
    let takes = move |event: &Event| transfer::brings_files(event) && untrack(|| chat.takes_files());
    let [over, left, dropped, gone] = [(); 4].map(|()| room.clone());
    let field = field.clone();
    let _ = room
        .on("dragover", move |event| {
            if takes(&event) {
                event.prevent_default();
                over.put("data-drop", Some(""));
            }
        })
        .on("dragleave", move |event| {
            if transfer::has_left(&event, &left) {
                left.put("data-drop", None);
            }
        })
        .on("drop", move |event| {
            dropped.put("data-drop", None);
            if takes(&event) {
                event.prevent_default();
                take(&field, transfer::files(&event, DROP));
            }
        });
    let gone = StoredValue::new_local(gone);
    on_cleanup(move || gone.with_value(|room| room.put("data-drop", None)));
}

/// Sends the message of this field where there are files for it, now or as soon as they are there.
fn send(field: &Field) -> bool {
    let (chat, fits) = (field.chat, field.draft.get_untracked().fits());
    // A command is carried out, whatever lies ready for the next message.
    if field.element.value().trim_start().starts_with('/') {
        return false;
    }
    match untrack(|| chat.load()) {
        Load::Nothing => return false,
        Load::Failed => field.wrong.set(Some(chat.words_now().later().files_failed.to_owned())),
        Load::Coming if fits => chat.wait_for_files(answered(field)),
        Load::Ready if fits => post(field, answered(field)),
        Load::Coming | Load::Ready => {}
    }
    true
}

/// What waited for its files goes out with them.
fn goes_when_ready(field: &Field) {
    let chat = field.chat;
    let is_ready = chat.waits_for_files() && chat.load() == Load::Ready && field.draft.get().fits();
    if is_ready && let Some(reply) = chat.wait_no_more(&chat.room.get_untracked()) {
        post(field, reply);
    }
}

fn post(field: &Field, reply: Option<Seq>) {
    let text = field.element.value();
    // With files, words are there or are not; spaces would be neither.
    field.chat.post_with_files(if text.trim().is_empty() { String::new() } else { text }, reply);
    field.clear();
    if answered(field) == reply {
        field.chat.context.set(None);
    }
}

fn answered(field: &Field) -> Option<Seq> {
    match field.chat.context.get_untracked() {
        Some(Context::Reply(seq)) => Some(seq),
        Some(Context::Edit(_)) | None => None,
    }
}
