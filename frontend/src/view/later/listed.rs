//! Messages of the room in a list beside it: those that are pinned, the newest first, or those of a thread, as they came.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::page::History;
use stonechat_shared::{Message, RoomName, Seq, markup};

use super::hit::{self, Days};
use super::panel::{self, Panel};
use crate::locales::Phrase;
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::{page, task, time};
use crate::state::Chat;
use crate::state::deeds::Context;
use crate::view::frame::{Layout, Pane};
use crate::view::icon::icon;
use crate::view::words::button;

/// Characters that are shown of a message: what a panel has lines for.
const PREVIEW: usize = 300;
/// Where the panel of a thread says whose it is: the seq of a message in it.
const OF: &str = "data-of";

/// Which messages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pinned,
    Thread,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::Thread => "thread",
        }
    }

    fn pane(self) -> Pane {
        match self {
            Self::Pinned => Pane::Pinned,
            Self::Thread => Pane::Thread,
        }
    }

    fn title(self) -> Phrase {
        match self {
            Self::Pinned => |words| words.pinned_messages,
            Self::Thread => |words| words.later().thread,
        }
    }

    /// Before the first of them, and behind the last.
    fn begin(self) -> Seq {
        match self {
            Self::Pinned => Seq::MAX >> 1,
            Self::Thread => 0,
        }
    }
}

struct List {
    chat: Chat,
    panel: Panel,
    kind: Kind,
    /// Counts questions: the answer to an earlier one is not shown.
    turn: Cell<u32>,
    room: RefCell<RoomName>,
    /// In the order in which they are shown.
    messages: RefCell<Vec<Message>>,
    seqs: RwSignal<Vec<Seq>>,
    has_more: Cell<bool>,
    trouble: RefCell<Option<String>>,
}

pub(super) fn pinned(chat: Chat, layout: Layout) {
    open(chat, layout, Kind::Pinned, None);
}

/// The thread in which this message of the room stands.
pub(super) fn thread(chat: Chat, layout: Layout, of: Seq) {
    open(chat, layout, Kind::Thread, Some(of));
}

fn open(chat: Chat, layout: Layout, kind: Kind, of: Option<Seq>) {
    if !page::has(kind.id()) {
        panel::make(chat, layout, kind.id(), kind.title(), |panel| fill(chat, panel, kind));
    }
    if let Some((panel, of)) = El::find(&["#", kind.id()].concat()).zip(of) {
        panel.put(OF, Some(&of.to_string()));
    }
    layout.pane.set(kind.pane());
    // It can be walked through and left by keyboard at once; it can be seen only when the frame has heard of it.
    time::next_frame(move || {
        if let Some(list) = El::find(&["#", kind.id(), " .panel-list"].concat()) {
            list.focus();
        }
    });
}

fn fill(chat: Chat, panel: &Panel, kind: Kind) -> Box<dyn Fn()> {
    let list = Rc::new(List {
        chat,
        panel: panel.clone(),
        kind,
        turn: Cell::new(0),
        room: RefCell::new(chat.room.get_untracked()),
        messages: RefCell::new(Vec::new()),
        seqs: RwSignal::new(Vec::new()),
        has_more: Cell::new(false),
        trouble: RefCell::new(None),
    });
    let (clicked, shown, drawn) = (Rc::clone(&list), Rc::clone(&list), Rc::clone(&list));
    let _ = panel.list.clone().on("click", move |event| clicked.clicked(&event));
    let layout = panel.layout;
    // What of it is in this page's copy of the room tells when to ask for all of it.
    let seqs = list.seqs;
    let known = Memo::new(move |_| {
        chat.log.track();
        if layout.pane.get() == kind.pane() { known(chat, kind, seqs) } else { Default::default() }
    });
    watch(move || {
        known.with(|_| ());
        let room = chat.room.get();
        if layout.pane.get() != kind.pane() {
        } else if kind == Kind::Thread && shown.turn.get() > 0 && *shown.room.borrow() != room {
            // A thread is of one room.
            layout.pane.set(Pane::Room);
            shown.turn.set(0);
        } else {
            shown.ask(room);
        }
    });
    watch(move || {
        chat.words.track();
        chat.me.track();
        drawn.draw();
    });
    Box::new(move || list.more())
}

/// Which of these messages this page has, and since when they are as they are; and a number that is another one when
/// something may have happened to the others.
fn known(chat: Chat, kind: Kind, seqs: RwSignal<Vec<Seq>>) -> (u32, Vec<(Seq, Option<Seq>, bool)>) {
    let room = chat.room.get();
    let belongs = |message: &&Message| match kind {
        Kind::Pinned => message.pinned,
        Kind::Thread => seqs.with_untracked(|seqs| {
            seqs.contains(&message.seq) || message.reply.is_some_and(|reply| seqs.contains(&reply))
        }),
    };
    chat.with(|replica| {
        let room = replica.room(&room);
        let messages = room.into_iter().flat_map(|room| room.messages()).filter(belongs);
        let known = messages.map(|message| (message.seq, message.edited, message.removed)).collect();
        (room.map_or(0, |room| room.elsewhere()), known)
    })
}

impl List {
    /// The message whose thread it is.
    fn of(&self) -> Seq {
        self.panel.element.attribute(OF).and_then(|of| of.parse().ok()).unwrap_or_default()
    }

    fn ask(self: &Rc<Self>, room: RoomName) {
        let is_other = *self.room.borrow() != room
            || self.kind == Kind::Thread && self.messages.borrow().iter().all(|message| message.seq != self.of());
        self.room.replace(room);
        if is_other {
            self.messages.borrow_mut().clear();
            self.draw();
        }
        self.ask_from(self.kind.begin());
    }

    /// Asks for those that come behind the last that is shown.
    fn more(self: &Rc<Self>) {
        let last = self.messages.borrow().last().map(|message| message.seq);
        if let Some(last) = last.filter(|_| self.has_more.replace(false)) {
            self.ask_from(last);
        }
    }

    fn ask_from(self: &Rc<Self>, from: Seq) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        let (list, room) = (Rc::clone(self), self.room.borrow().clone());
        task::spawn(async move {
            let answer = match list.kind {
                Kind::Pinned => list.chat.pinned(&room, from).await,
                Kind::Thread => list.chat.thread(&room, list.of(), from).await,
            };
            if list.turn.get() == turn {
                list.take(from, answer);
            }
        });
    }

    fn take(&self, from: Seq, answer: Result<History, String>) {
        self.trouble.replace(None);
        match answer {
            Ok(page) => {
                let mut messages = self.messages.borrow_mut();
                match self.kind {
                    Kind::Pinned => {
                        messages.retain(|message| message.seq >= from);
                        messages.extend(page.messages.into_iter().rev());
                    }
                    Kind::Thread => {
                        messages.retain(|message| message.seq <= from);
                        messages.extend(page.messages);
                    }
                }
                self.has_more.set(page.more);
                self.seqs.set(messages.iter().map(|message| message.seq).collect());
                let words = self.chat.words_now();
                let count = words.count(messages.len());
                self.chat.announcement.set(match self.kind {
                    Kind::Pinned => (words.later().pinned_count)(&count),
                    Kind::Thread => (words.later().thread_count)(&count),
                });
            }
            Err(sentence) => drop(self.trouble.replace(Some(sentence))),
        }
        self.draw();
    }

    fn draw(&self) {
        let words = self.chat.words_now().later();
        let list = &self.panel.list;
        let had_focus = list.all(".hit").iter().find(|hit| hit.has_focus()).and_then(|hit| hit.attribute("data-seq"));
        let messages = self.messages.borrow();
        let mut days = Days::new(list.clone());
        if let Some(sentence) = &*self.trouble.borrow() {
            list.insert(&el("p").class("panel-error").set("role", "alert").text(sentence), None);
        } else if messages.is_empty() && self.turn.get() > 0 && self.kind == Kind::Pinned {
            list.insert(&hit::instead(icon("pin"), words.pinned_none, words.pinned_none_hint), None);
        }
        for message in &*messages {
            days.add(self.chat, message, &self.line(message));
        }
        if self.kind == Kind::Thread && self.chat.is_named_now() && !messages.is_empty() {
            list.insert(&button("button").set("data-answer", "").text(words.thread_answer), None);
        }
        // Where somebody was, they are still.
        if let Some(seq) = had_focus
            && let Some(hit) = list.all(".hit").iter().find(|hit| hit.attribute("data-seq").as_ref() == Some(&seq))
        {
            hit.focus();
        }
    }

    fn line(&self, message: &Message) -> El {
        let words = self.chat.words_now();
        let text = if message.removed { words.removed } else { &markup::preview(&message.text, PREVIEW) };
        let text = el("span").flag("data-gone", message.removed).text(text);
        let hit = hit::hit(self.chat, &self.room.borrow(), None, message, text);
        match self.kind {
            Kind::Pinned => {
                let unpin = words.later().unpin;
                let unpin = button("icon-button unpin")
                    .set("data-unpin", &message.seq.to_string())
                    .set("aria-label", unpin)
                    .set("title", unpin)
                    .child(icon("close"));
                el("li").child(hit).child_some(self.chat.is_named_now().then_some(unpin))
            }
            Kind::Thread => {
                let is_asked_for = message.seq == self.of();
                el("li").child(if is_asked_for { hit.set("aria-current", "true") } else { hit })
            }
        }
    }

    fn clicked(&self, event: &Event) {
        let unpin = El::around(event, "[data-unpin]").and_then(|button| button.attribute("data-unpin"));
        if let Some(seq) = unpin.and_then(|seq| seq.parse::<Seq>().ok()) {
            self.chat.pin(seq, false);
            self.messages.borrow_mut().retain(|message| message.seq != seq);
            self.draw();
        } else if El::around(event, "[data-answer]").is_some() {
            self.answer();
        } else {
            hit::follow(self.chat, &self.panel, event);
        }
    }

    /// Goes on with the thread: what is written next answers the newest message of it that can be answered.
    fn answer(&self) {
        let messages = self.messages.borrow();
        let here = |message: &&Message| self.chat.message(message.seq).is_some_and(|message| !message.removed);
        let Some(newest) = messages.iter().rev().find(here) else {
            return self.chat.notify(self.chat.words_now().later().thread_far.to_owned());
        };
        self.chat.context.set(Some(Context::Reply(newest.seq)));
        if page::is_narrow() {
            self.panel.layout.pane.set(Pane::Room);
        }
        if let Some(field) = El::find("#composer-input") {
            field.focus();
        }
    }
}
