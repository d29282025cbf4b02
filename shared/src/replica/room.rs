//! A copy of one room: the fold of its log up to the cursor.

use crate::event::{Author, Event, Message};
use crate::few::Few;
use crate::frame::{Joined, Presence, User};
use crate::ids::{CommandId, RoomName, Seq, UserId};
use crate::page::History;
use crate::{Command, limits};

#[derive(Debug, Default)]
pub struct Room {
    /// What this log is called; nothing before the first answer to a join.
    epoch: Option<String>,
    /// Every event up to here is folded in.
    cursor: Seq,
    /// Oldest first, without a gap between the first that is here and the newest.
    messages: Vec<Held>,
    /// Whether the server has messages from before the oldest that is here.
    more: bool,
    /// A join is under way; until it is answered a further gap is the same gap.
    joining: bool,
    /// What happened to older messages while a page of history is under way; nothing where none is.
    meanwhile: Option<Vec<Event>>,
    online: usize,
    people: Few<UserId, User>,
    typing: Vec<Author>,
}

/// A message, and the seq up to which it is known: a page of history may be newer than the cursor, and an event must
/// not be folded in twice.
#[derive(Debug)]
struct Held {
    message: Message,
    as_of: Seq,
}

impl Room {
    /// Oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> + ExactSizeIterator {
        self.messages.iter().map(|held| &held.message)
    }

    /// The `index`th message of [`Room::messages`].
    pub fn at(&self, index: usize) -> Option<&Message> {
        self.messages.get(index).map(|held| &held.message)
    }

    pub fn len(&self) -> usize {
        self.messages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Where in [`Room::messages`] the message of this seq stands.
    pub fn index_of(&self, seq: Seq) -> Option<usize> {
        self.messages.binary_search_by_key(&seq, |held| held.message.seq).ok()
    }

    pub fn message(&self, seq: Seq) -> Option<&Message> {
        self.at(self.index_of(seq)?)
    }

    /// Whether the room's content has arrived.
    pub fn is_ready(&self) -> bool {
        self.epoch.is_some()
    }

    /// What this log is called, once it has said so.
    pub fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
    }

    /// Whether there is older history to ask for.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// Whether a page of history is under way.
    pub fn is_loading(&self) -> bool {
        self.meanwhile.is_some()
    }

    pub fn cursor(&self) -> Seq {
        self.cursor
    }

    /// How many people are here.
    pub fn online(&self) -> usize {
        self.online
    }

    /// Those of the people here whose names are known; all of them in a room that is not too large for a list.
    pub fn people(&self) -> impl Iterator<Item = &User> {
        self.people.iter().map(|(_, user)| user)
    }

    /// Who is typing, oneself included.
    pub fn typists(&self) -> &[Author] {
        &self.typing
    }

    /// Whether this command of this person stands here. Somebody else's may have the same id.
    pub(super) fn has_command(&self, of: Option<&UserId>, id: &CommandId) -> bool {
        let is_it = |message: &Message| message.id.as_ref() == Some(id) && of == Some(&message.user.id);
        self.messages().rev().any(is_it)
    }

    pub(super) fn join(&self, name: &RoomName) -> Command {
        Command::Join {
            room: name.clone(),
            after: self.epoch.is_some().then_some(self.cursor),
            epoch: self.epoch.clone(),
        }
    }

    /// After a connection was lost: the same as joining, from where we stand.
    pub(super) fn rejoin(&mut self, name: &RoomName) -> Command {
        self.joining = true;
        self.typing.clear();
        self.join(name)
    }

    /// Something is missing: asks for it, unless that is already under way.
    pub(super) fn repair(&mut self, name: &RoomName) -> Option<Command> {
        (!self.joining).then(|| {
            self.joining = true;
            self.join(name)
        })
    }

    /// A join was not carried out; the next sign of a gap asks again.
    pub(super) fn refused(&mut self) {
        self.joining = false;
    }

    /// The next join is for a snapshot.
    pub(super) fn forget(&mut self) {
        self.epoch = None;
    }

    pub(super) fn joined(&mut self, joined: Joined) {
        self.joining = false;
        let Some(messages) = joined.messages else { return };
        // What was here from before the snapshot may have been edited or removed since: it is not kept.
        self.messages = in_order(messages, joined.head, joined.head);
        self.more = joined.more.unwrap_or(false);
        self.meanwhile = None;
        self.cursor = joined.head;
        self.epoch = Some(joined.epoch);
    }

    /// Folds in what follows the cursor, passes over what it has, and answers false at a hole.
    pub(super) fn events(&mut self, events: &[Event], reader: Option<&UserId>) -> bool {
        if self.epoch.is_none() {
            // A late frame of a log that was forgotten; the snapshot that was asked for will cover it.
            return true;
        }
        for event in events {
            if event.seq <= self.cursor {
                continue;
            }
            if event.seq != self.cursor + 1 {
                return false;
            }
            self.cursor = event.seq;
            self.fold(event, reader);
        }
        true
    }

    fn fold(&mut self, event: &Event, reader: Option<&UserId>) {
        if let Some(message) = Message::posted(event) {
            self.typing.retain(|author| author.id != event.user.id);
            self.messages.push(Held { message, as_of: event.seq });
        }
        let Some(target) = event.kind.target() else { return };
        match self.index_of(target) {
            Some(index) => self.messages[index].fold(event, reader),
            None => {
                if let Some(meanwhile) = &mut self.meanwhile {
                    meanwhile.push(event.clone());
                }
            }
        }
    }

    pub(super) fn ask_history(&mut self) {
        self.meanwhile.get_or_insert_default();
    }

    pub(super) fn history(&mut self, page: Option<History>, reader: Option<&UserId>) {
        // Without `meanwhile` the room was reset since the page was asked for, and it no longer fits.
        let (Some(meanwhile), Some(page)) = (self.meanwhile.take(), page) else { return };
        // What is newer than the cursor comes as an event.
        let newest = self.messages.first().map_or(self.cursor, |held| held.message.seq - 1);
        let mut older = in_order(page.messages, newest, page.head);
        for event in &meanwhile {
            if let Some(held) = older.iter_mut().find(|held| event.kind.target() == Some(held.message.seq)) {
                held.fold(event, reader);
            }
        }
        older.append(&mut self.messages);
        self.messages = older;
        self.more = page.more;
    }

    pub(super) fn presence(&mut self, presence: Presence) {
        self.online = presence.online;
        if presence.full {
            self.people.clear();
        }
        for id in presence.left {
            self.people.remove(&id);
        }
        for user in presence.joined {
            self.people.insert(user.id.clone(), user);
        }
        // In a room too large for a list the frames carry a part of it at best: better none than a wrong one.
        if self.online > limits::PRESENCE {
            self.people.clear();
        }
    }

    pub(super) fn typing(&mut self, users: Vec<Author>) {
        self.typing = users;
    }
}

/// The messages up to `newest`, each after the one before. What the server sends is like that; a message in the wrong
/// place would never be found again.
fn in_order(messages: Vec<Message>, newest: Seq, as_of: Seq) -> Vec<Held> {
    let mut last = 0;
    let fits = |message: &Message| {
        let follows = last < message.seq && message.seq <= newest;
        last = if follows { message.seq } else { last };
        follows
    };
    messages.into_iter().filter(fits).map(|message| Held { message, as_of }).collect()
}

impl Held {
    fn fold(&mut self, event: &Event, reader: Option<&UserId>) {
        if event.seq > self.as_of {
            self.message.apply(event, reader);
            self.as_of = event.seq;
        }
    }
}
