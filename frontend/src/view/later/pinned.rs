//! The messages of the room that are pinned, the newest first.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::page::History;
use stonechat_shared::{Message, RoomName, Seq, markup};

use super::hit::{self, Days};
use super::panel::{self, Panel};
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::{page, task, time};
use crate::state::Chat;
use crate::view::frame::{Layout, Pane};
use crate::view::icon::icon;
use crate::view::words::button;

/// Characters that are shown of a message: what a panel has lines for.
const PREVIEW: usize = 300;

const ID: &str = "pinned";

struct Pins {
    chat: Chat,
    panel: Panel,
    /// Counts questions: the answer to an earlier one is not shown.
    turn: Cell<u32>,
    room: RefCell<RoomName>,
    messages: RefCell<Vec<Message>>,
    has_more: Cell<bool>,
    trouble: RefCell<Option<String>>,
}

pub(super) fn open(chat: Chat, layout: Layout) {
    if !page::has(ID) {
        panel::make(chat, layout, ID, |words| words.pinned_messages, |panel| fill(chat, panel));
    }
    layout.pane.set(Pane::Pinned);
    // It can be walked through and left by keyboard at once; it can be seen only when the frame has heard of it.
    time::next_frame(|| {
        if let Some(list) = El::find("#pinned .panel-list") {
            list.focus();
        }
    });
}

fn fill(chat: Chat, panel: &Panel) -> Box<dyn Fn()> {
    let pins = Rc::new(Pins {
        chat,
        panel: panel.clone(),
        turn: Cell::new(0),
        room: RefCell::new(chat.room.get_untracked()),
        messages: RefCell::new(Vec::new()),
        has_more: Cell::new(false),
        trouble: RefCell::new(None),
    });
    let (clicked, shown, drawn) = (Rc::clone(&pins), Rc::clone(&pins), Rc::clone(&pins));
    let _ = panel.list.clone().on("click", move |event| clicked.clicked(&event));
    let layout = panel.layout;
    // What of it is in this page's copy of the room tells when to ask for all of it.
    let known = Memo::new(move |_| {
        chat.log.track();
        let room = chat.room.get();
        let pinned = |message: &&Message| message.pinned;
        chat.with(|replica| {
            let messages = replica.room(&room).into_iter().flat_map(|room| room.messages());
            messages.filter(pinned).map(|message| (message.seq, message.edited)).collect::<Vec<_>>()
        })
    });
    watch(move || {
        known.with(Vec::len);
        chat.room.track();
        if layout.pane.get() == Pane::Pinned {
            shown.ask();
        }
    });
    watch(move || {
        chat.words.track();
        chat.me.track();
        drawn.draw();
    });
    Box::new(move || pins.more())
}

impl Pins {
    fn ask(self: &Rc<Self>) {
        let room = self.chat.room.get_untracked();
        if self.room.replace(room.clone()) != room {
            self.messages.borrow_mut().clear();
            self.draw();
        }
        self.ask_before(Seq::MAX >> 1);
    }

    /// Asks for those that are older than the last that is shown.
    fn more(self: &Rc<Self>) {
        let last = self.messages.borrow().last().map(|message| message.seq);
        if let Some(last) = last.filter(|_| self.has_more.replace(false)) {
            self.ask_before(last);
        }
    }

    fn ask_before(self: &Rc<Self>, before: Seq) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        let (pins, room) = (Rc::clone(self), self.room.borrow().clone());
        task::spawn(async move {
            let answer = pins.chat.pinned(&room, before).await;
            if pins.turn.get() == turn {
                pins.take(before, answer);
            }
        });
    }

    fn take(&self, before: Seq, answer: Result<History, String>) {
        self.trouble.replace(None);
        match answer {
            Ok(page) => {
                let mut messages = self.messages.borrow_mut();
                messages.retain(|message| message.seq >= before);
                messages.extend(page.messages.into_iter().rev());
                self.has_more.set(page.more);
                let words = self.chat.words_now();
                self.chat.announcement.set((words.later().pinned_count)(&words.count(messages.len())));
            }
            Err(sentence) => drop(self.trouble.replace(Some(sentence))),
        }
        self.draw();
    }

    fn draw(&self) {
        let words = self.chat.words_now().later();
        let list = &self.panel.list;
        let messages = self.messages.borrow();
        let mut days = Days::new(list.clone());
        if let Some(sentence) = &*self.trouble.borrow() {
            list.insert(&el("p").class("panel-error").set("role", "alert").text(sentence), None);
        } else if messages.is_empty() && self.turn.get() > 0 {
            list.insert(&hit::instead(icon("pin"), words.pinned_none, words.pinned_none_hint), None);
        }
        let can_unpin = self.chat.is_named_now();
        for message in &*messages {
            let text = el("span").text(&markup::preview(&message.text, PREVIEW));
            let unpin = button("icon-button unpin")
                .set("data-unpin", &message.seq.to_string())
                .set("aria-label", words.unpin)
                .set("title", words.unpin)
                .child(icon("close"));
            let line = el("li")
                .child(hit::hit(self.chat, &self.room.borrow(), None, message, text))
                .child_some(can_unpin.then_some(unpin));
            days.add(self.chat, message, &line);
        }
    }

    fn clicked(&self, event: &Event) {
        let unpin = El::around(event, "[data-unpin]").and_then(|button| button.attribute("data-unpin"));
        match unpin.and_then(|seq| seq.parse::<Seq>().ok()) {
            Some(seq) => {
                self.chat.pin(seq, false);
                self.messages.borrow_mut().retain(|message| message.seq != seq);
                self.draw();
            }
            None => hit::follow(self.chat, &self.panel, event),
        }
    }
}
