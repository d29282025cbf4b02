//! Changes become signals, once a picture.

use leptos::prelude::*;
use stonechat_shared::frame::{Frame, Refusal};
use stonechat_shared::replica::Change;
use stonechat_shared::{Replica, RoomName};

use super::{Chat, keep};
use crate::platform::{page, task, time};

/// A hidden page paints no pictures; its signals are set this often instead, for the title and the announcer.
const HIDDEN_REDRAW_MS: u64 = 250;

/// Messages of a room that are kept where nobody looks back: enough to scroll through at once, and some MB at most.
const KEPT: usize = 2_000;

/// What is to be drawn again.
#[derive(Debug, Default)]
pub(super) struct Dirty {
    pub(super) welcome: bool,
    pub(super) heads: bool,
    pub(super) log: bool,
    pub(super) outbox: bool,
    pub(super) presence: bool,
    pub(super) typing: bool,
    pub(super) settings: bool,
}

impl Chat {
    /// One redraw before the next picture, however often it is asked for.
    pub(super) fn ask_redraw(self) {
        if self.core.try_update_value(|core| std::mem::replace(&mut core.redraw_asked, true)) != Some(false) {
            return;
        }
        if page::is_visible() {
            time::next_frame(move || self.redraw());
        } else {
            task::spawn(async move {
                time::sleep(HIDDEN_REDRAW_MS).await;
                self.redraw();
            });
        }
    }

    /// The page was hidden with a redraw asked for a picture that is not going to be painted.
    pub(crate) fn redraw(self) {
        let dirty = self.core.try_update_value(|core| {
            core.redraw_asked = false;
            std::mem::take(&mut core.dirty)
        });
        let Some(dirty) = dirty else { return };
        if dirty.welcome {
            self.welcomed();
        }
        if dirty.welcome || dirty.heads {
            self.rooms.set(self.with(Replica::lines));
        }
        if dirty.heads {
            self.count_anew();
        }
        if dirty.log && self.with(|replica| replica.room(&self.room.get_untracked()).is_none()) {
            // One's place in it was given up.
            self.go(&RoomName::LOBBY.into());
        }
        if dirty.log {
            self.log.set(());
            self.tell_news();
            self.list_if_new();
        }
        if dirty.outbox {
            self.outbox.set(());
        }
        if dirty.presence {
            self.presence.set(());
        }
        if dirty.settings || dirty.welcome {
            self.settings_told.set(());
        }
        if dirty.typing || dirty.log {
            self.draw_typists();
        }
    }

    pub(super) fn take_in(self, frame: Frame) {
        let told = if let Frame::Events { room, .. } = &frame { Some(room.clone()) } else { None };
        self.change(|replica| replica.receive(frame, time::now()));
        // Nobody looks back where nobody looks.
        told.filter(|room| *room != self.room.get_untracked()).iter().for_each(|room| self.trim(room));
    }

    /// Lets go of what is far back in a room where nobody looks back.
    pub(crate) fn trim(self, room: &RoomName) {
        self.core.update_value(|core| core.replica.trim(room, KEPT));
    }

    fn welcomed(self) {
        let me = self.with(|replica| replica.me().cloned());
        keep::set_me(me.as_ref());
        self.me.set(me);
        if let Some(name) = self.with(|replica| replica.welcome().map(|welcome| welcome.server.name.clone())) {
            self.server.set(name);
        }
        let id = self.me.with_untracked(|me| me.as_ref().map(|me| me.id.clone()));
        if self.core.try_update_value(|core| std::mem::replace(&mut core.met_as, id.clone())) != Some(id) {
            self.put_by();
            self.meet_other_tabs();
        }
    }

    fn draw_typists(self) {
        let room = self.room.get_untracked();
        let me = self.me.with_untracked(|me| me.as_ref().map(|me| me.id.clone()));
        let others = self.with(|replica| {
            let typists = replica.room(&room).map_or(&[][..], |room| room.typists());
            typists.iter().filter(|author| Some(&author.id) != me.as_ref()).cloned().collect::<Vec<_>>()
        });
        if self.typists.with_untracked(|before| *before != others) {
            self.typists.set(others);
        }
    }
}

impl Dirty {
    /// Takes note of a change; a refusal is not drawn but handed back.
    pub(super) fn note(&mut self, change: Change, shown: &RoomName) -> Option<Refusal> {
        match change {
            Change::Welcome => self.welcome = true,
            Change::Heads => self.heads = true,
            Change::Settings => self.settings = true,
            Change::Log(room) | Change::Reset(room) => self.log |= room == *shown,
            Change::Outbox | Change::Elsewhere => self.outbox = true,
            // Somebody of the list may be seen in any of the rooms.
            Change::Presence(_) => self.presence = true,
            Change::Typing(room) => self.typing |= room == *shown,
            Change::Refused(refusal) => return Some(refusal),
        }
        None
    }
}
