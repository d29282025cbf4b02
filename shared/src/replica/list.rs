//! The list of rooms: their lines, and how far the person has read in each.

use super::{Change, Output, Replica};
use crate::frame::{Role, RoomHead, RoomKind};
use crate::ids::{RoomName, Seq};
use crate::{Command, Kind, limits, markup};

impl Replica {
    /// The person has read this room up to here.
    pub fn read(&mut self, name: &RoomName, seq: Seq) -> Output {
        let online = self.online;
        let mut out = Output::default();
        if let Some(head) = self.head_mut(name)
            && head.read < seq
        {
            head.read = seq;
            if seq >= head.head {
                (head.unread, head.mentions) = (0, 0);
            }
            let back = Some(head.back);
            out.changes.push(Change::Heads);
            if online {
                out.commands.push(Command::Read { room: name.clone(), seq, back });
            }
        }
        out
    }

    /// The list as the reader sees it. The server counts what is new in the rooms of which there is no copy here; in the
    /// others it is counted here, with each message.
    pub fn lines(&self) -> Vec<RoomHead> {
        let mut lines = self.heads().to_vec();
        lines.iter_mut().for_each(|line| self.count(line));
        lines
    }

    fn count(&self, head: &mut RoomHead) {
        let (Some(room), Some(me)) = (self.rooms.get(&head.room), self.me()) else { return };
        if !room.is_ready() || me.role == Role::Guest {
            return;
        }
        let (mut unread, mut mentions) = (0, 0);
        for message in room.messages().rev().take_while(|message| message.seq > head.read) {
            if message.user.id == me.id || message.removed || unread == limits::UNREAD {
                continue;
            }
            let is_for_me = head.kind == RoomKind::Direct || markup::names(&message.text, &me.name);
            unread += 1;
            mentions += u32::from(is_for_me);
        }
        if !room.has_all_from(head.read + 1) || room.cursor() < head.head {
            (unread, mentions) = (unread.max(head.unread), mentions.max(head.mentions));
        }
        (head.unread, head.mentions) = (unread, mentions);
    }

    /// The list of rooms, asked for anew. What is known of a room's head and of our reading never goes back.
    pub fn list(&mut self, rooms: Vec<RoomHead>) -> Output {
        let Some(welcome) = &mut self.welcome else { return Output::default() };
        let before = std::mem::replace(&mut welcome.rooms, rooms);
        keep_newest(&mut welcome.rooms, &before);
        Output { commands: Vec::new(), changes: vec![Change::Heads] }
    }

    /// Everything from this message on is to be new again; the server's answer moves the mark. Without a line it is moved
    /// here, and told with the next `welcome`.
    pub fn unread(&mut self, name: &RoomName, seq: Seq) -> Output {
        if self.online {
            return Output { commands: vec![Command::Unread { room: name.clone(), seq }], changes: Vec::new() };
        }
        if let Some(head) = self.head_mut(name) {
            (head.back, head.read) = (head.back + 1, seq.saturating_sub(1));
        }
        Output { commands: Vec::new(), changes: vec![Change::Heads] }
    }

    /// How far this person has read, as the server has it: `told` has a mark and what is new after it.
    pub(super) fn has_read(&mut self, told: &RoomHead) -> Output {
        if let Some(head) = self.head_mut(&told.room)
            && mark(head) <= mark(told)
        {
            take_mark(head, told);
        }
        Output { commands: Vec::new(), changes: vec![Change::Heads] }
    }

    /// Notes a room's title and topic, where that is what happened.
    pub(super) fn set(&mut self, name: &RoomName, kind: &Kind) -> Option<Change> {
        let Kind::Room { title, topic } = kind else { return None };
        let head = self.head_mut(name)?;
        title.iter().for_each(|title| head.title.clone_from(title));
        topic.iter().for_each(|topic| head.topic.clone_from(topic));
        Some(Change::Heads)
    }

    /// Notes a room's head in the room list. Where there is no copy to count in, something is new until the list says what.
    pub(super) fn moved(&mut self, name: &RoomName, seq: Seq) -> Option<Change> {
        let is_here = self.rooms.get(name).is_some();
        let Some(head) = self.head_mut(name) else {
            // The list does not have it yet.
            self.uncounted |= !is_here;
            return (!is_here).then_some(Change::Heads);
        };
        if seq <= head.head {
            return None;
        }
        head.head = seq;
        if !is_here {
            head.unread = head.unread.max(1);
            self.uncounted = true;
        }
        Some(Change::Heads)
    }

    /// Whether something is new where nothing was counted, since this was asked last: the list says how much.
    pub fn take_uncounted(&mut self) -> bool {
        std::mem::take(&mut self.uncounted)
    }

    /// A room that is new to the list, or its line as it is now.
    pub(super) fn line(&mut self, head: RoomHead) -> Output {
        let Some(welcome) = &mut self.welcome else { return Output::default() };
        match welcome.rooms.iter_mut().find(|known| known.room == head.room) {
            Some(known) => {
                let before = std::mem::replace(known, head);
                keep_newest(std::slice::from_mut(known), &[before]);
            }
            None => welcome.rooms.push(head),
        }
        Output { commands: Vec::new(), changes: vec![Change::Heads] }
    }

    /// A room that is not ours to read any more.
    pub(super) fn gone(&mut self, name: &RoomName) -> Output {
        if let Some(welcome) = &mut self.welcome {
            welcome.rooms.retain(|known| known.room != *name);
        }
        let mut out = Output { commands: Vec::new(), changes: vec![Change::Heads] };
        if self.rooms.remove(name).is_some() {
            out.changes.push(Change::Reset(name.clone()));
        }
        out
    }

    fn head_mut(&mut self, name: &RoomName) -> Option<&mut RoomHead> {
        self.welcome.as_mut()?.rooms.iter_mut().find(|head| head.room == *name)
    }
}

/// What the server has to hear of marks that were moved while there was no line.
pub(super) fn untold_marks(told: &[RoomHead], here: &[RoomHead]) -> Vec<Command> {
    let later = |head: &RoomHead| here.iter().find(|here| here.room == head.room && mark(here) > mark(head)).cloned();
    let command = |(before, now): (u32, RoomHead)| {
        let RoomHead { room, read: seq, back, .. } = now;
        if back > before {
            Command::Unread { room, seq: seq + 1 }
        } else {
            Command::Read { room, seq, back: Some(back) }
        }
    };
    told.iter().filter_map(|head| Some((head.back, later(head)?))).map(command).collect()
}

/// A list of rooms may be older than what frames said meanwhile.
pub(super) fn keep_newest(rooms: &mut [RoomHead], before: &[RoomHead]) {
    for room in rooms {
        if let Some(known) = before.iter().find(|known| known.room == room.room) {
            if known.head > room.head {
                (room.title, room.topic) = (known.title.clone(), known.topic.clone());
            }
            room.head = room.head.max(known.head);
            if mark(room) < mark(known) {
                take_mark(room, known);
            }
        }
    }
}

/// Marks in the order in which they came about.
fn mark(head: &RoomHead) -> (u32, Seq) {
    (head.back, head.read)
}

fn take_mark(head: &mut RoomHead, from: &RoomHead) {
    (head.back, head.read, head.unread, head.mentions) = (from.back, from.read, from.unread, from.mentions);
}
