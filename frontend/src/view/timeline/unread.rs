//! What is new in a room: it opens there, a button leads back, and one that says it is read.

use std::cmp::Ordering;
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::frame::RoomHead;
use stonechat_shared::{Seq, limits};

use super::{Shown, set_if_new};
use crate::platform::dom::{El, el};
use crate::platform::scroll::Place;
use crate::state::timeline::FirstNew;
use crate::view::icon::icon;
use crate::view::words::button;

/// The line above what is new.
const NEW: &str = ".divider.new";

/// Above the messages, while what is new begins above the view.
pub(super) fn bar(shown: &Rc<Shown>) -> El {
    let (to_new, read) = (Rc::clone(shown), Rc::clone(shown));
    let (chat, new_above) = (shown.chat, shown.state.new_above);
    let jump = button("text-button")
        .on_click(move || to_new.show_new())
        .child(icon("arrow-down"))
        .child(el("span").say(chat, |words| words.jump_to_unread));
    let read = button("icon-button")
        .label(chat, |words| words.mark_read)
        .say_in(chat, "title", |words| words.mark_read)
        .on_click(move || read.jump_to_now(true))
        .child(icon("check"));
    el("div").class("jump-new").live_flag("hidden", move || !new_above.get()).child(jump).child(read)
}

impl Shown {
    /// Where the first new message is, while it is to be shown; what is missing is asked for.
    pub(super) fn find_new(&self) -> FirstNew {
        if !self.wants_new.get() {
            return FirstNew::Nowhere;
        }
        let found = self.chat.with(|replica| self.model.borrow_mut().jump_to_new(replica));
        match found {
            FirstNew::Unknown => {}
            FirstNew::Above(_) if self.is_far() => self.wants_new.set(false),
            FirstNew::Above(seq) => {
                self.load(self.chat.with(|replica| replica.room(&self.room).map(|room| room.ask_for(seq))));
            }
            FirstNew::Nowhere => self.wants_new.set(false),
            FirstNew::Here => self.keeper.leave(),
        }
        found
    }

    /// It is among the rows now: puts it into the view.
    pub(super) fn arrive_at_new(&self) {
        self.wants_new.set(false);
        self.knows_new.set(true);
        self.keeper.show(NEW, Place::Top);
        if self.keeper.is_following() {
            // All of it fits into the view.
            self.draw();
        }
        self.look();
    }

    /// Shows the first message that is new, loading history until it is here.
    fn show_new(&self) {
        self.wants_new.set(true);
        self.asked_for_new.set(true);
        self.draw();
    }

    /// More than one counts: whoever comes into the room begins at now.
    fn is_far(&self) -> bool {
        let is_far = |head: &RoomHead| head.room == self.room && head.unread >= limits::UNREAD;
        !self.asked_for_new.get() && self.chat.with(|replica| replica.heads().iter().any(is_far))
    }

    /// From this message on all stays new.
    pub(super) fn keep_new(&self, from: Seq) {
        self.chat.kept_new.set(None);
        self.knows_new.set(true);
        self.model.borrow_mut().keep_new(from);
        self.draw();
    }

    /// Whether what is new begins above the view, where the reader has not been.
    pub(super) fn look_for_new(&self) {
        let place = self.keeper.place_of(NEW);
        if place == Some(Ordering::Equal) {
            self.knows_new.set(true);
        }
        let is_above = match place {
            Some(place) => place == Ordering::Less,
            None => self.chat.with(|replica| self.model.borrow().has_new_above(replica)),
        };
        set_if_new(self.state.new_above, is_above && !self.knows_new.get() && !self.wants_new.get());
    }
}
