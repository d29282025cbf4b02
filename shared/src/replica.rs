//! A client's copy of its rooms and the outbox of what it has not seen confirmed, sans IO: frames and the time go in,
//! commands and changes come out. It does not know what carries them.
//!
//! The promises it keeps: a room's messages are the fold of its log up to the cursor; a post is in the outbox until it
//! stands in the log or is refused; posts of one room go out in the order in which they were written.

mod list;
mod outbox;
mod room;

pub use outbox::{Outbox, Pending, Status};
pub use room::{Ask, Room};

use crate::few::Few;
use crate::frame::{Frame, Presence, Refusal, Role, RoomHead, User, Welcome};
use crate::ids::{CommandId, Millis, RoomName, Seq, UserId};
use crate::page::History;
use crate::{Author, Command, Kind};

/// Rooms of which a copy is kept at most: half of those that a server lets one connection be in.
const COPIES: usize = 50;

/// What came of an input: commands to send now, in this order, and what to draw again.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Output {
    pub commands: Vec<Command>,
    pub changes: Vec<Change>,
}

/// What is different from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Who we are, what the server is, and the list of rooms.
    Welcome,
    /// The room list: a head moved.
    Heads,
    /// The person's settings: they can be asked for.
    Settings,
    /// A room's messages.
    Log(RoomName),
    /// A room's messages were replaced: what stood there before may be gone.
    Reset(RoomName),
    /// Messages that wait.
    Outbox,
    /// Messages that wait in other tabs.
    Elsewhere,
    Presence(RoomName),
    Typing(RoomName),
    /// A command was refused of which nothing is left to show.
    Refused(Refusal),
}

#[derive(Debug, Default)]
pub struct Replica {
    welcome: Option<Welcome>,
    rooms: Few<RoomName, Room>,
    outbox: Outbox,
    /// Who writes: whom the server named last, or whoever is about to be named.
    author: Option<UserId>,
    /// Between `welcome` and [`Replica::disconnected`].
    online: bool,
    /// Something is new in a room of which there is no copy to count in.
    uncounted: bool,
}

impl Replica {
    pub fn new() -> Self {
        Self::default()
    }

    /// Who the server takes us for, once it has said so.
    pub fn me(&self) -> Option<&User> {
        self.welcome.as_ref().map(|welcome| &welcome.user)
    }

    pub fn welcome(&self) -> Option<&Welcome> {
        self.welcome.as_ref()
    }

    /// The rooms that the server listed, with the newest heads that are known.
    pub fn heads(&self) -> &[RoomHead] {
        self.welcome.as_ref().map_or(&[], |welcome| &welcome.rooms)
    }

    pub fn room(&self, name: &RoomName) -> Option<&Room> {
        self.rooms.get(name)
    }

    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Somebody, where they are in one of the rooms of which a copy is kept.
    pub fn person(&self, is_it: impl Fn(&User) -> bool) -> Option<&User> {
        self.rooms.iter().flat_map(|(_, room)| room.people()).find(|user| is_it(user))
    }

    /// The rooms of which a copy is kept, how far each is known, and the name of the log.
    pub fn places(&self) -> (Vec<(RoomName, Option<Seq>)>, Option<String>) {
        let rooms = self.rooms.iter().map(|(name, room)| (name.clone(), room.is_ready().then(|| room.cursor())));
        (rooms.collect(), self.rooms.iter().find_map(|(_, room)| room.epoch().map(str::to_owned)))
    }

    /// Whom the server is about to take us for: what is written from now on is theirs, and waits until it does.
    pub fn known_as(&mut self, author: UserId) {
        self.author = Some(author);
    }

    /// Keeps a copy of this room from now on; where there are many, the one that was come to longest ago makes place.
    pub fn open(&mut self, name: &RoomName) -> Output {
        let mut out = Output::default();
        if let Some(room) = self.rooms.remove(name) {
            self.rooms.insert(name.clone(), room);
        } else {
            let is_full = self.rooms.iter().count() == COPIES;
            let oldest = self.rooms.iter().next().map(|(name, _)| name.clone());
            if let Some(oldest) = oldest.filter(|_| is_full) {
                out = self.close(&oldest);
            }
            let mut room = Room::default();
            if self.online {
                out.commands.push(room.rejoin(name));
            }
            self.rooms.insert(name.clone(), room);
        }
        out
    }

    /// Keeps no copy of this room any more. What waits in its outbox still goes out.
    pub fn close(&mut self, name: &RoomName) -> Output {
        let mut out = Output::default();
        if self.rooms.remove(name).is_some() {
            // What is new there is for the list to say from now on.
            self.uncounted = true;
            out.changes.push(Change::Heads);
            if self.online {
                out.commands.push(Command::Leave { room: name.clone() });
            }
        }
        out
    }

    /// Writes a message. It stands in the outbox until the log has it; `id` must be new.
    pub fn post(&mut self, room: &RoomName, id: CommandId, text: String, reply: Option<Seq>, now: Millis) -> Output {
        self.change(room, id, Kind::Post { text, reply, files: Vec::new() }, now)
    }

    /// Makes this event: a message with all that it may have, or what happens to one. It is shown at once and waits in the
    /// outbox; `id` must be new.
    pub fn change(&mut self, room: &RoomName, id: CommandId, kind: Kind, now: Millis) -> Output {
        self.outbox.push(Pending::of(id, room.clone(), kind, now), self.author.as_ref());
        self.pump(now, vec![Change::Outbox])
    }

    /// Sends a refused message again.
    pub fn retry(&mut self, id: &CommandId, now: Millis) -> Output {
        self.outbox.retry(id);
        self.pump(now, vec![Change::Outbox])
    }

    /// Gives a refused or queued message up.
    pub fn discard(&mut self, id: &CommandId, now: Millis) -> Output {
        self.outbox.remove(id);
        self.pump(now, vec![Change::Outbox])
    }

    /// Takes up messages that an earlier visit did not see confirmed. Those that did arrive are answered as repeats.
    pub fn restore(&mut self, pending: Vec<Pending>, now: Millis) -> Output {
        self.outbox.restore(pending, self.author.as_ref());
        self.pump(now, vec![Change::Outbox])
    }

    /// What another tab of this person has in its outbox now.
    pub fn mirror(&mut self, tab: &str, pending: Vec<Pending>) -> Output {
        self.outbox.mirror(tab, pending);
        Output { commands: Vec::new(), changes: vec![Change::Elsewhere] }
    }

    /// Another tab has taken over what waited here while this one slept.
    pub fn give_up(&mut self) -> Output {
        self.outbox.clear();
        Output { commands: Vec::new(), changes: vec![Change::Outbox] }
    }

    /// The connection is gone: what was under way must be sent again.
    pub fn disconnected(&mut self) -> Output {
        self.online = false;
        self.outbox.unsent();
        Output { commands: Vec::new(), changes: vec![Change::Outbox] }
    }

    /// Time has come for [`Replica::next_tick`].
    pub fn tick(&mut self, now: Millis) -> Output {
        self.pump(now, Vec::new())
    }

    /// When a message that was asked to wait may go out.
    pub fn next_tick(&self) -> Option<Millis> {
        self.outbox.next_tick()
    }

    /// Lets go of what is far back in a room where nobody looks back, once there are twice as many messages as are to be
    /// kept: a page that is open beside a stream all night would hold all of it.
    pub fn trim(&mut self, room: &RoomName, keep: usize) {
        if let Some(room) = self.rooms.get_mut(room) {
            room.trim(keep);
        }
    }

    /// A page of history is asked for: until it comes, what happens to old messages is remembered for it.
    pub fn ask_history(&mut self, room: &RoomName, ask: Ask) {
        if let Some(room) = self.rooms.get_mut(room) {
            room.ask_history(ask);
        }
    }

    /// The page of history that was asked for; `None` where it could not be had.
    pub fn history(&mut self, name: &RoomName, ask: Ask, page: Option<History>) -> Output {
        let reader = self.welcome.as_ref().map(|welcome| welcome.user.id.clone());
        let mut out = Output::default();
        if let Some(room) = self.rooms.get_mut(name) {
            room.history(ask, page, reader.as_ref());
            out.changes.push(Change::Log(name.clone()));
        }
        out
    }

    /// Takes in what was asked for around one message, to show what it says where others answer it. Nothing where the page
    /// cannot be used: it lacks what came since, and has to be asked for again.
    pub fn set_aside(&mut self, name: &RoomName, seq: Seq, page: History) -> Option<Output> {
        let is_used = self.rooms.get_mut(name)?.set_aside(seq, page);
        is_used.then(|| Output { changes: vec![Change::Log(name.clone())], ..Output::default() })
    }

    /// Takes in one frame.
    pub fn receive(&mut self, frame: Frame, now: Millis) -> Output {
        match frame {
            Frame::Welcome(welcome) => self.welcomed(welcome, now),
            Frame::Joined(joined) => {
                let (name, me) = (joined.room.clone(), self.me().map(|me| me.id.clone()));
                let Some(room) = self.rooms.get_mut(&name) else { return Output::default() };
                let change = if joined.messages.is_some() { Change::Reset } else { Change::Log };
                room.joined(joined);
                let cursor = room.cursor();
                let mut changes = vec![change(name.clone())];
                changes.extend(self.moved(&name, cursor));
                let Some(room) = self.rooms.get(&name) else { return Output::default() };
                let landed = |pending: &Pending| {
                    let is_known = matches!(pending.status, Status::Sent(seq) if seq <= cursor);
                    pending.room == name && (is_known || room.has_command(me.as_ref(), &pending.id))
                };
                if self.outbox.settle(landed) {
                    changes.push(Change::Outbox);
                }
                self.pump(now, changes)
            }
            Frame::Events { room, events } => self.events(&room, &events, now),
            Frame::Ok { id, room, seq, .. } => {
                let cursor = self.rooms.get(&room).map_or(Seq::MAX, Room::cursor);
                self.outbox.confirmed(&id, seq.filter(|&seq| seq > cursor));
                self.pump(now, vec![Change::Outbox])
            }
            Frame::Error(refusal) => {
                if let (None, Some(room)) =
                    (&refusal.id, refusal.room.as_ref().and_then(|room| self.rooms.get_mut(room)))
                {
                    room.refused();
                }
                let posted = refusal.id.as_ref().is_some_and(|id| self.outbox.refused(id, &refusal, now));
                let mut changes = vec![Change::Outbox];
                if !posted {
                    changes.push(Change::Refused(refusal));
                }
                self.pump(now, changes)
            }
            Frame::Presence(presence) => self.presence(presence),
            Frame::Typing { room, users } => self.typing(room, users),
            Frame::Read { room, seq: read, back, unread, mentions } => {
                self.has_read(&RoomHead { room, read, back, unread, mentions, ..RoomHead::default() })
            }
            Frame::Ping { heads } => self.ping(&heads),
            Frame::Heads { heads } => {
                let changes = heads.iter().filter_map(|(name, &head)| self.moved(name, head)).collect();
                Output { commands: Vec::new(), changes }
            }
            Frame::Room(head) => self.line(head),
            Frame::Gone { room } => self.gone(&room),
            Frame::Settings => Output { commands: Vec::new(), changes: vec![Change::Settings] },
            Frame::Pong { .. } | Frame::Bye { .. } | Frame::Unknown => Output::default(),
        }
    }

    fn welcomed(&mut self, welcome: Welcome, now: Millis) -> Output {
        // A guest is somebody new with every connection, and nothing in the rooms is theirs.
        let guests = |me: &User| me.role == Role::Guest && welcome.user.role == Role::Guest;
        let stranger = self.me().is_some_and(|me| me.id != welcome.user.id && !guests(me));
        let before = self.welcome.replace(welcome).map(|welcome| welcome.rooms);
        let mut commands = Vec::new();
        if let (Some(welcome), Some(before), false) = (&mut self.welcome, before, stranger) {
            // What guests have read is kept by nobody.
            if welcome.user.role != Role::Guest {
                commands = list::untold_marks(&welcome.rooms, &before);
            }
            let told: Vec<u32> = welcome.rooms.iter().map(|head| head.back).collect();
            list::keep_newest(&mut welcome.rooms, &before);
            // However often it was moved back without a line, the server hears of it once.
            welcome.rooms.iter_mut().zip(told).for_each(|(head, told)| head.back = head.back.min(told + 1));
        }
        self.author = self.me().map(|me| me.id.clone());
        self.online = true;
        self.outbox.unsent();
        for (name, room) in self.rooms.iter_mut() {
            if stranger {
                // What is "mine" was another person's: the log has to be read again through the new eyes.
                room.forget();
            }
            commands.push(room.rejoin(name));
        }
        let mut out = self.pump(now, vec![Change::Welcome, Change::Outbox]);
        commands.append(&mut out.commands);
        Output { commands, changes: out.changes }
    }

    fn events(&mut self, name: &RoomName, events: &[crate::Event], now: Millis) -> Output {
        let reader: Option<UserId> = self.me().map(|me| me.id.clone());
        let Some(room) = self.rooms.get_mut(name) else { return Output::default() };
        let before = room.cursor();
        let whole = room.events(events, reader.as_ref());
        let cursor = room.cursor();
        let join = if whole { None } else { room.repair(name) };
        let mut changes = vec![Change::Log(name.clone())];
        changes.extend(self.moved(name, cursor));
        for event in events.iter().filter(|event| (before + 1..=cursor).contains(&event.seq)) {
            changes.extend(self.set(name, &event.kind));
        }
        let landed = |pending: &Pending| {
            pending.room == *name
                && (matches!(pending.status, Status::Sent(seq) if seq <= cursor)
                    || events
                        .iter()
                        .any(|event| event.id.as_ref() == Some(&pending.id) && reader.as_ref() == Some(&event.user.id)))
        };
        if self.outbox.settle(landed) {
            changes.push(Change::Outbox);
        }
        let mut out = self.pump(now, changes);
        out.commands.extend(join);
        out
    }

    fn presence(&mut self, presence: Presence) -> Output {
        let name = presence.room.clone();
        let Some(room) = self.rooms.get_mut(&name) else { return Output::default() };
        room.presence(presence);
        Output { commands: Vec::new(), changes: vec![Change::Presence(name)] }
    }

    fn typing(&mut self, name: RoomName, users: Vec<Author>) -> Output {
        let Some(room) = self.rooms.get_mut(&name) else { return Output::default() };
        room.typing(users);
        Output { commands: Vec::new(), changes: vec![Change::Typing(name)] }
    }

    /// The server is alive; where one of its heads is ahead of our cursor, something was lost on the way.
    fn ping(&mut self, heads: &Few<RoomName, Seq>) -> Output {
        let mut out = Output { commands: vec![Command::Pong], changes: Vec::new() };
        for (name, &head) in heads.iter() {
            out.changes.extend(self.moved(name, head));
            if let Some(room) = self.rooms.get_mut(name)
                && room.cursor() < head
            {
                out.commands.extend(room.repair(name));
            }
        }
        out
    }

    /// Sends what may go out now.
    fn pump(&mut self, now: Millis, changes: Vec<Change>) -> Output {
        let me = self.welcome.as_ref().map(|welcome| &welcome.user.id).filter(|_| self.online);
        self.outbox.wake(now);
        let commands = me.map_or_else(Vec::new, |me| self.outbox.due(me));
        Output { commands, changes }
    }
}

#[cfg(test)]
mod tests;
