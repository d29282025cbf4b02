//! Where one writes.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::limits::TEXT_CHARS;

use super::context::context;
use super::icon::icon;
use super::typing::under;
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::{keys, page, storage, time};
use crate::state::Chat;
use crate::state::deeds::Context;
use crate::state::draft::Draft;

/// The field, and what stands in it.
#[derive(Clone)]
struct Field {
    chat: Chat,
    element: El,
    draft: RwSignal<Draft>,
    /// Where the text is kept over a reload.
    key: Rc<str>,
    /// What stood there before a message was taken up to be written anew.
    put_by: Rc<RefCell<Option<String>>>,
}

/// Fills `place` with the composer and the line under it.
pub(crate) fn composer(chat: Chat, room: &RoomName, takes_focus: bool, place: El) -> El {
    let key = storage::draft_key(room);
    let kept = storage::get(&key).unwrap_or_default();
    let draft = RwSignal::new(Draft::of(&kept));
    let label = move || Some((chat.words.get().message_to)(&chat.title()));
    let element = el("textarea")
        .class("input")
        .set("id", "composer-input")
        .set("rows", "1")
        .set("dir", "auto")
        .set("enterkeyhint", "send")
        .live_set("aria-label", label)
        .live_set("placeholder", label);
    element.set_value(&kept);
    let field = Field { chat, element: element.clone(), draft, key: key.into(), put_by: Rc::default() };

    let watched = field.clone();
    watch(move || watched.follow(chat.context.get()));
    let (typed, pressed, sent) = (field.clone(), field.clone(), field.clone());
    let element = element.on("input", move |_| typed.typed()).on("keydown", move |event| pressed.pressed(&event));
    if takes_focus || page::has_keyboard() {
        let field = element.clone();
        time::next_frame(move || field.focus());
    }
    let submit = el("button")
        .class("send")
        .set("type", "submit")
        .label(chat, |words| words.send)
        .live_set("aria-disabled", move || (!draft.get().can_send()).then(|| "true".to_owned()))
        .child(icon("send"));
    let submitted = move |event: Event| {
        event.prevent_default();
        sent.send();
    };
    let form = el("form")
        .class("composer")
        .live_flag("data-full", move || draft.get().excess() != 0)
        .part(move || context(chat))
        .child(el("div").class("box").child(element).part(move || counter(chat, draft.get())).child(submit));
    place.child(form.on("submit", submitted)).part(move || Some(under(chat, draft.get())))
}

impl Field {
    /// The field keeps its own text; setting it from a signal would fight with input methods.
    fn show(&self, text: &str) {
        self.element.set_value(text);
        self.draft.set(Draft::of(text));
    }

    fn typed(&self) {
        let text = self.element.value();
        self.draft.set(Draft::of(&text));
        // A message that is written anew stands where it stood; what is kept is the next one.
        if self.put_by.borrow().is_none() {
            storage::set(&self.key, &text);
        }
        if !text.is_empty() {
            self.chat.typing();
        }
    }

    fn pressed(&self, event: &Event) {
        if keys::sends(event) {
            event.prevent_default();
            self.send();
        } else if keys::is(event, "Escape") && self.chat.context.get_untracked().is_some() {
            event.prevent_default();
            self.chat.context.set(None);
        } else if keys::is(event, "ArrowUp") && self.element.value().is_empty() {
            event.prevent_default();
            self.chat.edit_last();
        }
    }

    fn send(&self) {
        if self.draft.get_untracked().can_send() {
            let text = self.element.value();
            match self.chat.context.get_untracked() {
                Some(Context::Edit(seq)) => self.chat.edit(seq, text),
                Some(Context::Reply(seq)) => self.post(text, Some(seq)),
                None => self.post(text, None),
            }
            self.chat.context.set(None);
        }
        self.element.focus();
    }

    fn post(&self, text: String, reply: Option<stonechat_shared::Seq>) {
        self.chat.post(text, reply);
        self.show("");
        storage::set(&self.key, "");
    }

    /// A message is taken up or let go of.
    fn follow(&self, context: Option<Context>) {
        match context {
            Some(Context::Edit(seq)) => {
                let Some(message) = self.chat.message(seq) else { return };
                self.put_by.borrow_mut().get_or_insert_with(|| self.element.value());
                self.show(&message.text);
                self.element.focus();
            }
            Some(Context::Reply(_)) => {
                self.put_back();
                self.element.focus();
            }
            None => self.put_back(),
        }
    }

    fn put_back(&self) {
        let before = self.put_by.borrow_mut().take();
        if let Some(text) = before {
            self.show(&text);
        }
    }
}

fn counter(chat: Chat, draft: Draft) -> Option<El> {
    let words = chat.words.get();
    let text = || (words.counter)(&words.count(draft.chars).text, &words.count(TEXT_CHARS).text);
    draft.shows_counter().then(|| el("span").class("counter").text(&text()))
}
