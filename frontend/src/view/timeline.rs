//! A room's messages. It is anchored to a message, not to pixels: nothing but the reader moves it.

mod blank;
mod unread;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use stonechat_shared::replica::Ask;
use stonechat_shared::{RoomName, Seq};

use super::frame::Layout;
use super::icon::icon;
use super::later::{self, Part};
use super::rows::Rows;
use super::words::button;
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::scroll::{Keeper, Place};
use crate::platform::{keys, time};
use crate::state::Chat;
use crate::state::pace::Pace;
use crate::state::timeline::{FirstNew, Picture, Reader, Timeline};

/// With fewer pixels than this above or below the view, the next rows are put there: what a hard flick of the finger
/// travels between two pictures, several times over.
const EDGE_PX: f64 = 800.0;

/// What the parts of a timeline share.
struct Shown {
    chat: Chat,
    room: RoomName,
    model: RefCell<Timeline>,
    rows: RefCell<Option<Rows>>,
    rows_place: El,
    scroller: El,
    owner: Owner,
    keeper: Rc<Keeper>,
    pace: RefCell<Pace>,
    /// How far the room had come when it was drawn last.
    drawn: Cell<Seq>,
    /// The first new message is to be shown as soon as it is here.
    wants_new: Cell<bool>,
    /// By a click: however far it is.
    asked_for_new: Cell<bool>,
    /// The line above what is new was in view, or where the reader went from.
    knows_new: Cell<bool>,
    state: State,
}

/// What the page says about a timeline besides its rows.
#[derive(Clone, Copy)]
struct State {
    empty: RwSignal<bool>,
    /// The reader is at the bottom.
    following: RwSignal<bool>,
    below: RwSignal<usize>,
    /// The room moves fast, and holds still for somebody who points at it.
    held: RwSignal<bool>,
    /// What is new begins above the view.
    new_above: RwSignal<bool>,
}

/// Fills `stage` with the messages of a room.
pub(crate) fn timeline(chat: Chat, layout: Layout, room: RoomName, stage: El) -> El {
    let state = State {
        empty: RwSignal::new(false),
        following: RwSignal::new(true),
        below: RwSignal::new(0),
        held: RwSignal::new(false),
        new_above: RwSignal::new(false),
    };
    let bones = blank::skeletons();
    let rows_place = bones.class("rows").live_flag("hidden", move || state.empty.get());
    let scroller = el("div")
        .class("timeline")
        .set("role", "log")
        .set("aria-live", "off")
        .set("tabindex", "0")
        .live_set("aria-label", move || Some((chat.words.get().messages_in)(&chat.title())))
        .set("aria-busy", "true")
        .child(rows_place.clone())
        .part(move || state.empty.get().then(|| blank::empty(chat)));

    let element = scroller.clone();
    let shown = Rc::new_cyclic(|shown: &Weak<Shown>| {
        let settled = shown.clone();
        let keeper = Keeper::new(scroller.raw().clone(), move || {
            if let Some(shown) = settled.upgrade() {
                shown.look();
            }
        });
        let owner = Owner::current().unwrap_or_default();
        let model = RefCell::new(Timeline::new(room.clone()));
        // Who comes by a link wants to see where it leads.
        let wants_new = Cell::new(chat.sought.with_untracked(Option::is_none));
        let (asked_for_new, knows_new) = (Cell::new(false), Cell::new(false));
        let rows = RefCell::new(None);
        Shown {
            chat,
            room,
            model,
            rows,
            rows_place,
            scroller: element,
            owner,
            keeper,
            wants_new,
            asked_for_new,
            knows_new,
            pace: RefCell::default(),
            drawn: Cell::new(0),
            state,
        }
    });

    let drawn = Rc::clone(&shown);
    watch(move || {
        chat.log.track();
        chat.outbox.track();
        chat.going.track();
        chat.me.track();
        chat.words.track();
        // For what names a room.
        chat.rooms.track();
        drawn.draw();
    });
    let wrote = Rc::clone(&shown);
    let first = RefCell::new(true);
    watch(move || {
        chat.wrote.track();
        if !first.replace(false) {
            wrote.jump_to_now(true);
        }
    });
    let kept_new = Rc::clone(&shown);
    watch(move || {
        if let Some(from) = chat.kept_new.get() {
            kept_new.keep_new(from);
        }
    });
    let watched = Rc::clone(&shown);
    watch(move || watched.watched(chat.watched.get()));
    let seeking = Rc::clone(&shown);
    watch(move || {
        chat.log.track();
        if let Some(seq) = chat.sought.get() {
            seeking.seek(seq);
        }
    });

    let (scrolled, pressed, jumped) = (Rc::clone(&shown), Rc::clone(&shown), Rc::clone(&shown));
    let (held, released) = (Rc::clone(&shown), Rc::clone(&shown));
    let clicked = move |event: Event| {
        if !keys::is_plain_click(&event) {
            return;
        }
        if let Some(code) = El::around(&event, ".copy").and_then(|_| El::around(&event, ".code-block")) {
            later::open(chat, layout, Part::Copy(code));
        } else if let Some(picture) = El::around(&event, ".message[data-seq] .picture") {
            event.prevent_default();
            later::open(chat, layout, Part::Picture(picture));
        } else if let Some(named) = El::around(&event, "a.mention, .author") {
            event.prevent_default();
            let id = El::around(&event, ".message").filter(|_| named.attribute("href").is_none());
            let id = id.and_then(|message| message.attribute("data-author"));
            later::open(chat, layout, Part::Person { id: id.unwrap_or_default().into(), name: named.content() });
        }
    };
    let pointed = move |event: Event| {
        held.hold_still();
        if let Some(message) = El::around(&event, ".message[data-seq]") {
            later::open(chat, layout, Part::Actions(message));
        }
    };
    let taken_up = move |event: Event| {
        if let Some(message) = El::around(&event, ".message[data-seq]") {
            later::open(chat, layout, Part::Actions(message));
        }
    };
    let with_alt = Rc::clone(&shown);
    watch(move || if layout.alt.get() { with_alt.hold_still() } else { with_alt.release() });
    let scroller = scroller
        .on("scroll", move |_| scrolled.scrolled())
        .on("pointerover", pointed)
        .on("pointerleave", move |_| released.release())
        .on("focusin", taken_up)
        .on("click", clicked)
        .on("keydown", move |event| pressed.pressed(&event));
    stage
        .child(scroller)
        .child(unread::bar(&shown))
        .child(jump(chat, state).on_click(move || jumped.jump_to_now(false)))
}

impl Shown {
    /// Shows what there is now.
    fn draw(&self) {
        let found = self.find_new();
        if found == FirstNew::Unknown {
            return;
        }
        let follows = self.keeper.is_following() && !self.wants_new.get();
        if follows {
            self.chat.trim(&self.room);
        }
        let going: Vec<_> = self.chat.going.with_untracked(|going| {
            going.iter().filter(|(room, ..)| *room == self.room).map(|(_, seq, _)| *seq).collect()
        });
        let holds = self.state.held.get_untracked();
        let reader = Reader { follows, holds, looks: self.chat.watched.get_untracked(), going: &going };
        let picture = self.chat.with(|replica| self.model.borrow_mut().draw(replica, reader, time::local_day));
        let Some(Picture { rows, is_complete, is_empty, below, reached }) = picture else { return };
        let cursor = self.chat.with(|replica| replica.room(&self.room).map_or(0, |room| room.cursor()));
        let before = self.drawn.replace(cursor);
        if before != 0 {
            self.pace.borrow_mut().note(cursor.saturating_sub(before) as usize, time::now());
        }
        // At once: what stands in for messages has another height, and the place of a row is looked for below.
        self.scroller.put("aria-busy", None);
        self.keeper.set_complete(is_complete);
        let words = self.chat.words.get_untracked();
        self.rows
            .borrow_mut()
            .get_or_insert_with(|| Rows::new(self.rows_place.clone(), self.owner.clone()))
            .show(self.chat, words, rows);
        set_if_new(self.state.empty, is_empty);
        set_if_new(self.state.below, below);
        if follows && reader.looks {
            self.chat.saw(self.room.clone(), reached);
        }
        if found == FirstNew::Here {
            self.arrive_at_new();
        }
    }

    /// The rows have changed and stand where they should: are there enough outside the view?
    fn look(&self) {
        set_if_new(self.state.following, self.keeper.is_following());
        let (above, below) = self.keeper.margins();
        let mut moved = false;
        if above < EDGE_PX {
            moved |= self.chat.with(|replica| self.model.borrow_mut().earlier(replica));
            self.load(self.chat.with(|replica| self.model.borrow().wants_earlier(replica)));
        }
        if below < EDGE_PX && !self.state.held.get_untracked() {
            moved |= self.chat.with(|replica| self.model.borrow_mut().later(replica));
            self.load(self.chat.with(|replica| self.model.borrow().wants_later(replica)));
        }
        if moved {
            self.draw();
        }
        self.look_for_new();
    }

    fn load(&self, ask: Option<Ask>) {
        if let Some(ask) = ask {
            self.chat.load_history(self.room.clone(), ask);
        }
    }

    fn scrolled(&self) {
        let followed = self.keeper.is_following();
        self.keeper.moved();
        if !self.keeper.is_following() {
            // Whoever scrolls away while it is on its way is not taken back.
            self.wants_new.set(false);
        }
        if self.keeper.is_following() && !followed {
            // What is below was reached: it is no longer new.
            self.draw();
        }
        self.look();
    }

    /// Somebody points at a room that moves fast: what they aim at stays where it is.
    fn hold_still(&self) {
        if self.pace.borrow().is_fast(time::now()) && self.keeper.hold_still() {
            set_if_new(self.state.held, true);
            set_if_new(self.state.following, false);
        }
    }

    fn release(&self) {
        if self.state.held.get_untracked() {
            self.state.held.set(false);
            if self.keeper.release() {
                // More may have come than the page holds at once.
                self.jump_to_now(false);
            }
        }
    }

    /// To the newest message.
    fn jump_to_now(&self, has_written: bool) {
        self.wants_new.set(false);
        self.model.borrow_mut().jump_to_now();
        if has_written {
            self.chat.with(|replica| self.model.borrow_mut().came_back(replica, true));
        }
        self.keeper.follow();
        set_if_new(self.state.held, false);
        set_if_new(self.state.following, true);
        self.draw();
    }

    /// Shows a message, as soon as it is here.
    fn seek(&self, seq: Seq) {
        let (is_here, is_missing) = self.chat.with(|replica| {
            let room = replica.room(&self.room).filter(|room| room.is_ready());
            let is_here = room.is_some() && self.model.borrow_mut().jump_to(replica, seq);
            (is_here, room.map(|room| room.misses(seq).then(|| room.ask_for(seq))))
        });
        if is_here {
            self.keeper.leave();
            set_if_new(self.state.held, false);
            self.draw();
            self.keeper.show(&format!("[data-seq=\"{seq}\"]"), Place::Middle);
            self.look();
        } else {
            self.load(is_missing.flatten());
        }
        let is_nowhere = !is_here && is_missing == Some(None);
        if is_here || is_nowhere {
            self.chat.sought.set(None);
        }
        if is_nowhere {
            self.chat.notify(self.chat.words_now().no_message.to_owned());
        }
    }

    fn pressed(&self, event: &Event) {
        let moved = keys::is(event, "ArrowUp") && self.move_focus(event, false)
            || keys::is(event, "ArrowDown") && self.move_focus(event, true);
        if moved {
            event.prevent_default();
        } else if keys::is(event, "Escape") {
            // All of it is read.
            self.jump_to_now(true);
        } else if keys::is(event, "End") && !self.state.following.get_untracked() {
            event.prevent_default();
            self.jump_to_now(false);
        }
    }

    /// From message to message; answers whether there was one.
    fn move_focus(&self, event: &Event, down: bool) -> bool {
        let from = El::around(event, ".message");
        let to = match &from {
            Some(message) => message.beside("message", down),
            None => self.rows_place.last_of_class("message"),
        };
        to.inspect(El::focus).is_some()
    }

    fn watched(&self, watched: bool) {
        if watched {
            self.chat.with(|replica| self.model.borrow_mut().came_back(replica, false));
        } else if self.keeper.is_following() && !self.state.new_above.get_untracked() {
            // Where something above was not seen yet, what is new begins there still.
            self.model.borrow_mut().left();
            self.knows_new.set(false);
        }
        self.draw();
    }
}

fn jump(chat: Chat, state: State) -> El {
    let text = move || {
        let words = chat.words.get();
        match (state.below.get(), state.held.get()) {
            (below, true) => (words.held)(&words.count(below)),
            (0, false) => words.jump_to_now.to_owned(),
            (below, false) => (words.jump_new)(&words.count(below)),
        }
    };
    button("jump")
        .live_flag("data-new", move || state.below.get() != 0)
        .live_flag("hidden", move || state.following.get())
        .child(icon("arrow-down"))
        .child(el("span").live_text(text))
}

fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|shown| *shown != value) {
        signal.set(value);
    }
}
