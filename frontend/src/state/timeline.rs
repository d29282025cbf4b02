//! The part of a room that stands in the page: which rows, and what lies below them.

use stonechat_shared::frame::User;
use stonechat_shared::ids::Millis;
use stonechat_shared::replica::{Ask, Pending, Room};
use stonechat_shared::{Author, Replica, RoomName, Seq};

use super::rows::{Key, Row, Viewer, rows};
use super::span::{LONGEST, Span};

/// Older messages are asked for when this few are left above the page.
const AHEAD: usize = LONGEST / 2;

#[derive(Debug)]
pub(crate) struct Timeline {
    room: RoomName,
    span: Span,
    /// How long the list was when the span was set: messages and, after them, one's own that wait.
    len: usize,
    /// The first message in the page, and where in the list it was: found again, it says how much came in front.
    first: Option<(Seq, usize)>,
    /// The newest message that the reader had in view.
    reached: Seq,
    divider: Divider,
    /// The person wants what stands under the divider to stay new.
    kept_new: bool,
}

/// Where "new since you left" stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Divider {
    /// The room was opened; how far it was read before is known once its messages are here.
    Unknown,
    Nowhere,
    After(Seq),
}

/// Where the first message is that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstNew {
    /// The room is not here yet.
    Unknown,
    Nowhere,
    /// Among what was not loaded, and not before this seq.
    Above(Seq),
    Here,
}

/// What the reader is doing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    /// At the bottom, to stay there.
    pub(crate) follows: bool,
    /// At the bottom, but nothing is to move.
    pub(crate) holds: bool,
    /// The page is seen.
    pub(crate) looks: bool,
    /// What they have removed and can still take back.
    pub(crate) going: &'a [Seq],
}

/// What is to be shown.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) rows: Vec<(Key, Row)>,
    /// Whether the newest message is among the rows.
    pub(crate) is_complete: bool,
    /// There is nothing at all in this room.
    pub(crate) is_empty: bool,
    /// What others wrote below what the reader had in view.
    pub(crate) below: usize,
    /// The reader has now seen the room up to here.
    pub(crate) reached: Seq,
}

impl Timeline {
    pub(crate) fn new(room: RoomName) -> Self {
        Self {
            room,
            span: Span::default(),
            len: 0,
            first: None,
            reached: 0,
            divider: Divider::Unknown,
            kept_new: false,
        }
    }

    /// The rows after a change, nothing until the room's messages are here.
    pub(crate) fn draw(&mut self, replica: &Replica, reader: Reader<'_>, day_of: fn(Millis) -> i64) -> Option<Picture> {
        let room = replica.room(&self.room).filter(|room| room.is_ready())?;
        self.settle_divider(replica, room);
        let name = self.room.clone();
        let (pending, changes): (Vec<&Pending>, Vec<&Pending>) =
            replica.outbox().of(&name).partition(|pending| pending.is_post());
        let len = room.len() + pending.len();
        let prepended = self.first.and_then(|(seq, index)| room.index_of(seq)?.checked_sub(index));
        self.span = match prepended {
            // What comes waits outside the page: a room that does not fill the view would move for it.
            Some(prepended) if reader.holds => self.span.moved(prepended, len),
            Some(prepended) => self.span.changed(prepended, self.len, len, reader.follows),
            None => Span::newest(len).within((room.whole_around(len).0, len)),
        };
        self.len = len;
        self.first = room.at(self.span.start).map(|message| (message.seq, self.span.start));
        let is_complete = self.span.is_complete(len);
        if reader.follows && reader.looks && is_complete && !self.kept_new {
            self.reached = room.cursor();
        }
        let me = replica.me().map(User::author);
        let viewer =
            Viewer { me: me.as_ref(), seen: self.divider.seen(), day_of, changes: &changes, going: reader.going };
        Some(Picture {
            rows: rows(room, &pending, self.span, &viewer),
            is_complete,
            is_empty: len == 0 && !room.has_more(),
            below: self.below(room, me.as_ref()),
            reached: self.reached,
        })
    }

    /// Towards older messages; answers whether there were any outside the page.
    pub(crate) fn earlier(&mut self, replica: &Replica) -> bool {
        self.move_to(self.span.earlier(), replica)
    }

    /// Towards newer messages; answers whether there were any outside the page.
    pub(crate) fn later(&mut self, replica: &Replica) -> bool {
        self.move_to(self.span.later(self.len), replica)
    }

    /// The older messages that should be asked for.
    pub(crate) fn wants_earlier(&self, replica: &Replica) -> Option<Ask> {
        let room = replica.room(&self.room).filter(|room| room.is_ready())?;
        let (first, _) = room.whole_around(self.span.start);
        let wants = self.span.start < first + AHEAD && room.is_behind_gap(first);
        Some(Ask::Before(room.at(first).filter(|_| wants)?.seq))
    }

    /// The newer ones, where some are missing behind those that are in the page.
    pub(crate) fn wants_later(&self, replica: &Replica) -> Option<Ask> {
        let room = replica.room(&self.room).filter(|room| room.is_ready())?;
        let (_, behind) = room.whole_around(self.span.start);
        let wants = self.span.end + AHEAD > behind && 0 < behind && room.is_behind_gap(behind);
        Some(Ask::After(room.at(behind.checked_sub(1).filter(|_| wants)?)?.seq))
    }

    /// To a message, where it is here: puts it among the rows, and answers whether it is.
    pub(crate) fn jump_to(&mut self, replica: &Replica, seq: Seq) -> bool {
        let Some(room) = replica.room(&self.room) else { return false };
        let Some(index) = room.index_of(seq) else { return false };
        self.len = room.len() + replica.outbox().of(&self.room).filter(|pending| pending.is_post()).count();
        self.span = Span::around(index, self.len).within(self.whole_around(room, index));
        self.first = room.at(self.span.start).map(|message| (message.seq, self.span.start));
        true
    }

    /// To the newest message.
    pub(crate) fn jump_to_now(&mut self) {
        self.first = None;
    }

    /// To the first message that is new; where that is.
    pub(crate) fn jump_to_new(&mut self, replica: &Replica) -> FirstNew {
        let Some(room) = replica.room(&self.room).filter(|room| room.is_ready()) else { return FirstNew::Unknown };
        self.settle_divider(replica, room);
        let Some(seen) = self.divider.seen() else { return FirstNew::Nowhere };
        if room.misses(seen + 1) {
            return FirstNew::Above(seen + 1);
        }
        let Some(index) = self.first_new(room, replica, seen) else { return FirstNew::Nowhere };
        if let Some(message) = room.at(index) {
            let seq = message.seq;
            self.jump_to(replica, seq);
        }
        FirstNew::Here
    }

    /// Whether what is new begins above the rows that are in the page.
    pub(crate) fn has_new_above(&self, replica: &Replica) -> bool {
        let room = replica.room(&self.room).filter(|room| room.is_ready());
        let Some((room, seen)) = room.zip(self.divider.seen()) else { return false };
        let is_new = |index| room.at(index).is_some_and(|message| message.seq > seen);
        self.span.start.checked_sub(1).is_some_and(is_new)
            || room.is_behind_gap(self.span.start) && is_new(self.span.start)
    }

    /// From this message on all is to be new again, until the person goes elsewhere or says otherwise.
    pub(crate) fn keep_new(&mut self, from: Seq) {
        self.divider = Divider::After(from.saturating_sub(1));
        self.reached = self.reached.min(from.saturating_sub(1));
        self.kept_new = true;
    }

    /// Nobody looks any more: what comes now is new. Where nobody has looked yet, that is what was not read before.
    pub(crate) fn left(&mut self) {
        if self.divider != Divider::Unknown {
            self.divider = Divider::After(self.reached);
        }
    }

    /// Somebody looks again, or has written. A line that nothing stands under is taken away.
    pub(crate) fn came_back(&mut self, replica: &Replica, has_written: bool) {
        let newest = replica.room(&self.room).and_then(|room| room.messages().next_back()).map_or(0, |last| last.seq);
        self.kept_new &= !has_written;
        if has_written || matches!(self.divider, Divider::After(seq) if seq >= newest) {
            self.divider = Divider::Nowhere;
        }
    }

    fn move_to(&mut self, span: Span, replica: &Replica) -> bool {
        let Some(room) = replica.room(&self.room) else { return false };
        let span = span.within(self.whole_around(room, self.span.start));
        std::mem::replace(&mut self.span, span) != span
    }

    /// The part of the list within which nothing is missing. One's own that wait stand behind all messages.
    fn whole_around(&self, room: &Room, index: usize) -> (usize, usize) {
        let (first, behind) = room.whole_around(index);
        (first, if behind == room.len() { self.len } else { behind })
    }

    fn settle_divider(&mut self, replica: &Replica, room: &Room) {
        if self.divider == Divider::Unknown {
            let head = replica.heads().iter().find(|head| head.room == self.room);
            let (read, unread) = head.map_or((0, 0), |head| (head.read, head.unread));
            // Where nothing was ever read and nobody counts, all is new, and a line would say nothing.
            let is_new = read < room.cursor() && (0 < read || 0 < unread);
            self.divider = if is_new { Divider::After(read) } else { Divider::Nowhere };
            self.reached = self.reached.max(read);
        }
    }

    /// Where in the room the first message of somebody else stands that was not seen.
    fn first_new(&self, room: &Room, replica: &Replica, seen: Seq) -> Option<usize> {
        let me = replica.me().map(|me| &me.id);
        room.messages().position(|message| message.seq > seen && Some(&message.user.id) != me)
    }

    fn below(&self, room: &Room, me: Option<&Author>) -> usize {
        let unreached = room.messages().rev().take_while(|message| message.seq > self.reached);
        unreached.filter(|message| me.is_none_or(|me| me.id != message.user.id)).count()
    }
}

impl Divider {
    fn seen(self) -> Option<Seq> {
        match self {
            Self::After(seq) => Some(seq),
            Self::Unknown | Self::Nowhere => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use stonechat_shared::frame::{Frame, Joined, Limits, Role, RoomHead, Server, Welcome};
    use stonechat_shared::{Event, Kind, Message};

    use super::*;

    /// A room of five messages, of which the first three were read.
    fn replica() -> Replica {
        let room = RoomName::from("lobby");
        let author = |name: &str| Author { id: name.into(), name: name.into() };
        let post = |seq| {
            let kind = Kind::Post { text: "words".into(), reply: None, files: Vec::new() };
            Message::posted(&Event { seq, at: 0, user: author("ben"), id: None, kind })
        };
        let mut replica = Replica::new();
        let _ = replica.receive(
            Frame::Welcome(Welcome {
                user: User { id: "ann".into(), name: "Ann".into(), role: Role::Member, away: false },
                server: Server { name: "stonechat".into(), version: "0".into() },
                rooms: vec![RoomHead { room: room.clone(), head: 5, read: 3, unread: 2, ..RoomHead::default() }],
                limits: Limits { text: 4000, frame: 65536, file: 0, edit_ms: 0 },
                ping_ms: 25000,
            }),
            0,
        );
        let _ = replica.open(&room);
        let messages = Some((1..=5).filter_map(post).collect());
        let joined = Joined { room, epoch: "e".into(), head: 5, after: None, messages, more: Some(true) };
        let _ = replica.receive(Frame::Joined(joined), 0);
        replica
    }

    #[test]
    fn who_opens_a_room_behind_another_window_finds_the_line_where_they_had_read_to() {
        let mut timeline = Timeline::new("lobby".into());
        timeline.left();
        assert_eq!(timeline.jump_to_new(&replica()), FirstNew::Here);
        assert_eq!(timeline.divider, Divider::After(3));
    }

    #[test]
    fn what_comes_while_nobody_looks_is_new() {
        let mut timeline = Timeline::new("lobby".into());
        let reader = Reader { follows: true, holds: false, looks: true, going: &[] };
        assert!(timeline.draw(&replica(), reader, |_| 0).is_some());
        timeline.left();
        assert_eq!(timeline.divider, Divider::After(5));
    }
}
