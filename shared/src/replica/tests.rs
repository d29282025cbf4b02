//! What a replica promises, one promise a test; `world` holds it to all of them at once.

mod gap;
mod list;
mod people;
mod strange;
mod world;

use super::*;
use crate::event::{Event, File, Kind, Message};
use crate::frame::{Code, Joined, Limits, Role, Server};

/// The server's side of one room, in memory.
#[derive(Default)]
struct Log {
    events: Vec<Event>,
    messages: Vec<Message>,
}

fn lobby() -> RoomName {
    RoomName::LOBBY.into()
}

fn user(id: &str) -> User {
    User { id: id.into(), name: id.to_uppercase(), role: Role::Member, away: false }
}

fn ann() -> User {
    user("ann")
}

fn file(name: &str) -> File {
    let id = format!("f_{name}").as_str().into();
    File { id, name: name.into(), kind: "image/png".into(), size: 3, width: Some(2), height: Some(1) }
}

fn welcome() -> Frame {
    Frame::Welcome(Welcome {
        user: ann(),
        server: Server { name: "stonechat".into(), version: "0".into() },
        rooms: vec![RoomHead { room: lobby(), title: "Lobby".into(), ..RoomHead::default() }],
        limits: Limits { text: 4000, frame: 65536, file: 0, edit_ms: 0 },
        ping_ms: 25000,
    })
}

impl Log {
    fn append(&mut self, user: &User, id: &str, kind: Kind) -> Event {
        let event = Event { seq: self.head() + 1, at: 0, user: user.author(), id: Some(id.into()), kind };
        for message in self.messages.iter_mut().filter(|message| event.kind.is_about(message)) {
            message.apply(&event, Some(&ann().id));
        }
        self.messages.extend(Message::posted(&event));
        self.events.push(event.clone());
        event
    }

    fn post(&mut self, user: &User, id: &str, text: &str) -> Event {
        self.append(user, id, Kind::Post { text: text.into(), reply: None, files: Vec::new() })
    }

    fn head(&self) -> Seq {
        self.events.len() as Seq
    }

    fn events(&self, after: Seq) -> Frame {
        Frame::Events { room: lobby(), events: self.events[after as usize..].to_vec() }
    }

    /// The answer to a join: what is missing, or a snapshot of the newest `size` messages.
    fn join(&self, after: Option<Seq>, size: usize) -> Vec<Frame> {
        let mut joined =
            Joined { room: lobby(), epoch: "a9".into(), head: self.head(), after, messages: None, more: None };
        if let Some(after) = after {
            return vec![Frame::Joined(joined), self.events(after)];
        }
        let skip = self.messages.len().saturating_sub(size);
        joined.messages = Some(self.messages[skip..].to_vec());
        joined.more = Some(skip > 0);
        vec![Frame::Joined(joined)]
    }

    /// As the server answers it.
    fn page(&self, ask: Ask, size: usize) -> History {
        let split = |seq| self.messages.partition_point(|message| message.seq < seq);
        let (from, to) = match ask {
            Ask::Before(seq) => (split(seq).saturating_sub(size), split(seq)),
            Ask::After(seq) => (split(seq + 1), split(seq + 1) + size),
            Ask::Around(seq) => (split(seq).saturating_sub(size / 2), split(seq) + size - size / 2),
        };
        let to = to.min(self.messages.len());
        let more = if matches!(ask, Ask::After(_)) { to < self.messages.len() } else { from > 0 };
        History { messages: self.messages[from..to].to_vec(), more, head: self.head() }
    }
}

/// A replica that is in the lobby of this log.
fn joined(log: &Log) -> Replica {
    let mut replica = Replica::new();
    assert_eq!(replica.open(&lobby()), Output::default());
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(None)]);
    for frame in log.join(None, 50) {
        let _ = replica.receive(frame, 0);
    }
    replica
}

fn join(after: Option<Seq>) -> Command {
    Command::Join { room: lobby(), after, epoch: after.map(|_| "a9".into()) }
}

fn post(id: &str) -> Command {
    Command::Post { id: id.into(), room: lobby(), text: id.into(), reply: None, files: Vec::new() }
}

fn write(replica: &mut Replica, id: &str) -> Vec<Command> {
    commands(replica.post(&lobby(), id.into(), id.into(), None, 0))
}

fn ok(id: &str, seq: Seq) -> Frame {
    Frame::Ok { id: id.into(), room: lobby(), seq: Some(seq), again: false }
}

fn error(id: &str, code: Code, retry_ms: Option<u64>) -> Frame {
    Frame::Error(Refusal { id: Some(id.into()), room: None, code, message: "No.".into(), retry_ms })
}

fn commands(output: Output) -> Vec<Command> {
    output.commands
}

fn texts(replica: &Replica) -> Vec<String> {
    replica.room(&lobby()).unwrap().messages().map(|message| message.text.clone()).collect()
}

fn waiting(replica: &Replica) -> Vec<String> {
    replica.outbox().all().iter().map(|pending| pending.id.to_string()).collect()
}

#[test]
fn coming_back_asks_only_for_what_was_missed() {
    let mut log = Log::default();
    log.post(&ann(), "c1", "one");
    let mut replica = joined(&log);
    let _ = replica.disconnected();
    log.post(&user("ben"), "c1", "two");
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(Some(1))]);
    for frame in log.join(Some(1), 50) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!(texts(&replica), ["one", "two"]);
}

#[test]
fn a_hole_is_asked_for_once_and_nothing_is_shown_out_of_order() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    for id in ["c1", "c2", "c3"] {
        log.post(&ann(), id, id);
    }
    assert_eq!(commands(replica.receive(log.events(1), 0)), [join(Some(0))]);
    assert_eq!(commands(replica.receive(log.events(2), 0)), [], "the answer is under way");
    assert!(texts(&replica).is_empty());
    for frame in log.join(Some(0), 50) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!(texts(&replica), ["c1", "c2", "c3"]);
}

#[test]
fn a_head_that_is_ahead_of_the_cursor_is_a_lost_tail() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    log.post(&ann(), "c1", "one");
    let ping = Frame::Ping { heads: [(lobby(), 1)].into_iter().collect() };
    assert_eq!(commands(replica.receive(ping, 0)), [Command::Pong, join(Some(0))]);
}

#[test]
fn an_event_that_comes_twice_counts_once() {
    let mut log = Log::default();
    log.post(&ann(), "c1", "one");
    log.append(&user("ben"), "r1", Kind::React { target: 1, emoji: "👍".into(), on: true });
    let mut replica = joined(&Log::default());
    for _ in 0..2 {
        let _ = replica.receive(log.events(0), 0);
    }
    let room = replica.room(&lobby()).unwrap();
    assert_eq!(room.messages().next().unwrap().reactions[0].count, 1);
    assert_eq!(room.len(), 1);
}

#[test]
fn a_post_waits_for_the_line_and_goes_out_when_it_is_there() {
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    assert_eq!(write(&mut replica, "c1"), []);
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(None), post("c1")]);
}

#[test]
fn a_post_whose_answer_was_lost_is_sent_again_under_the_same_id() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    assert_eq!(write(&mut replica, "c1"), [post("c1")]);
    log.post(&ann(), "c1", "c1");
    let _ = replica.disconnected();
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(Some(0)), post("c1")]);
    for frame in log.join(Some(0), 50) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!((texts(&replica), waiting(&replica)), (vec!["c1".to_owned()], vec![]));
    let _ = replica.receive(ok("c1", 1), 0);
    assert_eq!(waiting(&replica), [""; 0]);
}

#[test]
fn a_post_found_in_a_snapshot_is_no_longer_waited_for() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    write(&mut replica, "c1");
    log.post(&ann(), "c1", "c1");
    for frame in log.join(None, 50) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!(waiting(&replica), [""; 0]);
}

#[test]
fn a_post_is_never_shown_twice_whichever_answer_comes_first() {
    for ok_first in [true, false] {
        let mut log = Log::default();
        let mut replica = joined(&log);
        write(&mut replica, "c1");
        log.post(&ann(), "c1", "c1");
        let answers = if ok_first { [ok("c1", 1), log.events(0)] } else { [log.events(0), ok("c1", 1)] };
        for frame in answers {
            let _ = replica.receive(frame, 0);
            assert_eq!(texts(&replica).len() + waiting(&replica).len(), 1);
        }
        assert_eq!(waiting(&replica), [""; 0]);
    }
}

#[test]
fn somebody_elses_post_of_the_same_id_is_not_mine() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    write(&mut replica, "c1");
    log.post(&user("ben"), "c1", "ben's");
    let _ = replica.receive(log.events(0), 0);
    assert_eq!(waiting(&replica), ["c1"]);
}

#[test]
fn posts_go_out_in_the_order_of_their_writing_even_when_one_has_to_wait() {
    let mut replica = joined(&Log::default());
    assert_eq!(write(&mut replica, "c1"), [post("c1")]);
    assert_eq!(write(&mut replica, "c2"), []);
    assert_eq!(commands(replica.receive(error("c1", Code::RateLimited, Some(2000)), 1000)), []);
    assert_eq!(replica.next_tick(), Some(3000));
    assert_eq!(commands(replica.tick(2999)), []);
    assert_eq!(commands(replica.tick(3000)), [post("c1")]);
    assert_eq!(commands(replica.receive(ok("c1", 1), 3000)), [post("c2")]);
}

#[test]
fn a_refused_post_stays_with_its_reason_and_does_not_hold_up_the_next() {
    let mut replica = joined(&Log::default());
    write(&mut replica, "c1");
    write(&mut replica, "c2");
    assert_eq!(commands(replica.receive(error("c1", Code::Muted, None), 0)), [post("c2")]);
    assert!(matches!(replica.outbox().all()[0].status, Status::Refused { code: Code::Muted, .. }));
    let _ = replica.receive(ok("c2", 1), 0);
    assert_eq!(commands(replica.retry(&"c1".into(), 0)), [post("c1")]);
    let _ = replica.receive(error("c1", Code::Muted, None), 0);
    let _ = replica.discard(&"c1".into(), 0);
    assert_eq!(waiting(&replica), ["c2"], "it is confirmed, and its event is still on the way");
}

#[test]
fn an_edit_that_overtakes_a_page_of_history_is_not_lost() {
    let mut log = Log::default();
    for i in 1..=4 {
        log.post(&ann(), &format!("c{i}"), &format!("{i}"));
    }
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let _ = replica.receive(welcome(), 0);
    for frame in log.join(None, 2) {
        let _ = replica.receive(frame, 0);
    }
    replica.ask_history(&lobby(), Ask::Before(3));
    let page = log.page(Ask::Before(3), 10);
    log.append(&ann(), "c5", Kind::Edit { target: 1, text: "one".into() });
    log.append(&ann(), "c6", Kind::React { target: 2, emoji: "👍".into(), on: true });
    let _ = replica.receive(log.events(4), 0);
    let _ = replica.history(&lobby(), Ask::Before(3), Some(page));
    assert!(replica.room(&lobby()).unwrap().messages().eq(&log.messages));
}

#[test]
fn a_page_of_history_that_is_ahead_of_the_cursor_is_not_folded_twice() {
    let mut log = Log::default();
    for i in 1..=4 {
        log.post(&ann(), &format!("c{i}"), &format!("{i}"));
    }
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let _ = replica.receive(welcome(), 0);
    for frame in log.join(None, 2) {
        let _ = replica.receive(frame, 0);
    }
    log.append(&ann(), "c5", Kind::React { target: 1, emoji: "👍".into(), on: true });
    replica.ask_history(&lobby(), Ask::Before(3));
    let _ = replica.history(&lobby(), Ask::Before(3), Some(log.page(Ask::Before(3), 10)));
    let _ = replica.receive(log.events(4), 0);
    assert!(replica.room(&lobby()).unwrap().messages().eq(&log.messages));
}

#[test]
fn a_page_that_was_asked_for_before_a_snapshot_is_thrown_away() {
    let mut log = Log::default();
    for i in 1..=4 {
        log.post(&ann(), &format!("c{i}"), &format!("{i}"));
    }
    let mut replica = joined(&log);
    replica.ask_history(&lobby(), Ask::Before(3));
    let page = log.page(Ask::Before(3), 10);
    log.append(&ann(), "c5", Kind::Remove { target: 1 });
    for frame in log.join(None, 2) {
        let _ = replica.receive(frame, 0);
    }
    let _ = replica.history(&lobby(), Ask::Before(3), Some(page));
    assert_eq!(texts(&replica), ["3", "4"]);
}

#[test]
fn another_person_reads_everything_through_their_own_eyes() {
    let mut log = Log::default();
    log.post(&ann(), "c1", "one");
    let mut replica = joined(&log);
    let _ = replica.disconnected();
    let Frame::Welcome(mut as_ben) = welcome() else { panic!("a welcome") };
    as_ben.user = user("ben");
    assert_eq!(commands(replica.receive(Frame::Welcome(as_ben), 0)), [join(None)]);
    assert_eq!(texts(&replica), ["one"], "what is there stays on the screen until the new view has come");
}

#[test]
fn who_goes_through_very_many_rooms_leaves_those_they_came_to_first() {
    let mut replica = Replica::new();
    let _ = replica.receive(welcome(), 0);
    let names: Vec<RoomName> = (0..=COPIES).map(|n| format!("room-{n}").into()).collect();
    for name in &names[..COPIES] {
        assert_eq!(commands(replica.open(name)).len(), 1, "a join, and nothing is left");
    }
    let [leave, join] = &commands(replica.open(&names[COPIES]))[..] else { panic!("one goes, one comes") };
    assert_eq!((leave, join.room()), (&Command::Leave { room: names[0].clone() }, Some(&names[COPIES])));
    assert!(replica.room(&names[0]).is_none() && replica.room(&names[1]).is_some());
}
