//! What a person does to messages besides writing them. All of it goes through the outbox: it is shown at once, and is
//! not lost when the line or the page is.

use leptos::prelude::*;
use stonechat_shared::ids::Millis;
use stonechat_shared::replica::Pending;
use stonechat_shared::{Kind, Message, RoomName, Seq};

use super::Chat;
use crate::net::http;
use crate::platform::{numbers, task, time};

/// How long a removal can be taken back.
const UNDO_MS: u64 = 5_000;

/// What the composer is for, where it is not simply for the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    Reply(Seq),
    Edit(Seq),
}

impl Chat {
    /// A message of the room that is looked at, as it stands.
    pub(crate) fn message(self, seq: Seq) -> Option<Message> {
        let room = self.room.get_untracked();
        self.with(|replica| replica.room(&room)?.message(seq).cloned())
    }

    pub(crate) fn is_own(self, message: &Message) -> bool {
        self.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.id == message.user.id))
    }

    /// Whether the server lets its author change it at this age.
    pub(crate) fn can_still_change(self, message: &Message) -> bool {
        let limit = self.with(|replica| replica.welcome().map_or(0, |welcome| welcome.limits.edit_ms));
        limit == 0 || time::now() < message.at.saturating_add(limit)
    }

    /// Whether a message of the room that is looked at answers this one, as far as this page knows.
    pub(crate) fn is_answered(self, seq: Seq) -> bool {
        let room = self.room.get_untracked();
        self.with(|replica| {
            replica.room(&room).is_some_and(|room| room.messages().any(|message| message.reply == Some(seq)))
        })
    }

    /// Takes up a message of one's own to write it anew.
    pub(crate) fn start_edit(self, seq: Seq) {
        let may = |message: &Message| self.is_own(message) && !message.removed && self.can_still_change(message);
        if self.is_named_now() && self.message(seq).as_ref().is_some_and(may) {
            self.context.set(Some(Context::Edit(seq)));
        }
    }

    /// The same for the last one.
    pub(crate) fn edit_last(self) {
        let room = self.room.get_untracked();
        let last = self.with(|replica| {
            let me = &replica.me()?.id;
            let mut own = replica.room(&room)?.messages().rev();
            own.find(|message| message.user.id == *me && !message.removed).map(|message| message.seq)
        });
        if let Some(seq) = last {
            self.start_edit(seq);
        }
    }

    pub(crate) fn edit(self, target: Seq, text: String) {
        // It may not be here any more: then the server knows whether anything is different.
        if self.message(target).is_none_or(|message| message.text != text) {
            self.do_to_messages(self.room.get_untracked(), Kind::Edit { target, text });
        }
    }

    /// Gives a reaction, or takes it back.
    pub(crate) fn react(self, target: Seq, emoji: &str, on: bool) {
        self.do_to_messages(self.room.get_untracked(), Kind::React { target, emoji: emoji.to_owned(), on });
    }

    pub(crate) fn pin(self, target: Seq, on: bool) {
        self.do_to_messages(self.room.get_untracked(), Kind::Pin { target, on });
    }

    /// From this message on all is new again: here, and wherever else this person looks.
    pub(crate) fn mark_unread(self, seq: Seq) {
        let room = self.room.get_untracked();
        // What was seen a moment ago, and is not told yet, is taken back too.
        self.core.update_value(|core| core.read = None);
        self.kept_new.set(Some(seq));
        self.change(|replica| replica.unread(&room, seq));
    }

    /// Removes a message in a moment: until then it can be taken back.
    pub(crate) fn remove(self, target: Seq) {
        let (room, since) = (self.room.get_untracked(), time::now());
        self.going.update(|going| going.push((room.clone(), target, since)));
        task::spawn(async move {
            time::sleep(UNDO_MS).await;
            // Whoever took it back and removed it again has all of the time again.
            self.remove_now(&room, target, since);
        });
    }

    pub(crate) fn take_back_removal(self, target: Seq) {
        let room = self.room.get_untracked();
        self.going.update(|going| going.retain(|(of, seq, _)| (of, *seq) != (&room, target)));
    }

    /// The page is left: what was to be removed in a moment is removed now. It may never be back to hear of an answer, nor
    /// have the time to send anything by its line.
    pub(crate) fn remove_all_now(self) {
        for (room, target, since) in self.going.get_untracked() {
            self.remove_now(&room, target, since);
        }
        let me = self.me.get_untracked().map(|me| me.id);
        self.with(|replica| {
            let removals = replica.outbox().all().iter().filter(|pending| matches!(pending.kind, Kind::Remove { .. }));
            removals.filter_map(Pending::command).for_each(|command| http::leave_behind(me.as_ref(), &command));
        });
    }

    fn remove_now(self, room: &RoomName, target: Seq, since: Millis) {
        let is_going = self
            .going
            .with_untracked(|going| going.iter().any(|(of, seq, at)| (of, *seq, *at) == (room, target, since)));
        if is_going {
            self.do_to_messages(room.clone(), Kind::Remove { target });
            self.going.update(|going| going.retain(|(of, seq, _)| (of, *seq) != (room, target)));
        }
    }

    /// Removes all that one wrote in a room until now.
    pub(crate) fn purge(self, room: &RoomName) {
        let upto = self.with(|replica| replica.room(room).map(|room| room.cursor()));
        if let Some(author) = self.me.get_untracked().map(|me| me.id) {
            self.do_to_messages(room.clone(), Kind::Purge { author, upto });
        }
    }

    pub(super) fn do_to_messages(self, room: RoomName, kind: Kind) {
        self.change(|replica| replica.change(&room, numbers::command_id(), kind, time::now()));
    }
}
