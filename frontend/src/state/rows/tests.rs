//! What a timeline shows of a room.

use stonechat_shared::frame::{Frame, Limits, Role, Server, User, Welcome};
use stonechat_shared::{Replica, RoomName};

use super::*;
use crate::state::span::Span;

const MINUTE: u64 = 60 * 1000;
const DAY: u64 = 24 * 60 * MINUTE;

#[test]
fn lines_of_one_person_within_five_minutes_share_a_header() {
    let replica =
        room_of(&[("ann", 0), ("ann", MINUTE), ("ben", 2 * MINUTE), ("ann", 3 * MINUTE), ("ann", 9 * MINUTE)]);
    assert_eq!(shown(&replica, None), ["start", "day 0", "ann!", "ann", "ben!", "ann!", "ann!"]);
}

#[test]
fn a_day_begins_with_a_divider_and_a_header() {
    let replica = room_of(&[("ann", DAY - 1), ("ann", DAY)]);
    assert_eq!(shown(&replica, None), ["start", "day 0", "ann!", "day 1", "ann!"]);
}

#[test]
fn new_since_you_left_stands_once_and_before_what_others_wrote() {
    let replica = room_of(&[("ann", 0), ("me", 1), ("ben", 2), ("ann", 3)]);
    assert_eq!(shown(&replica, Some(1)), ["start", "day 0", "ann!", "me!", "new", "ben!", "ann!"]);
    assert_eq!(shown(&replica, Some(4)), ["start", "day 0", "ann!", "me!", "ben!", "ann!"]);
}

#[test]
fn a_message_of_ones_own_keeps_its_key_from_the_outbox_to_the_log() {
    let mut replica = room_of(&[("ann", 0)]);
    let _ = replica.post(&lobby(), "c1".into(), "hi".into(), None, 1);
    let waiting = keys(&replica);
    assert_eq!(waiting.last(), Some(&Key::Own("c1".into())));
    let mine = message(2, "me", 1, Some("c1"));
    let event = Frame::decode(&format!(
        r#"{{"type":"events","room":"lobby","events":[{{"seq":2,"at":1,"kind":"post","user":{{"id":"me","name":"me"}},"id":"c1","text":"{}"}}]}}"#,
        mine.text
    ));
    let _ = replica.receive(event.unwrap(), 2);
    assert_eq!(keys(&replica), waiting);
}

#[test]
fn a_clock_that_is_behind_brings_no_day_back() {
    let mut replica = room_of(&[("ann", 0), ("ann", DAY)]);
    let _ = replica.post(&lobby(), "c1".into(), "hi".into(), None, 5);
    assert_eq!(shown(&replica, None), ["start", "day 0", "ann!", "day 1", "ann!", "me!"]);
}

#[test]
fn a_reply_shows_what_it_answers_or_that_it_is_gone() {
    let mut replica = room_of(&[("ann", 0)]);
    let _ = replica.post(&lobby(), "c1".into(), "yes".into(), Some(1), 1);
    let _ = replica.post(&lobby(), "c2".into(), "no".into(), Some(99), 1);
    let quotes: Vec<Option<Quote>> = all(&replica, None)
        .into_iter()
        .filter_map(|(_, row)| if let Row::Message(entry) = row { Some(entry.reply) } else { None })
        .collect();
    let ann = Author { id: "ann".into(), name: "ann".into() };
    assert_eq!(
        quotes,
        [None, Some(Quote::Here { seq: 1, author: ann, text: "hi".into() }), Some(Quote::Elsewhere(99))]
    );
}

#[test]
fn where_there_is_more_the_first_row_says_so() {
    let replica = room_with_more(&[("ann", 0)], true);
    assert_eq!(shown(&replica, None), ["loading", "day 0", "ann!"]);
}

fn lobby() -> RoomName {
    RoomName::LOBBY.into()
}

fn message(seq: Seq, user: &str, at: Millis, id: Option<&str>) -> Message {
    Message {
        seq,
        at,
        user: Author { id: user.into(), name: user.to_owned() },
        id: id.map(Into::into),
        text: "hi".to_owned(),
        reply: None,
        edited: None,
        removed: false,
        reactions: Vec::new(),
        pinned: false,
        files: Vec::new(),
    }
}

/// A replica whose lobby holds one message for each of these, as (person, time).
fn room_of(posts: &[(&str, Millis)]) -> Replica {
    room_with_more(posts, false)
}

fn room_with_more(posts: &[(&str, Millis)], more: bool) -> Replica {
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let me = User { id: "me".into(), name: "me".to_owned(), role: Role::Member, away: false };
    let server = Server { name: "stonechat".to_owned(), version: "0".to_owned() };
    let limits = Limits { text: 4_000, frame: 65_536, file: 0, edit_ms: 0 };
    let _ = replica.receive(Frame::Welcome(Welcome { user: me, server, rooms: vec![], limits, ping_ms: 1 }), 0);
    let messages = posts.iter().zip(1..).map(|(&(user, at), seq)| message(seq, user, at, None)).collect();
    let joined = stonechat_shared::frame::Joined {
        room: lobby(),
        epoch: "e".to_owned(),
        head: posts.len() as Seq,
        after: None,
        messages: Some(messages),
        more: Some(more),
    };
    let _ = replica.receive(Frame::Joined(joined), 0);
    replica
}

fn all(replica: &Replica, seen: Option<Seq>) -> Vec<(Key, Row)> {
    let room = replica.room(&lobby()).unwrap();
    let lobby = lobby();
    let pending: Vec<&Pending> = replica.outbox().of(&lobby).collect();
    let me = replica.me().map(User::author);
    let (changes, pending): (Vec<&Pending>, Vec<&Pending>) = pending.into_iter().partition(|it| !it.is_post());
    let day_of = |at: Millis| (at / DAY).cast_signed();
    let viewer = Viewer { me: me.as_ref(), seen, day_of, changes: &changes, going: &[] };
    rows(room, &pending, Span::newest(room.len() + pending.len()), &viewer)
}

fn keys(replica: &Replica) -> Vec<Key> {
    all(replica, None).into_iter().map(|(key, _)| key).collect()
}

/// One word a row; `!` marks the first of a group.
fn shown(replica: &Replica, seen: Option<Seq>) -> Vec<String> {
    let word = |(_, row): (Key, Row)| match row {
        Row::Start => "start".to_owned(),
        Row::Loading => "loading".to_owned(),
        Row::Day(at) => format!("day {}", at / DAY),
        Row::New => "new".to_owned(),
        Row::Message(entry) => format!("{}{}", entry.author.name, if entry.is_head { "!" } else { "" }),
    };
    all(replica, seen).into_iter().map(word).collect()
}
