//! What is new in the rooms, as the list, the header and the title tell it.

use leptos::prelude::*;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::{RoomName, limits};

use super::Chat;

impl Chat {
    /// What a room is called: a direct one has no title, and is called by the others in it.
    pub(crate) fn name_of(self, head: &RoomHead) -> String {
        if head.kind != RoomKind::Direct {
            return head.title.clone();
        }
        let me = self.me.with(|me| me.as_ref().map(|me| me.id.clone()));
        let mut name = String::new();
        for author in head.people.iter().filter(|author| Some(&author.id) != me.as_ref()) {
            name.push_str(if name.is_empty() { "" } else { self.words.get().comma });
            name.push_str(&author.name);
        }
        name
    }

    pub(crate) fn is_muted(self, room: &RoomName) -> bool {
        self.rooms.track();
        self.core.with_value(|core| core.muted.contains(room))
    }

    /// The line in the list of the room that is looked at.
    pub(crate) fn line_of_room(self) -> Option<RoomHead> {
        let room = self.room.get();
        self.rooms.with(|rooms| rooms.iter().find(|head| head.room == room).cloned())
    }

    /// Others wrote in it after this person was there last, and they want to know. A guest has been nowhere.
    pub(crate) fn is_unread(self, head: &RoomHead) -> bool {
        head.unread != 0 && self.is_named() && !self.is_muted(&head.room)
    }

    /// Whether anything is new in rooms other than the one that is looked at, and how much of it is for this person.
    pub(crate) fn news_elsewhere(self) -> (bool, u32) {
        let shown = self.room.get();
        self.rooms.with(|rooms| {
            let unread = rooms.iter().filter(|head| head.room != shown && self.is_unread(head));
            unread.fold((false, 0), |(_, mentions), head| (true, mentions + head.mentions))
        })
    }

    /// Rooms that do not stand out from now on, and no others.
    pub(super) fn mute(self, muted: Vec<RoomName>) {
        let is_new = self.core.try_update_value(|core| std::mem::replace(&mut core.muted, muted.clone()) != muted);
        if is_new == Some(true) {
            self.rooms.update(|_| {});
        }
    }

    /// What waits for this person: who named them anywhere or wrote to them, and what came here while nobody looked.
    pub(crate) fn calls(self) -> usize {
        let here = self.line_of_room().filter(|head| self.is_unread(head)).map_or(0, |head| head.mentions as usize);
        here.max(self.unseen.get()) + self.news_elsewhere().1 as usize
    }

    /// A number of what is new: it is counted up to a limit.
    pub(crate) fn capped(self, n: u32) -> String {
        if n < limits::UNREAD { n.to_string() } else { "99+".to_owned() }
    }
}
