//! What was promised so far: who wrote what, what was answered, what the log said, and what is never to be heard again.

use std::collections::{BTreeMap, BTreeSet};

use stonechat_shared::{CommandId, Event, Kind, RoomName, Seq, UserId};

/// Who gave a command, and which.
pub(crate) type Name = (UserId, CommandId);

/// A message that somebody wrote in a page.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) name: Name,
    pub(crate) room: RoomName,
    /// The outbox it was written into: what was written into one stands in that order.
    pub(crate) outbox: (u32, u32),
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) written: Vec<Written>,
    /// Written down or handed to a connection: from then on it must not get lost.
    pub(crate) kept: BTreeSet<Name>,
    /// Given up by who wrote it, when it may have been on its way already.
    pub(crate) given_up: BTreeSet<Name>,
    /// Answered `ok`, and with which seq.
    pub(crate) answered: BTreeMap<Name, Option<(RoomName, Seq)>>,
    /// Answered with a refusal that no waiting helps against.
    pub(crate) refused: BTreeSet<Name>,
    /// Every event, as it stood when its commit was known.
    pub(crate) logs: BTreeMap<RoomName, Vec<Event>>,
    /// The mark in the text of each post and each edit.
    marks: BTreeMap<Name, u32>,
    /// The marks of all that a message ever said.
    said: BTreeMap<(RoomName, Seq), Vec<u32>>,
    /// Marks of removed messages.
    removed: BTreeSet<u32>,
}

impl Ledger {
    /// A text like no other.
    pub(crate) fn text(&mut self, name: Name) -> String {
        let mark = u32::try_from(self.marks.len()).expect("nobody writes that much");
        self.marks.insert(name, mark);
        format!("ZQ{mark}Q said")
    }

    /// Takes in what a commit added to a log.
    pub(crate) fn note(&mut self, room: &RoomName, events: Vec<Event>) {
        let log = self.logs.entry(room.clone()).or_default();
        for event in events {
            assert_eq!(event.seq, log.len() as Seq + 1, "{room}: the log has no hole");
            let name = (event.user.id.clone(), event.id.clone().expect("every event has its command's id"));
            let about = event.kind.target().unwrap_or(event.seq);
            let said = self.said.entry((room.clone(), about)).or_default();
            match &event.kind {
                Kind::Post { .. } | Kind::Edit { .. } => said.push(self.marks[&name]),
                Kind::Remove { .. } => self.removed.extend(said.iter().copied()),
                Kind::Purge { author, upto } => {
                    let is_purged = |post: &&Event| post.user.id == *author && upto.is_none_or(|upto| post.seq <= upto);
                    for post in log.iter().filter(is_purged) {
                        self.removed.extend(self.said.get(&(room.clone(), post.seq)).into_iter().flatten().copied());
                    }
                }
                Kind::React { .. } | Kind::Pin { .. } | Kind::Room { .. } | Kind::Unknown => {}
            }
            log.push(event);
        }
    }

    pub(crate) fn head(&self, room: &RoomName) -> Seq {
        self.logs.get(room).map_or(0, |log| log.len() as Seq)
    }

    /// The server said `ok`.
    pub(crate) fn ok(&mut self, name: Name, room: &RoomName, seq: Option<Seq>) {
        assert!(!self.refused.contains(&name), "{name:?} was refused and then carried out");
        let outcome = seq.map(|seq| (room.clone(), seq));
        if let Some((room, seq)) = &outcome {
            let event = self.logs.get(room).and_then(|log| log.get(usize::try_from(*seq).ok()?.checked_sub(1)?));
            let stands = event.is_some_and(|event| event.user.id == name.0 && event.id.as_ref() == Some(&name.1));
            assert!(stands, "{name:?} was answered with {room} {seq}, where {event:?} stands");
        }
        let first = self.answered.entry(name.clone()).or_insert_with(|| outcome.clone());
        assert_eq!(*first, outcome, "{name:?} was answered twice, and not the same");
    }

    /// The server said no, and not that one should wait.
    pub(crate) fn refuse(&mut self, name: Name) {
        assert!(!self.answered.contains_key(&name), "{name:?} was carried out and then refused");
        self.refused.insert(name);
    }

    /// A text that nobody may be told any more must not be in here.
    pub(crate) fn check_silence(&self, text: &str, what: &str) {
        if let Some(mark) = marks(text.as_bytes()).into_iter().find(|mark| self.removed.contains(mark)) {
            panic!("{what} has the removed text {mark}: {text}");
        }
    }
}

/// All marks of texts that these bytes hold.
pub(crate) fn marks(bytes: &[u8]) -> Vec<u32> {
    let text = String::from_utf8_lossy(bytes);
    let digits = text.split("ZQ").skip(1).filter_map(|rest| rest.split_once('Q'));
    digits.filter_map(|(digits, _)| digits.parse().ok()).collect()
}
