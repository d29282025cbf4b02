//! A person at a replica: what they do, and what must hold after it.

use std::collections::{BTreeMap, BTreeSet};

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use stonechat_shared::page::History;
use stonechat_shared::replica::{Ask, Pending, Replica, Room, Status};
use stonechat_shared::{Command, Frame, RoomName, Seq};

use crate::says::{self, Old, Says, id, room};

/// Small numbers meet each other: a `u8` names a room, a person, a message or a command.
#[derive(Arbitrary, Debug)]
pub(crate) enum Step {
    Hear(Says),
    Open { room: u8 },
    Close { room: u8 },
    Post { room: u8, id: u8, reply: Option<u8> },
    Retry { id: u8 },
    Discard { id: u8 },
    Restore { kept: Vec<Kept> },
    Read { room: u8, seq: u8 },
    AskHistory { room: u8, side: u8, seq: u8 },
    History { room: u8, side: u8, seq: u8, page: Option<Page> },
    List { heads: Vec<(u8, u8)> },
    Disconnected,
    Tick { later: u16 },
}

/// A message that an earlier visit left.
#[derive(Arbitrary, Debug)]
pub(crate) struct Kept {
    room: u8,
    id: u8,
    sent: Option<u8>,
    wait_until: Option<u64>,
}

#[derive(Arbitrary, Debug)]
pub(crate) struct Page {
    messages: Vec<Old>,
    more: bool,
    head: u8,
}

#[derive(Debug)]
pub(crate) struct Desk {
    replica: Replica,
    now: u64,
    online: bool,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let mut replica = Replica::new();
        drop(replica.open(&room(0)));
        Self { replica, now: 0, online: false }
    }

    pub(crate) fn hear(&mut self, frame: Frame) {
        self.online |= matches!(frame, Frame::Welcome(_));
        let replaced = snapshot_of(&frame);
        let now = self.now;
        self.watched(replaced, |replica| replica.receive(frame, now).commands);
    }

    pub(crate) fn take(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Hear(says) => self.hear(says.frame()),
            Step::Open { room: name } => self.watched(None, |replica| replica.open(&room(name)).commands),
            Step::Close { room: name } => self.watched(None, |replica| replica.close(&room(name)).commands),
            Step::Post { room: name, id: new, reply } => self.watched(None, |replica| {
                // An id is used once: that is the caller's part.
                if replica.outbox().all().iter().any(|pending| pending.id == id(new)) {
                    return Vec::new();
                }
                replica.post(&room(name), id(new), "hi".to_owned(), reply.map(Seq::from), now).commands
            }),
            Step::Retry { id: which } => self.watched(None, |replica| replica.retry(&id(which), now).commands),
            Step::Discard { id: which } => self.watched(None, |replica| replica.discard(&id(which), now).commands),
            Step::Restore { kept } => self
                .watched(None, |replica| replica.restore(kept.into_iter().map(Kept::pending).collect(), now).commands),
            Step::Read { room: name, seq } => {
                self.watched(None, |replica| replica.read(&room(name), seq.into()).commands);
            }
            Step::AskHistory { room: name, side, seq } => self.watched(None, |replica| {
                replica.ask_history(&room(name), ask(side, seq));
                Vec::new()
            }),
            Step::History { room: name, side, seq, page } => {
                let page = page.map(Page::history);
                self.watched(None, |replica| replica.history(&room(name), ask(side, seq), page).commands);
            }
            Step::List { heads } => self.watched(None, |replica| replica.list(says::heads(&heads)).commands),
            Step::Disconnected => {
                self.online = false;
                self.watched(None, |replica| replica.disconnected().commands);
            }
            Step::Tick { later } => {
                self.now += u64::from(later);
                let now = self.now;
                self.watched(None, |replica| replica.tick(now).commands);
            }
        }
    }

    /// Does something to the replica; `replaced` is the room whose content may be another one afterwards.
    fn watched(&mut self, replaced: Option<RoomName>, act: impl FnOnce(&mut Replica) -> Vec<Command>) {
        let before = self.cursors();
        let commands = act(&mut self.replica);
        for (name, cursor) in self.cursors() {
            let known = before.get(&name).copied().filter(|_| replaced.as_ref() != Some(&name)).unwrap_or(0);
            assert!(cursor >= known, "{name}: only a snapshot sets a cursor back");
        }
        for name in before.keys() {
            if let Some(room) = self.replica.room(name) {
                stands_in_order(room);
            }
        }
        self.outbox_is_right(&commands);
    }

    fn cursors(&self) -> BTreeMap<RoomName, Seq> {
        let cursor = |name: RoomName| self.replica.room(&name).map(|room| (name.clone(), room.cursor()));
        (0..says::ROOMS).map(room).filter_map(cursor).collect()
    }

    fn outbox_is_right(&self, commands: &[Command]) {
        let pending = self.replica.outbox().all();
        let ids: BTreeSet<_> = pending.iter().map(|pending| &pending.id).collect();
        assert_eq!(ids.len(), pending.len(), "an id is used once");
        let mut under_way = BTreeSet::new();
        for pending in pending.iter().filter(|pending| pending.status == Status::Sending) {
            assert!(self.online, "nothing is under way without a connection");
            assert!(under_way.insert(&pending.room), "posts of one room go out one at a time");
        }
        for command in commands {
            if let Command::Post { id, .. } = command {
                let sent = pending.iter().find(|pending| pending.id == *id).map(|pending| &pending.status);
                assert_eq!(sent, Some(&Status::Sending), "what goes out is waited for");
            }
        }
    }
}

fn stands_in_order(room: &Room) {
    let seqs: Vec<Seq> = room.messages().map(|message| message.seq).collect();
    assert!(seqs.is_sorted_by(|a, b| a < b), "each message once, in the order of the log: {seqs:?}");
    assert!(seqs.last().is_none_or(|last| *last <= room.cursor()), "nothing stands beyond the cursor");
    for (index, seq) in seqs.iter().enumerate() {
        assert_eq!(room.index_of(*seq), Some(index));
    }
}

fn snapshot_of(frame: &Frame) -> Option<RoomName> {
    let Frame::Joined(joined) = frame else { return None };
    joined.messages.is_some().then(|| joined.room.clone())
}

impl Kept {
    fn pending(self) -> Pending {
        let mut pending = Pending::new(id(self.id), room(self.room), "before".to_owned(), None, 0);
        pending.status = self.sent.map_or(Status::Sending, |seq| Status::Sent(seq.into()));
        pending.wait_until = self.wait_until;
        pending
    }
}

impl Page {
    fn history(self) -> History {
        let messages = self.messages.into_iter().map(Old::message).collect();
        History { messages, more: self.more, head: self.head.into() }
    }
}

fn ask(side: u8, seq: u8) -> Ask {
    let seq = Seq::from(seq);
    match side % 3 {
        0 => Ask::Before(seq),
        1 => Ask::After(seq),
        _ => Ask::Around(seq),
    }
}
