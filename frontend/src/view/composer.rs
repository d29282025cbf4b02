//! Where one writes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::limits::TEXT_CHARS;
use stonechat_shared::{RoomName, Seq};

use super::context::context;
use super::frame::Layout;
use super::icon::icon;
use super::later::{self, Part};
use super::typing::under;
use super::words::button;
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::{keys, page, storage, time};
use crate::state::Chat;
use crate::state::deeds::Context;
use crate::state::draft::Draft;

/// Whoever types one of these may want what follows to be completed.
const SIGNS: &[u8] = b":@#/";

/// Takes it upon itself to send the message, or answers that it does not.
type Sending = fn(&Field) -> bool;

/// The field, and what stands in it.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) chat: Chat,
    pub(crate) layout: Layout,
    pub(crate) element: El,
    /// Lives as long as the field.
    pub(crate) owner: Owner,
    /// Somebody completes what is typed.
    pub(crate) is_attended: Rc<Cell<bool>>,
    /// What is wrong with what was to be sent.
    pub(crate) wrong: RwSignal<Option<String>>,
    pub(crate) draft: RwSignal<Draft>,
    /// There are files for the next message: it needs no words.
    pub(crate) has_files: RwSignal<bool>,
    /// Asked before the message goes out.
    pub(crate) sends: Rc<Cell<Sending>>,
    /// Where the text is kept over a reload.
    key: Rc<str>,
    /// What stood there before a message was taken up to be written anew.
    put_by: Rc<RefCell<Option<String>>>,
}

/// Fills `place` with the composer and the line under it.
pub(crate) fn composer(chat: Chat, layout: Layout, room: &RoomName, takes_focus: bool, place: El) -> El {
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
    let field = Field {
        chat,
        layout,
        element: element.clone(),
        owner: Owner::current().unwrap_or_default(),
        is_attended: Rc::default(),
        wrong: RwSignal::new(None),
        draft,
        has_files: RwSignal::new(false),
        sends: Rc::new(Cell::new(|_| false)),
        key: key.into(),
        put_by: Rc::default(),
    };
    let (wrong, has_files) = (field.wrong, field.has_files);

    let watched = field.clone();
    watch(move || watched.follow(chat.context.get()));
    let (typed, pressed, sent) = (field.clone(), field.clone(), field.clone());
    let (brought, chosen) = (field.clone(), field.clone());
    watch(move || {
        if chat.line.get().is_connected() {
            later::open(chat, layout, Part::Files(brought.clone()));
        }
    });
    let attach = button("icon-button attach")
        .label(chat, |words| words.attach)
        .live_flag("hidden", move || !chat.takes_files())
        .on_click(move || later::open(chat, layout, Part::Choose(chosen.clone())))
        .child(icon("attach"));
    let emoji = button("icon-button emoji")
        .set("aria-haspopup", "dialog")
        .label(chat, |words| words.emoji)
        .on_click(move || later::open(chat, layout, Part::Emoji(field.clone())))
        .child(icon("react"));
    let element = element.on("input", move |_| typed.typed()).on("keydown", move |event| pressed.pressed(&event));
    if takes_focus || page::has_keyboard() {
        let field = element.clone();
        time::next_frame(move || field.focus());
    }
    let submit = el("button")
        .class("send")
        .set("type", "submit")
        .label(chat, |words| words.send)
        .live_set("aria-disabled", move || (!draft.get().can_send() && !has_files.get()).then(|| "true".to_owned()))
        .child(icon("send"));
    let submitted = move |event: Event| {
        event.prevent_default();
        sent.send();
    };
    let form = el("form")
        .class("composer")
        .live_flag("data-full", move || draft.get().excess() != 0)
        .part(move || context(chat))
        .child(
            el("div")
                .class("box")
                .child(attach)
                .child(element)
                .part(move || counter(chat, draft.get()))
                .child(emoji)
                .child(submit),
        );
    place.child(form.on("submit", submitted)).part(move || Some(under(chat, draft.get(), wrong.get())))
}

impl Field {
    /// The field keeps its own text; setting it from a signal would fight with input methods.
    pub(crate) fn show(&self, text: &str) {
        self.element.set_value(text);
        self.draft.set(Draft::of(text));
    }

    fn typed(&self) {
        let text = self.element.value();
        self.draft.set(Draft::of(&text));
        if self.wrong.with_untracked(Option::is_some) {
            self.wrong.set(None);
        }
        if !self.is_attended.get() && text.bytes().any(|byte| SIGNS.contains(&byte)) {
            later::open(self.chat, self.layout, Part::Completion(self.clone()));
        }
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
            later::open(self.chat, self.layout, Part::EditLast);
        }
    }

    fn send(&self) {
        if !(self.sends.get())(self) && self.draft.get_untracked().can_send() {
            let text = self.element.value();
            if text.trim_start().starts_with('/') {
                later::open(self.chat, self.layout, Part::Command(self.clone()));
            } else {
                self.say(text);
            }
        }
        self.element.focus();
    }

    /// Sends a text for what the composer is for.
    pub(crate) fn say(&self, text: String) {
        match self.chat.context.get_untracked() {
            Some(Context::Edit(seq)) => self.chat.edit(seq, text),
            Some(Context::Reply(seq)) => self.post(text, Some(seq)),
            None => self.post(text, None),
        }
        self.chat.context.set(None);
    }

    /// Nothing is written any more.
    pub(crate) fn clear(&self) {
        self.show("");
        storage::set(&self.key, "");
    }

    fn post(&self, text: String, reply: Option<Seq>) {
        self.chat.post(text, reply);
        self.clear();
    }

    /// A message is taken up or let go of.
    fn follow(&self, context: Option<Context>) {
        match context {
            Some(Context::Edit(seq)) => {
                let Some(message) = self.chat.message(seq) else { return };
                self.put_by.borrow_mut().get_or_insert_with(|| self.element.value());
                // A text that begins like a command is none.
                let sign = if message.text.starts_with('/') { "/" } else { "" };
                self.show(&(sign.to_owned() + &message.text));
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
