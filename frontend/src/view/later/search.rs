//! Looking for messages: what is found comes while one types, and leads to where it stands.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::limits::QUERY_CHARS;
use stonechat_shared::page::{Found, Hit};
use stonechat_shared::{Replica, RoomName, Seq};

use super::hit::{self, Days};
use super::panel::{self, Panel};
use crate::locales::Later;
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::{keys, task, time};
use crate::state::Chat;
use crate::state::excerpt::excerpt;
use crate::view::frame::{Layout, Pane};
use crate::view::icon::icon;
use crate::view::words::button;

/// Who types goes on within this time; who stops wants to see.
const PAUSE_MS: u64 = 150;

const FIELD: &str = "#search-input";

/// What can be put into the field to find less.
struct Narrowing {
    operator: &'static str,
    example: &'static str,
    what: fn(&Later) -> &str,
}

const NARROWING: [Narrowing; 6] = [
    Narrowing { operator: "from:", example: "from:ann", what: |words| words.narrow_from },
    Narrowing { operator: "in:", example: "in:lobby", what: |words| words.narrow_in },
    Narrowing { operator: "before:", example: "before:2026-11-24", what: |words| words.narrow_before },
    Narrowing { operator: "after:", example: "after:2026-11-24", what: |words| words.narrow_after },
    Narrowing { operator: "has:file", example: "has:file", what: |words| words.narrow_has },
    Narrowing { operator: "\"", example: "\"stone chat\"", what: |words| words.narrow_phrase },
];

struct Finder {
    chat: Chat,
    panel: Panel,
    field: El,
    /// Counts what was typed: the answer to an earlier question is not shown.
    turn: Cell<u32>,
    /// What was found last, or why nothing could be.
    answer: RefCell<Option<Result<Found, String>>>,
    /// How far the rooms were when it came, as far as that is heard of.
    heads: RefCell<Vec<(RoomName, Seq)>>,
    days: RefCell<Option<Days>>,
    is_asking: Cell<bool>,
    /// What was found is asked for anew.
    renews: Cell<bool>,
}

/// Opens it, with the focus in the field; with these words in it, where there are any.
pub(super) fn open(chat: Chat, layout: Layout, query: &str) {
    let field = El::find(FIELD).unwrap_or_else(|| {
        panel::make(chat, layout, "search", |words| words.search, |panel| fill(chat, panel));
        El::find(FIELD).unwrap_or_else(|| el("input"))
    });
    layout.pane.set(Pane::Search);
    if !query.is_empty() {
        field.set_value(query);
    }
    // What was found may have changed since.
    field.fire("input");
    // It can be seen only when the frame has heard of it.
    time::next_frame(move || {
        field.focus();
        field.select();
    });
}

fn fill(chat: Chat, panel: &Panel) -> Box<dyn Fn()> {
    let field = el("input")
        .set("id", "search-input")
        .set("type", "search")
        .set("dir", "auto")
        .set("autocomplete", "off")
        .set("autocapitalize", "none")
        .set("spellcheck", "false")
        .set("enterkeyhint", "search")
        .set("maxlength", &QUERY_CHARS.to_string())
        .label(chat, |words| words.search)
        .say_in(chat, "placeholder", |words| words.later().search_placeholder);
    let finder = Rc::new(Finder {
        chat,
        panel: panel.clone(),
        field: field.clone(),
        turn: Cell::new(0),
        answer: RefCell::new(None),
        heads: RefCell::default(),
        days: RefCell::new(None),
        is_asking: Cell::new(false),
        renews: Cell::new(false),
    });
    let (typed, composed, pressed, clicked, drawn, changed) = (
        Rc::clone(&finder),
        Rc::clone(&finder),
        Rc::clone(&finder),
        Rc::clone(&finder),
        Rc::clone(&finder),
        Rc::clone(&finder),
    );
    let field = field
        .on("input", move |event| {
            if !keys::is_composing(&event) {
                typed.typed();
            }
        })
        .on("compositionend", move |_| composed.typed())
        .on("keydown", move |event| pressed.pressed(&event));
    let emptied = field.clone();
    let empty = move || {
        emptied.set_value("");
        emptied.fire("input");
        emptied.focus();
    };
    let clear = button("icon-button").label(chat, |words| words.later().clear).on_click(empty).child(icon("close"));
    let box_around = el("div").class("panel-field").child(icon("search")).child(field).child(clear);
    let _ = panel.element.clone().set("role", "search").child(box_around);
    let _ = panel.list.clone().on("click", move |event| clicked.clicked(&event));
    watch(move || {
        chat.words.track();
        drawn.draw();
    });
    watch(move || {
        chat.log.track();
        // What happens in another room moves its line in the list, at once or when the list comes next.
        chat.rooms.track();
        // Once, however much comes until there is an answer.
        if !changed.renews.get() && changed.is_outdated() {
            changed.renews.set(true);
            changed.typed();
        }
    });
    Box::new(move || finder.more())
}

impl Finder {
    /// Asks for what is in the field, once the typing pauses.
    fn typed(self: &Rc<Self>) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        self.is_asking.set(false);
        let query = self.field.value();
        if query.trim().is_empty() {
            self.set_busy(false);
            self.renews.set(false);
            self.answer.replace(None);
            return self.draw();
        }
        let finder = Rc::clone(self);
        task::spawn(async move {
            time::sleep(PAUSE_MS).await;
            if finder.turn.get() == turn {
                finder.ask(turn, query).await;
            }
        });
    }

    async fn ask(&self, turn: u32, query: String) {
        self.set_busy(true);
        let answer = self.chat.search(&query, None, || self.turn.get() == turn).await;
        let Some(answer) = answer else { return };
        self.renews.set(false);
        self.heads.replace(self.heads_elsewhere());
        self.set_busy(false);
        self.answer.replace(Some(answer));
        self.draw();
        self.announce();
    }

    /// Asks for what is older than the last that is shown.
    fn more(self: &Rc<Self>) {
        let last = match &*self.answer.borrow() {
            Some(Ok(Found { messages, more: true })) => messages.last().cloned(),
            Some(Ok(_) | Err(_)) | None => None,
        };
        let Some(last) = last.filter(|_| !self.is_asking.replace(true)) else { return };
        let (finder, turn, query) = (Rc::clone(self), self.turn.get(), self.field.value());
        task::spawn(async move {
            let found = finder.chat.search(&query, Some(&last), || finder.turn.get() == turn).await;
            let Some(found) = found else { return };
            finder.is_asking.set(false);
            match found {
                Ok(found) => finder.add(found),
                Err(sentence) => finder.chat.notify(sentence),
            }
        });
    }

    fn add(&self, found: Found) {
        found.messages.iter().for_each(|hit| self.put(hit));
        if let Some(Ok(answer)) = &mut *self.answer.borrow_mut() {
            answer.messages.extend(found.messages);
            answer.more = found.more;
        }
        self.announce();
    }

    /// Shows all that there is to be shown, anew.
    fn draw(&self) {
        let words = self.chat.words_now().later();
        let list = &self.panel.list;
        self.days.replace(Some(Days::new(list.clone())));
        match &*self.answer.borrow() {
            None => list.insert(&hints(words), None),
            Some(Err(sentence)) => list.insert(&el("p").class("panel-error").set("role", "alert").text(sentence), None),
            Some(Ok(found)) if found.messages.is_empty() => {
                list.insert(&hit::instead(icon("search"), words.found_nothing, words.found_nothing_hint), None);
            }
            Some(Ok(found)) => found.messages.iter().for_each(|hit| self.put(hit)),
        }
    }

    fn put(&self, found: &Hit) {
        let head = self.chat.rooms.with_untracked(|rooms| rooms.iter().find(|head| head.room == found.room).cloned());
        let name = head.as_ref().map_or_else(|| found.room.to_string(), |head| untrack(|| self.chat.name_of(head)));
        let sign = if head.is_some_and(|head| head.kind == RoomKind::Direct) { "" } else { "#" };
        let title = [sign, &name].concat();
        let pieces = excerpt(&found.message.text, &found.marks).into_iter();
        let text =
            pieces.fold(
                el("span"),
                |text, (piece, is_marked)| {
                    if is_marked { text.child(el("mark").text(&piece)) } else { text.text(&piece) }
                },
            );
        let line = el("li").child(hit::hit(self.chat, &found.room, Some(&title), &found.message, text));
        if let Some(days) = &mut *self.days.borrow_mut() {
            days.add(self.chat, &found.message, &line);
        }
    }

    fn announce(&self) {
        let words = self.chat.words_now();
        if let Some(Ok(found)) = &*self.answer.borrow() {
            let count = words.count(found.messages.len());
            self.chat.announcement.set(match (found.messages.is_empty(), found.more) {
                (true, _) => words.later().found_nothing.to_owned(),
                (false, true) => (words.later().found_more)(&count),
                (false, false) => (words.later().found)(&count),
            });
        }
    }

    /// How far each room is of which there is no copy here, as far as the list knows; and of the others, how much has
    /// happened to messages that are not in the copy.
    fn heads_elsewhere(&self) -> Vec<(RoomName, Seq)> {
        let far = |replica: &Replica, head: &RoomHead| {
            replica.room(&head.room).map_or(head.head, |room| Seq::from(room.elsewhere()))
        };
        self.chat.with(|replica| replica.heads().iter().map(|head| (head.room.clone(), far(replica, head))).collect())
    }

    /// Something that was found has been removed or written anew since; or may have been, in a room that went on unseen.
    fn is_outdated(&self) -> bool {
        let now = self.heads_elsewhere();
        let before = self.heads.borrow();
        let went_on = |room: &RoomName| now.iter().any(|head| head.0 == *room && !before.contains(head));
        self.panel.layout.pane.get_untracked() == Pane::Search
            && self.answer.borrow().iter().flatten().flat_map(|found| &found.messages).any(|hit| {
                let is_another = self.chat.with(|replica| {
                    let now = replica.room(&hit.room).and_then(|room| room.message(hit.message.seq));
                    now.is_some_and(|now| now.text != hit.message.text)
                });
                is_another || went_on(&hit.room)
            })
    }

    fn pressed(&self, event: &Event) {
        if keys::is(event, "Enter") {
            event.prevent_default();
            if let Some(first) = self.panel.list.all(".hit").first() {
                hit::go(self.chat, &self.panel, first);
            }
        }
    }

    fn clicked(&self, event: &Event) {
        if let Some(operator) = El::around(event, "[data-operator]").and_then(|hint| hint.attribute("data-operator")) {
            self.field.set_value(&operator);
            self.field.focus();
        }
        hit::follow(self.chat, &self.panel, event);
    }

    fn set_busy(&self, busy: bool) {
        self.panel.list.put("aria-busy", busy.then_some("true"));
    }
}

fn hints(words: &'static Later) -> El {
    let narrowing = NARROWING.iter().map(|Narrowing { operator, example, what }| {
        let line = button("hint").set("data-operator", operator);
        el("li").child(line.child(el("code").text(example)).text(" ").child(el("span").text(what(words))))
    });
    el("div")
        .class("hints")
        .child(el("p").text(words.search_hint))
        .child(el("h2").text(words.narrow))
        .child(narrowing.fold(el("ul"), El::child))
}
