//! The newest events of a room, encoded, in memory: what nearly every reader reads from.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::frame::events_frame;
use stonechat_shared::{Event, Kind, RoomName, Seq, UserId};

/// Events that the ring holds at most: a reader that is this far behind reads from the store instead.
const EVENTS: usize = 1_024;
/// Bytes that it holds at most, so that many rooms of long messages stay small.
const BYTES: usize = 1024 * 1024;
/// Bytes of events in one frame. A connection that does not take its frame keeps a copy of it, so a thousand stalled
/// readers hold a thousand of these; four times as much made them twice as heavy and nobody faster.
pub(crate) const BATCH: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Ring {
    /// The seq before the first event here.
    before: Seq,
    events: VecDeque<Entry>,
    bytes: usize,
    /// The frame that was asked for last: most readers stand at the same cursor and ask for the same one.
    last: Mutex<Option<(Seq, Seq, Utf8Bytes)>>,
}

#[derive(Debug)]
struct Entry {
    encoded: String,
    /// The message whose text it carries, and who wrote that.
    about: Option<(Seq, UserId)>,
}

impl Ring {
    pub(super) fn new(head: Seq) -> Self {
        Self { before: head, events: VecDeque::new(), bytes: 0, last: Mutex::new(None) }
    }

    pub(super) fn push(&mut self, room: &RoomName, event: &Event, encoded: &str) {
        assert_eq!(event.seq, self.head() + 1, "{room}: seq has no holes, and commit order is delivery order");
        let about = match &event.kind {
            Kind::Post { .. } => Some((event.seq, event.user.id.clone())),
            Kind::Edit { target, .. } => Some((*target, event.user.id.clone())),
            Kind::Remove { target } => {
                self.forget(|(seq, _)| seq == target);
                None
            }
            Kind::Purge { author, upto } => {
                self.forget(|(seq, user)| user == author && upto.is_none_or(|upto| *seq <= upto));
                None
            }
            Kind::React { .. } | Kind::Pin { .. } | Kind::Room { .. } | Kind::Unknown => None,
        };
        self.bytes += encoded.len();
        self.events.push_back(Entry { encoded: encoded.to_owned(), about });
        while self.events.len() > EVENTS || self.bytes > BYTES {
            self.drop_oldest();
        }
        *self.last.get_mut().expect("nobody panics holding it") = None;
    }

    /// The events after this cursor as one frame, and the cursor after it; an empty answer where there are none.
    pub(super) fn after(&self, room: &RoomName, cursor: Seq) -> Option<(Utf8Bytes, Seq)> {
        if cursor < self.before {
            return None;
        }
        let skip = usize::try_from(cursor - self.before).ok()?;
        if skip >= self.events.len() {
            return Some((Utf8Bytes::default(), cursor));
        }
        let mut last = self.last.lock().expect("nobody panics holding it");
        if let Some((from, to, frame)) = &*last
            && *from == cursor
        {
            return Some((frame.clone(), *to));
        }
        let mut bytes = 0;
        let batch = self.events.range(skip..).take_while(|entry| {
            let first = bytes == 0;
            bytes += entry.encoded.len();
            first || bytes <= BATCH
        });
        let batch: Vec<&str> = batch.map(|entry| entry.encoded.as_str()).collect();
        let to = cursor + batch.len() as Seq;
        let frame = Utf8Bytes::from(events_frame(room, batch.into_iter()));
        *last = Some((cursor, to, frame.clone()));
        Some((frame, to))
    }

    fn head(&self) -> Seq {
        self.before + self.events.len() as Seq
    }

    fn drop_oldest(&mut self) {
        if let Some(entry) = self.events.pop_front() {
            self.bytes -= entry.encoded.len();
            self.before += 1;
        }
    }

    /// A removed text is not sent again: everything up to the last event that carries one leaves the ring, and who still
    /// needs that reads it from the store, where the text is gone.
    fn forget(&mut self, is_removed: impl Fn(&(Seq, UserId)) -> bool) {
        if let Some(index) = self.events.iter().rposition(|entry| entry.about.as_ref().is_some_and(&is_removed)) {
            for _ in 0..=index {
                self.drop_oldest();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use stonechat_shared::Author;

    use super::*;

    fn event(seq: Seq, kind: Kind) -> Event {
        Event { seq, at: 0, user: Author::default(), id: None, kind }
    }

    fn post(seq: Seq) -> Event {
        event(seq, Kind::Post { text: format!("text {seq}"), reply: None, files: Vec::new() })
    }

    fn ring(posts: Seq) -> Ring {
        let mut ring = Ring::new(0);
        for seq in 1..=posts {
            ring.push(&"lobby".into(), &post(seq), &post(seq).encode());
        }
        ring
    }

    #[test]
    fn a_reader_gets_all_that_follows_its_cursor_in_one_frame() {
        let room = RoomName::from("lobby");
        let (frame, to) = ring(3).after(&room, 1).unwrap();
        assert_eq!(to, 3);
        assert!(!frame.contains("text 1") && frame.contains("text 2") && frame.contains("text 3"));
        assert_eq!(ring(3).after(&room, 3), Some((Utf8Bytes::default(), 3)));
    }

    #[test]
    fn a_reader_behind_the_ring_is_sent_to_the_store() {
        let ring = ring(EVENTS as Seq + 2);
        assert_eq!(ring.after(&"lobby".into(), 1), None);
        assert!(ring.after(&"lobby".into(), 2).is_some());
    }

    #[test]
    fn a_removed_text_leaves_the_ring() {
        let mut ring = ring(4);
        let remove = event(5, Kind::Remove { target: 2 });
        ring.push(&"lobby".into(), &remove, &remove.encode());
        assert_eq!(ring.after(&"lobby".into(), 1), None);
        let (frame, to) = ring.after(&"lobby".into(), 2).unwrap();
        assert_eq!(to, 5);
        assert!(!frame.contains("text 2") && frame.contains("text 3"));
    }

    #[test]
    fn all_texts_of_one_person_leave_the_ring() {
        let by =
            |author: &str, event: Event| Event { user: Author { id: author.into(), ..Author::default() }, ..event };
        let mut ring = Ring::new(0);
        let purge = event(5, Kind::Purge { author: "ann".into(), upto: None });
        for event in [by("ann", post(1)), by("ben", post(2)), by("ann", post(3)), by("ben", post(4)), purge] {
            ring.push(&"lobby".into(), &event, &event.encode());
        }
        assert_eq!(ring.after(&"lobby".into(), 2), None);
        let (frame, to) = ring.after(&"lobby".into(), 3).unwrap();
        assert_eq!(to, 5);
        assert!(!frame.contains("text 3") && frame.contains("text 4"));
    }
}
