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

#[test]
fn what_is_new_in_a_room_that_is_here_is_counted_with_each_message() {
    let mut log = Log::default();
    log.post(&user("ben"), "b1", "old");
    let mut replica = joined(&log);
    let _ = replica.read(&lobby(), 1);
    let counted = |replica: &Replica| {
        let line = &replica.lines()[0];
        (line.unread, line.mentions)
    };
    assert_eq!(counted(&replica), (0, 0));
    log.post(&user("ben"), "b2", "anything");
    log.post(&user("ben"), "b3", "@ann, look: a@nn");
    log.post(&ann(), "c1", "@Ann am I");
    let _ = replica.receive(log.events(1), 0);
    assert_eq!(counted(&replica), (2, 1), "one's own are not new");
    log.append(&user("ben"), "b4", Kind::Remove { target: 3 });
    let _ = replica.receive(log.events(4), 0);
    assert_eq!(counted(&replica), (1, 0), "what is removed is not new");
    let _ = replica.read(&lobby(), 5);
    assert_eq!(counted(&replica), (0, 0));
}

#[test]
fn of_what_is_not_all_here_the_server_may_know_more() {
    let mut log = Log::default();
    for i in 0..10 {
        log.post(&user("ben"), &format!("b{i}"), "new");
    }
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let Frame::Welcome(mut told) = welcome() else { panic!("a welcome") };
    (told.rooms[0].head, told.rooms[0].unread, told.rooms[0].mentions) = (10, 10, 2);
    let _ = replica.receive(Frame::Welcome(told), 0);
    for frame in log.join(None, 4) {
        let _ = replica.receive(frame, 0);
    }
    let line = &replica.lines()[0];
    assert_eq!((line.unread, line.mentions), (10, 2));
}

#[test]
fn a_room_of_which_there_is_no_copy_has_something_new_until_the_list_says_what() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    let heads = [(lobby(), 4)].into_iter().collect();
    let _ = replica.receive(Frame::Heads { heads }, 0);
    assert_eq!(replica.lines()[0].unread, 1);
    let _ = replica.list(vec![RoomHead { head: 4, unread: 3, ..replica.heads()[0].clone() }]);
    assert_eq!(replica.lines()[0].unread, 3);
}

#[test]
fn a_room_that_is_new_to_the_list_has_it_asked_for() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    assert!(!replica.take_uncounted());
    let out = replica.receive(Frame::Heads { heads: [("new".into(), 0)].into_iter().collect() }, 0);
    assert_eq!((out.changes, replica.take_uncounted()), (vec![Change::Heads], true));
}

#[test]
fn marks_that_were_moved_without_a_line_are_told_when_it_is_back() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    let _ = replica.disconnected();
    assert_eq!(commands(replica.read(&lobby(), 5)), []);
    let read = Command::Read { room: lobby(), seq: 5, back: Some(0) };
    assert_eq!(commands(replica.receive(welcome(), 0)), [read]);
    let _ = replica.disconnected();
    assert_eq!(commands(replica.unread(&lobby(), 4)), []);
    assert_eq!(commands(replica.unread(&lobby(), 3)), []);
    assert_eq!((replica.heads()[0].read, replica.heads()[0].back), (2, 2), "it is so here at once");
    assert_eq!(commands(replica.receive(welcome(), 0)), [Command::Unread { room: lobby(), seq: 3 }]);
    assert_eq!(replica.heads()[0].back, 1, "as the server has it, which was told once");
    let Frame::Welcome(mut told) = welcome() else { unreachable!("it is one") };
    (told.rooms[0].read, told.rooms[0].back) = (2, 1);
    assert_eq!(commands(replica.receive(Frame::Welcome(told), 0)), [], "it has heard");
}

#[test]
fn a_guest_tells_of_no_marks_which_nobody_would_keep() {
    let mut replica = Replica::new();
    let Frame::Welcome(mut guest) = welcome() else { unreachable!("it is one") };
    guest.user.role = Role::Guest;
    let _ = replica.receive(Frame::Welcome(guest.clone()), 0);
    let _ = replica.disconnected();
    let _ = replica.read(&lobby(), 5);
    assert_eq!(commands(replica.receive(Frame::Welcome(guest), 0)), []);
}
