//! What was written, changed or taken back and is not yet seen in the log.

use serde::{Deserialize, Serialize};

use crate::event::{Author, Kind};
use crate::frame::{Code, Refusal};
use crate::ids::{CommandId, Millis, RoomName, Seq, UserId};
use crate::{Command, Event};

/// One message on its way, or something that is to happen to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub id: CommandId,
    pub room: RoomName,
    /// The event that it will be.
    #[serde(flatten)]
    pub kind: Kind,
    /// When it was written, by this client's clock.
    pub at: Millis,
    pub status: Status,
    /// Not before: the server asked to wait.
    pub wait_until: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Waits for a connection, for the one before it, or for the time that the server named.
    Queued,
    /// Handed to the connection. Whether it arrived, only an answer can tell.
    Sending,
    /// On the server's disk as this seq; its event is still on the way.
    Sent(Seq),
    /// Not accepted, and why. It stays until the person retries or discards it.
    Refused { code: Code, message: String },
    /// In the outbox of another tab of the same person, which sends it.
    Elsewhere,
}

#[derive(Debug, Default)]
pub struct Outbox {
    /// In the order in which they were written.
    pending: Vec<Pending>,
    /// Whose they are: nobody else sends them.
    owner: Option<UserId>,
    /// What waits in the same person's other tabs, by tab: shown here, sent there.
    elsewhere: Vec<(String, Vec<Pending>)>,
}

impl Pending {
    /// A message.
    pub fn new(id: CommandId, room: RoomName, text: String, reply: Option<Seq>, at: Millis) -> Self {
        Self::of(id, room, Kind::Post { text, reply, files: Vec::new() }, at)
    }

    pub fn of(id: CommandId, room: RoomName, kind: Kind, at: Millis) -> Self {
        Self { id, room, kind, at, status: Status::Queued, wait_until: None }
    }

    /// Whether it is a message, and not something about one.
    pub fn is_post(&self) -> bool {
        matches!(self.kind, Kind::Post { .. })
    }

    /// The event that it will be, as this person's page shows it until then.
    pub fn event(&self, user: Author) -> Event {
        Event { seq: Seq::MAX, at: self.at, user, id: Some(self.id.clone()), kind: self.kind.clone() }
    }

    /// What to send for it; nothing for what an earlier version kept and this one does not know.
    pub fn command(&self) -> Option<Command> {
        let (id, room) = (self.id.clone(), self.room.clone());
        Some(match self.kind.clone() {
            Kind::Post { text, reply, files } => {
                let files = files.into_iter().map(|file| file.id).collect();
                Command::Post { id, room, text, reply, files }
            }
            Kind::Edit { target, text } => Command::Edit { id, room, target, text },
            Kind::Remove { target } => Command::Remove { id, room, target },
            Kind::React { target, emoji, on } => Command::React { id, room, target, emoji, on },
            Kind::Pin { target, on } => Command::Pin { id, room, target, on },
            Kind::Purge { author, upto } => Command::Purge { id, room, user: author, upto },
            Kind::Room { title, topic } => Command::Set { id, room, title, topic },
            Kind::Unknown => return None,
        })
    }

    /// Whether the person would have to write again what is in it.
    fn has_words(&self) -> bool {
        match self.kind {
            Kind::Post { .. } | Kind::Edit { .. } => true,
            Kind::Remove { .. }
            | Kind::React { .. }
            | Kind::Pin { .. }
            | Kind::Purge { .. }
            | Kind::Room { .. }
            | Kind::Unknown => false,
        }
    }
}

impl Outbox {
    /// What this tab sends.
    pub fn all(&self) -> &[Pending] {
        &self.pending
    }

    /// Whose they are, where there are any.
    pub fn owner(&self) -> Option<&UserId> {
        self.owner.as_ref().filter(|_| !self.pending.is_empty())
    }

    /// Everything that waits in a room, other tabs' included.
    pub fn of<'a>(&'a self, room: &'a RoomName) -> impl Iterator<Item = &'a Pending> {
        let everywhere = self.pending.iter().chain(self.elsewhere.iter().flat_map(|(_, pending)| pending));
        everywhere.filter(move |pending| pending.room == *room)
    }

    pub(super) fn push(&mut self, pending: Pending, author: Option<&UserId>) {
        debug_assert!(self.pending.iter().all(|other| other.id != pending.id), "an id is used once");
        self.belongs_to(author);
        self.pending.push(pending);
    }

    fn belongs_to(&mut self, author: Option<&UserId>) {
        if self.pending.is_empty() {
            self.owner = author.cloned();
        }
    }

    /// What another tab has in its outbox now; nothing where it is gone.
    pub(super) fn mirror(&mut self, tab: &str, mut pending: Vec<Pending>) {
        for other in &mut pending {
            other.status = Status::Elsewhere;
        }
        self.elsewhere.retain(|(other, _)| other != tab);
        if !pending.is_empty() {
            self.elsewhere.push((tab.to_owned(), pending));
        }
    }

    /// Messages from an earlier visit come before those of this one; where some of them are here already, as after a
    /// visit that broke off while it took them over, the others keep their place among those. Only an answer can tell
    /// what became of them.
    pub(super) fn restore(&mut self, pending: Vec<Pending>, author: Option<&UserId>) {
        self.belongs_to(author);
        let mut place = 0;
        for mut old in pending {
            if let Some(index) = self.pending.iter().position(|other| other.id == old.id) {
                place = place.max(index + 1);
                continue;
            }
            match old.status {
                Status::Sending | Status::Sent(_) => old.status = Status::Queued,
                Status::Queued | Status::Refused { .. } | Status::Elsewhere => {}
            }
            old.wait_until = None;
            self.pending.insert(place, old);
            place += 1;
        }
    }

    /// Another tab has taken everything over.
    pub(super) fn clear(&mut self) {
        self.pending.clear();
    }

    pub(super) fn remove(&mut self, id: &CommandId) {
        self.pending.retain(|pending| pending.id != *id);
    }

    pub(super) fn retry(&mut self, id: &CommandId) {
        if let Some(pending) = self.find(id)
            && matches!(pending.status, Status::Refused { .. })
        {
            pending.status = Status::Queued;
            pending.wait_until = None;
        }
    }

    /// The connection is gone, and with it every certainty about what it carried.
    pub(super) fn unsent(&mut self) {
        for pending in &mut self.pending {
            if pending.status == Status::Sending {
                pending.status = Status::Queued;
            }
        }
    }

    /// Waits that are over are forgotten, whether or not anything can be sent now: nobody comes back for them again.
    pub(super) fn wake(&mut self, now: Millis) {
        for pending in &mut self.pending {
            pending.wait_until = pending.wait_until.filter(|until| now < *until);
        }
    }

    /// It is on disk. `coming` is its seq where the event is still on the way; without it nothing is left to wait for.
    pub(super) fn confirmed(&mut self, id: &CommandId, coming: Option<Seq>) {
        match (self.find(id), coming) {
            (Some(pending), Some(seq)) => pending.status = Status::Sent(seq),
            (Some(_), None) => self.remove(id),
            (None, _) => {}
        }
    }

    /// Answers whether the refusal is kept here, with what was refused; else it is to be told.
    pub(super) fn refused(&mut self, id: &CommandId, refusal: &Refusal, now: Millis) -> bool {
        let Some(pending) = self.find(id) else { return false };
        match refusal.retry_ms {
            Some(wait) if refusal.code.passes() => {
                pending.status = Status::Queued;
                pending.wait_until = Some(now.saturating_add(wait));
            }
            Some(_) | None if pending.has_words() => {
                pending.status = Status::Refused { code: refusal.code, message: refusal.message.clone() };
            }
            Some(_) | None => {
                self.remove(id);
                return false;
            }
        }
        true
    }

    /// Lets go of what has landed, and answers whether anything had.
    pub(super) fn settle(&mut self, landed: impl Fn(&Pending) -> bool) -> bool {
        let mut any = false;
        for pending in self.elsewhere.iter_mut().map(|(_, pending)| pending).chain([&mut self.pending]) {
            let before = pending.len();
            pending.retain(|pending| !landed(pending));
            any |= pending.len() != before;
        }
        any
    }

    /// What goes out now: in each room the first that is not answered, and only when none before it is under way. One at a time keeps the order of their writing even where one is told to wait. What somebody else wrote
    /// waits until they are back.
    pub(super) fn due(&mut self, me: &UserId) -> Vec<Command> {
        if self.owner.get_or_insert_with(|| me.clone()) != me {
            return Vec::new();
        }
        // Also where one that an earlier visit left now stands before it.
        let under_way = self.pending.iter().filter(|pending| pending.status == Status::Sending);
        let mut busy: Vec<RoomName> = under_way.map(|pending| pending.room.clone()).collect();
        let mut commands = Vec::new();
        for pending in &mut self.pending {
            match pending.status {
                Status::Sending | Status::Sent(_) | Status::Refused { .. } | Status::Elsewhere => {}
                Status::Queued => {
                    if busy.contains(&pending.room) {
                        continue;
                    }
                    busy.push(pending.room.clone());
                    if pending.wait_until.is_none() {
                        pending.status = Status::Sending;
                        commands.extend(pending.command());
                    }
                }
            }
        }
        commands
    }

    pub(super) fn next_tick(&self) -> Option<Millis> {
        self.pending.iter().filter_map(|pending| pending.wait_until).min()
    }

    fn find(&mut self, id: &CommandId) -> Option<&mut Pending> {
        self.pending.iter_mut().find(|pending| pending.id == *id)
    }
}
