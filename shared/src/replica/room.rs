//! A copy of one room: the fold of its log up to the cursor.

use crate::event::{Author, Event, Kind, Message};
use crate::few::Few;
use crate::frame::{Joined, Presence, User};
use crate::ids::{CommandId, RoomName, Seq, UserId};
use crate::page::History;
use crate::{Command, limits};

/// Seqs between a message that is looked for and the next that is here, so few that everything between them is asked for
/// too: two pages of history.
const NEAR: Seq = 2 * limits::PAGE as Seq;

#[derive(Debug, Default)]
pub struct Room {
    /// What this log is called; nothing before the first answer to a join.
    epoch: Option<String>,
    /// Every event up to here is folded in.
    cursor: Seq,
    /// Oldest first. Between any two that stand beside each other there is nothing, but for the gap.
    messages: Vec<Held>,
    /// Whether the server has messages from before the oldest that is here.
    more: bool,
    /// Before the message of this seq some are missing: somebody looked far back, at what stands before them.
    gap: Option<Seq>,
    /// A join is under way; until it is answered a further gap is the same gap.
    joining: bool,
    /// The page of history that is under way.
    asked: Option<Asked>,
    /// Counts what has happened to messages that are not here.
    elsewhere: u32,
    /// Messages from far back that others answer: what they say is shown over the answers.
    asides: Vec<Held>,
    online: usize,
    people: Few<UserId, User>,
    typing: Vec<Author>,
}

/// Which page of history, by a seq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The newest before it.
    Before(Seq),
    /// The oldest after it.
    After(Seq),
    /// Those on both sides of it, and what has it.
    Around(Seq),
}

#[derive(Debug)]
struct Asked {
    ask: Ask,
    /// Where the cursor was: a page from before that lacks what was folded in by then.
    cursor: Seq,
    /// What has happened since to messages that are not here.
    meanwhile: Vec<Event>,
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

    /// Another number whenever something may have happened to messages that are not here.
    pub fn elsewhere(&self) -> u32 {
        self.elsewhere
    }

    /// Where in [`Room::messages`] the message of this seq stands.
    pub fn index_of(&self, seq: Seq) -> Option<usize> {
        self.messages.binary_search_by_key(&seq, |held| held.message.seq).ok()
    }

    pub fn message(&self, seq: Seq) -> Option<&Message> {
        self.at(self.index_of(seq)?)
    }

    /// The same for one that others answer, which may have come on its own.
    pub fn quoted(&self, seq: Seq) -> Option<&Message> {
        let aside = || self.asides.iter().find(|held| held.message.seq == seq);
        self.message(seq).or_else(|| aside().map(|held| &held.message))
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
        self.asked.is_some()
    }

    /// The part of [`Room::messages`], as indices from the first up to and without the last, around this index within
    /// which nothing is missing.
    pub fn whole_around(&self, index: usize) -> (usize, usize) {
        match self.gap_index() {
            Some(gap) if index < gap => (0, gap),
            Some(gap) => (gap, self.len()),
            None => (0, self.len()),
        }
    }

    /// Whether messages from this seq on, up to the next that is here, may be missing.
    pub fn misses(&self, seq: Seq) -> bool {
        let index = self.place_of(seq);
        self.at(index).is_some_and(|next| next.seq != seq) && self.is_behind_gap(index)
    }

    /// Whether every message from this seq on is here.
    pub fn has_all_from(&self, seq: Seq) -> bool {
        self.place_of(seq) >= self.gap_index().unwrap_or_default() && !self.misses(seq)
    }

    /// Which page of history brings what is missing at this seq: with the rest of what lies between, where that is not
    /// much.
    pub fn ask_for(&self, seq: Seq) -> Ask {
        let next = self.at(self.place_of(seq)).filter(|next| next.seq - seq <= NEAR);
        next.map_or(Ask::Around(seq), |next| Ask::Before(next.seq))
    }

    /// Whether messages are missing before the one with this index.
    pub fn is_behind_gap(&self, index: usize) -> bool {
        if index == 0 { self.more } else { self.gap_index() == Some(index) }
    }

    fn gap_index(&self) -> Option<usize> {
        self.gap.map(|gap| self.place_of(gap))
    }

    /// The index of the first message that has this seq or a later one.
    fn place_of(&self, seq: Seq) -> usize {
        self.messages.partition_point(|held| held.message.seq < seq)
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
        self.elsewhere = self.elsewhere.wrapping_add(1);
        // What was here from before the snapshot may have been edited or removed since: it is not kept.
        self.messages = in_order(messages, 0, joined.head, joined.head);
        self.more = joined.more.unwrap_or(false);
        self.asides.clear();
        (self.gap, self.asked) = (None, None);
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
        self.asides.iter_mut().for_each(|held| held.fold(event, reader));
        match &event.kind {
            Kind::Post { .. } | Kind::Room { .. } | Kind::Unknown => return,
            Kind::Edit { target, .. }
            | Kind::Remove { target }
            | Kind::React { target, .. }
            | Kind::Pin { target, .. } => {
                if let Some(index) = self.index_of(*target) {
                    return self.messages[index].fold(event, reader);
                }
            }
            Kind::Purge { .. } => self.messages.iter_mut().for_each(|held| held.fold(event, reader)),
        }
        self.elsewhere = self.elsewhere.wrapping_add(1);
        if let Some(asked) = &mut self.asked {
            asked.meanwhile.push(event.clone());
        }
    }

    /// Lets go of the oldest messages once there are twice as many as are to be kept; they can be asked for again. Not while a
    /// page is on its way: what happened to those that it brings was folded in here.
    pub(super) fn trim(&mut self, keep: usize) {
        if self.asked.is_none() && self.len() > 2 * keep {
            let cut = self.len() - keep;
            self.gap = self.gap.filter(|&gap| self.place_of(gap) > cut);
            self.more = true;
            self.messages.drain(..cut);
        }
    }

    pub(super) fn ask_history(&mut self, ask: Ask) {
        self.asked = Some(Asked { ask, cursor: self.cursor, meanwhile: Vec::new() });
    }

    /// The page that was asked for; one that was asked for in another way came too late, and is nothing.
    pub(super) fn history(&mut self, ask: Ask, page: Option<History>, reader: Option<&UserId>) {
        let Some(asked) = self.asked.take_if(|asked| asked.ask == ask) else { return };
        let Some(page) = page.filter(|page| page.head >= asked.cursor) else { return };
        // Between which of the messages that are here it belongs; those around it have a place in one whole part.
        let (from, to) = match ask {
            Ask::Before(seq) => match self.index_of(seq) {
                Some(index) if self.is_behind_gap(index) => (index, index),
                Some(_) | None => return,
            },
            Ask::After(seq) => match self.gap_index() {
                Some(gap) if self.at(gap - 1).is_some_and(|last| last.seq == seq) => (gap, gap),
                Some(_) | None => return,
            },
            // What was looked at before, far back, makes room.
            Ask::Around(_) => (0, self.gap_index().unwrap_or_default()),
        };
        let last_before = from.checked_sub(1).and_then(|index| self.at(index)).map_or(0, |message| message.seq);
        // What is newer than the cursor comes as an event.
        let next = self.at(to).map_or(self.cursor.saturating_add(1), |message| message.seq);
        let reaches_back = page.messages.first().is_none_or(|first| first.seq <= last_before);
        let reaches_on = page.messages.last().is_none_or(|last| last.seq >= next);
        let mut part = in_order(page.messages, last_before, next - 1, page.head);
        for event in &asked.meanwhile {
            part.iter_mut().for_each(|held| held.fold(event, reader));
        }
        match ask {
            // Everything there is in this direction has come.
            Ask::Before(_) if from == 0 => self.more = page.more,
            Ask::Before(_) if reaches_back || !page.more => self.gap = None,
            Ask::Before(_) => self.gap = part.first().map(|first| first.message.seq),
            Ask::After(_) if reaches_on || !page.more => self.gap = None,
            Ask::After(_) => {}
            Ask::Around(_) if part.is_empty() => return,
            Ask::Around(_) => {
                self.more = page.more;
                self.gap = (!reaches_on && to < self.len()).then_some(next);
            }
        }
        self.messages.splice(from..to, part);
    }

    /// Keeps the message of this seq out of a page, aside from the others. Answers whether that page could still be used: it
    /// may lack what was folded in since.
    pub(super) fn set_aside(&mut self, seq: Seq, page: History) -> bool {
        let is_new = page.head >= self.cursor;
        let message = page.messages.into_iter().find(|message| is_new && message.seq == seq);
        self.asides.extend(message.map(|message| Held { message, as_of: page.head }));
        is_new
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

/// The messages after `last` and up to `newest`, each after the one before. What the server sends is like that; a message
/// in the wrong place would never be found again.
fn in_order(messages: Vec<Message>, mut last: Seq, newest: Seq, as_of: Seq) -> Vec<Held> {
    let fits = |message: &Message| {
        let follows = last < message.seq && message.seq <= newest;
        last = if follows { message.seq } else { last };
        follows
    };
    messages.into_iter().filter(fits).map(|message| Held { message, as_of }).collect()
}

impl Held {
    fn fold(&mut self, event: &Event, reader: Option<&UserId>) {
        if event.seq > self.as_of && event.kind.is_about(&self.message) {
            self.message.apply(event, reader);
            self.as_of = event.seq;
        }
    }
}
