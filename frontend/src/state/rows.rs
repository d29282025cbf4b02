//! From messages to the rows of a timeline: who starts a group, where a day begins, where the new ones start.

use stonechat_shared::event::Reaction;
use stonechat_shared::ids::Millis;
use stonechat_shared::replica::{Pending, Room, Status};
use stonechat_shared::{Author, CommandId, File, Kind, Message, Seq, UserId, markup};

use super::span::Span;

/// Lines of one person that follow each other within this time share a header.
const GROUP_MS: u64 = 5 * 60 * 1000;
/// Characters of a message that a reply shows of it: what fits one line of a wide screen.
const QUOTE_CHARS: usize = 140;

/// What makes a row the same row after a change. A message of one's own keeps its key from the moment it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Start,
    Loading,
    LoadingBelow,
    Day(i64),
    New,
    Message(Seq),
    Own(CommandId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// There is nothing older in this room.
    Start,
    /// There is, and it is on its way.
    Loading,
    Day(Millis),
    /// "New since you left."
    New,
    Message(Box<Entry>),
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name, once it has one.
    pub(crate) seq: Option<Seq>,
    pub(crate) fate: Fate,
    pub(crate) author: Author,
    pub(crate) at: Millis,
    pub(crate) text: String,
    pub(crate) files: Vec<File>,
    pub(crate) reply: Option<Quote>,
    pub(crate) edited: bool,
    pub(crate) removed: bool,
    /// The removal can still be taken back.
    pub(crate) undo: bool,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) pinned: bool,
    /// It names whoever looks.
    pub(crate) names_me: bool,
    /// The first of a group.
    pub(crate) is_head: bool,
    pub(crate) is_own: bool,
}

/// How far a message, or a new text for it, has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Stands,
    Queued(CommandId),
    Sending(CommandId),
    Sent(CommandId),
    Refused(CommandId, String),
    /// Another tab sends it.
    Elsewhere(CommandId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Quote {
    Here {
        seq: Seq,
        author: Author,
        text: String,
    },
    /// Further back than what is loaded.
    Elsewhere(Seq),
    Removed,
}

/// What the rows depend on besides the messages.
#[derive(Clone, Debug)]
pub(crate) struct Viewer<'a> {
    pub(crate) me: Option<&'a Author>,
    /// The last seq that was seen before the person left.
    pub(crate) seen: Option<Seq>,
    pub(crate) day_of: fn(Millis) -> i64,
    /// What is on its way to happen to messages: it is shown as if it had.
    pub(crate) changes: &'a [&'a Pending],
    /// Removed, and can be taken back.
    pub(crate) going: &'a [Seq],
}

/// The rows for this span of a room's messages and, after them, of one's own that wait.
pub(crate) fn rows(room: &Room, pending: &[&Pending], span: Span, viewer: &Viewer<'_>) -> Vec<(Key, Row)> {
    let mut rows = Rows { viewer, list: Vec::new(), previous: None, is_new: false };
    if room.is_behind_gap(span.start) {
        rows.push(Key::Loading, Row::Loading);
    } else if span.start == 0 {
        rows.push(Key::Start, Row::Start);
    } else if let Some(before) = room.at(span.start - 1) {
        rows.previous = Some(rows.trace(&before.user.id, before.at));
        rows.is_new = rows.is_unseen(before);
    }
    for index in span.start..span.end.min(room.len()) {
        if let Some(message) = room.at(index) {
            rows.message(message, room);
        }
    }
    if 0 < span.end && room.is_behind_gap(span.end) {
        rows.push(Key::LoadingBelow, Row::Loading);
    }
    let first = span.start.saturating_sub(room.len());
    let last = span.end.saturating_sub(room.len()).min(pending.len());
    for waiting in pending.get(first..last).unwrap_or_default() {
        rows.pending(waiting, room);
    }
    rows.list
}

/// What the next message is compared with.
struct Trace {
    user: UserId,
    at: Millis,
    day: i64,
}

struct Rows<'a> {
    viewer: &'a Viewer<'a>,
    list: Vec<(Key, Row)>,
    previous: Option<Trace>,
    /// The "new" divider stands already, above.
    is_new: bool,
}

impl Rows<'_> {
    fn message(&mut self, message: &Message, room: &Room) {
        let is_own = self.viewer.me.is_some_and(|me| me.id == message.user.id);
        let key = match &message.id {
            Some(id) if is_own => Key::Own(id.clone()),
            Some(_) | None => Key::Message(message.seq),
        };
        let day = (self.viewer.day_of)(message.at);
        let mut is_head = self.day(day, message.at);
        if !self.is_new && !is_own && self.is_unseen(message) {
            self.push(Key::New, Row::New);
            self.is_new = true;
            is_head = true;
        }
        is_head |= message.reply.is_some() || !self.continues(&message.user.id, message.at);
        let entry = self.entry(message, room, is_head, is_own);
        self.push(key, Row::Message(Box::new(entry)));
        self.previous = Some(Trace { user: message.user.id.clone(), at: message.at, day });
    }

    fn entry(&self, message: &Message, room: &Room, is_head: bool, is_own: bool) -> Entry {
        let mut shown = message.clone();
        let mut fate = Fate::Stands;
        for change in self.viewer.changes.iter().filter(|change| change.kind.is_about(message)) {
            let me = self.viewer.me.cloned().unwrap_or_default();
            shown.apply(&change.event(me.clone()), Some(&me.id));
            if matches!(change.kind, Kind::Edit { .. }) {
                fate = Fate::of(change);
            }
        }
        let undo = self.viewer.going.contains(&message.seq) && !message.removed;
        let names = |me: &Author| markup::names(&shown.text, &me.name);
        Entry {
            seq: Some(message.seq),
            fate,
            at: message.at,
            reply: shown.reply.map(|reply| Quote::of(reply, room)),
            edited: shown.edited.is_some(),
            removed: shown.removed || undo,
            undo,
            pinned: shown.pinned,
            names_me: !is_own && self.viewer.me.is_some_and(names),
            is_head,
            is_own,
            author: shown.user,
            text: shown.text,
            files: if undo { Vec::new() } else { shown.files },
            reactions: shown.reactions,
        }
    }

    fn pending(&mut self, pending: &Pending, room: &Room) {
        let Kind::Post { text, reply, files } = &pending.kind else { return };
        let author = self.viewer.me.cloned().unwrap_or_default();
        let day = (self.viewer.day_of)(pending.at);
        let is_head = self.day(day, pending.at) || reply.is_some() || !self.continues(&author.id, pending.at);
        self.previous = Some(self.trace(&author.id, pending.at));
        let key = Key::Own(pending.id.clone());
        // It may stand in the log already, where a repeat is still waiting for its answer; and a list that is drawn by key
        // cannot hold one twice.
        if self.list.iter().any(|(known, _)| *known == key) {
            return;
        }
        let entry = Entry {
            seq: None,
            fate: Fate::of(pending),
            author,
            at: pending.at,
            text: text.clone(),
            files: files.clone(),
            reply: reply.map(|reply| Quote::of(reply, room)),
            edited: false,
            removed: false,
            undo: false,
            reactions: Vec::new(),
            pinned: false,
            names_me: false,
            is_head,
            is_own: true,
        };
        self.push(key, Row::Message(Box::new(entry)));
    }

    /// Draws a line where a day begins, and answers whether it did. This machine's clock may be behind the server's:
    /// a day that has passed does not come again.
    fn day(&mut self, day: i64, at: Millis) -> bool {
        let begins = self.previous.as_ref().is_none_or(|previous| previous.day < day);
        if begins {
            self.push(Key::Day(day), Row::Day(at));
        }
        begins
    }

    fn continues(&self, user: &UserId, at: Millis) -> bool {
        self.previous.as_ref().is_some_and(|previous| previous.user == *user && at < previous.at + GROUP_MS)
    }

    fn is_unseen(&self, message: &Message) -> bool {
        self.viewer.seen.is_some_and(|seen| seen < message.seq)
    }

    fn trace(&self, user: &UserId, at: Millis) -> Trace {
        let day = (self.viewer.day_of)(at);
        let day = self.previous.as_ref().map_or(day, |previous| previous.day.max(day));
        Trace { user: user.clone(), at, day }
    }

    fn push(&mut self, key: Key, row: Row) {
        self.list.push((key, row));
    }
}

impl Fate {
    fn of(pending: &Pending) -> Self {
        let id = pending.id.clone();
        match &pending.status {
            Status::Queued => Self::Queued(id),
            Status::Sending => Self::Sending(id),
            Status::Sent(_) => Self::Sent(id),
            Status::Refused { message, .. } => Self::Refused(id, message.clone()),
            Status::Elsewhere => Self::Elsewhere(id),
        }
    }
}

impl Quote {
    fn of(seq: Seq, room: &Room) -> Self {
        match room.quoted(seq) {
            Some(message) if message.removed => Self::Removed,
            Some(message) => {
                let (author, text) = (message.user.clone(), in_a_line(message, QUOTE_CHARS));
                Self::Here { seq, author, text }
            }
            None => Self::Elsewhere(seq),
        }
    }
}

/// The beginning of a message without its marks; the names of its files, where it has no words.
pub(crate) fn in_a_line(message: &Message, chars: usize) -> String {
    if message.text.is_empty() {
        let mut names = String::new();
        for file in &message.files {
            let comma = if names.is_empty() { "" } else { ", " };
            names = names + comma + &file.name;
        }
        return names.chars().take(chars).collect();
    }
    markup::preview(&message.text, chars)
}

#[cfg(test)]
mod tests;
