//! The list of rooms: lines that come, change and go.

use super::*;

fn event(seq: Seq, kind: Kind) -> Event {
    Event { seq, at: 0, user: ann().author(), id: None, kind }
}

fn titled(title: &str) -> Kind {
    Kind::Room { title: Some(title.into()), topic: None }
}

#[test]
fn a_new_title_stands_in_the_list_and_an_old_list_does_not_take_it_back() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    let before = replica.heads().to_vec();
    let _ = replica.open(&lobby());
    let joined = Joined { room: lobby(), epoch: "e".into(), head: 0, after: None, messages: Some(vec![]), more: None };
    let _ = replica.receive(Frame::Joined(joined), 0);
    let events = vec![event(1, titled("Hall")), event(2, Kind::Room { title: None, topic: Some("Anything".into()) })];
    let out = replica.receive(Frame::Events { room: lobby(), events }, 0);
    assert!(out.changes.contains(&Change::Heads));
    let _ = replica.list(before);
    let line = &replica.heads()[0];
    assert_eq!((line.title.as_str(), line.topic.as_str(), line.head), ("Hall", "Anything", 2));
    let again = Frame::Events { room: lobby(), events: vec![event(1, titled("Old"))] };
    let _ = replica.receive(again, 0);
    assert_eq!(replica.heads()[0].title, "Hall", "what is known already happens once");
}

#[test]
fn a_room_comes_into_the_list_and_goes_with_its_copy() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    let line = RoomHead { room: "x-1".into(), title: "Plans".into(), head: 3, read: 1, ..RoomHead::default() };
    let _ = replica.receive(Frame::Room(line.clone()), 0);
    assert_eq!(replica.heads()[1], line);
    let _ = replica.receive(Frame::Room(RoomHead { title: "Better".into(), head: 2, read: 0, ..line.clone() }), 0);
    assert_eq!(replica.heads().len(), 2);
    assert_eq!((replica.heads()[1].head, replica.heads()[1].read), (3, 1), "neither goes back");
    let _ = replica.open(&line.room);
    let out = replica.receive(Frame::Gone { room: line.room.clone() }, 0);
    assert_eq!(out.changes, [Change::Heads, Change::Reset(line.room.clone())]);
    assert!(replica.room(&line.room).is_none() && replica.heads().len() == 1);
}

#[test]
fn the_later_mark_counts_wherever_it_comes_from() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    let read = |seq, back, unread| Frame::Read { room: lobby(), seq, back, unread, mentions: 0 };
    let line = |replica: &Replica| (replica.heads()[0].read, replica.heads()[0].back, replica.heads()[0].unread);
    let stale = replica.heads().to_vec();
    let read_on = Command::Read { room: lobby(), seq: 5, back: Some(0) };
    assert_eq!(commands(replica.read(&lobby(), 5)), [read_on]);
    let _ = replica.receive(read(4, 0, 3), 0);
    assert_eq!(line(&replica), (5, 0, 0), "what was told before we read on");
    let _ = replica.receive(read(2, 1, 3), 0);
    assert_eq!(line(&replica), (2, 1, 3), "we went back elsewhere");
    let _ = replica.receive(read(5, 0, 0), 0);
    let _ = replica.list(stale);
    assert_eq!(line(&replica), (2, 1, 3), "what is older than that undoes nothing");
    let read_on = Command::Read { room: lobby(), seq: 3, back: Some(1) };
    assert_eq!(commands(replica.read(&lobby(), 3)), [read_on]);
    assert_eq!(commands(replica.unread(&lobby(), 2)), [Command::Unread { room: lobby(), seq: 2 }]);
}
