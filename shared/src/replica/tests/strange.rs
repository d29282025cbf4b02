//! Input that no server and no page of ours should give: the promises hold all the same. `cargo xtask fuzz` looks for
//! more.

use super::*;
use crate::event::Reaction;

fn pending(id: &str) -> Pending {
    Pending::new(id.into(), lobby(), id.to_owned(), None, 0)
}

fn message(seq: Seq) -> Message {
    let kind = Kind::Post { text: seq.to_string(), reply: None, files: Vec::new() };
    Message::posted(&Event { seq, at: 0, user: user("ben").author(), id: None, kind }).unwrap()
}

fn snapshot(head: Seq, seqs: &[Seq]) -> Frame {
    Frame::Joined(Joined {
        room: lobby(),
        epoch: "e1".into(),
        head,
        after: None,
        messages: Some(seqs.iter().copied().map(message).collect()),
        more: Some(true),
    })
}

fn seqs(replica: &Replica) -> Vec<Seq> {
    replica.room(&lobby()).unwrap().messages().map(|message| message.seq).collect()
}

#[test]
fn a_post_that_is_taken_up_while_another_is_under_way_waits_its_turn() {
    let mut replica = joined(&Log::default());
    assert_eq!(write(&mut replica, "c2"), [post("c2")]);
    assert_eq!(commands(replica.restore(vec![pending("c1")], 0)), []);
    assert_eq!(commands(replica.receive(ok("c2", 1), 0)), [post("c1")]);
}

#[test]
fn a_post_that_was_left_twice_is_taken_up_once() {
    let mut replica = Replica::new();
    let _ = replica.restore(vec![pending("c1"), pending("c2"), pending("c1")], 0);
    assert_eq!(waiting(&replica), ["c1", "c2"]);
}

#[test]
fn messages_of_a_snapshot_out_of_order_or_beyond_its_head_are_left_out() {
    let mut replica = joined(&Log::default());
    let _ = replica.receive(snapshot(5, &[0, 2, 2, 1, 4, 6]), 0);
    assert_eq!(seqs(&replica), [2, 4]);
}

#[test]
fn a_message_that_a_page_of_history_knows_before_the_cursor_does_stands_once() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    replica.ask_history(&lobby(), Ask::Around(1));
    let event = log.post(&user("ben"), "c1", "one");
    let page = History { messages: log.messages.clone(), more: false, head: 1 };
    let _ = replica.history(&lobby(), Ask::Around(1), Some(page));
    let _ = replica.receive(Frame::Events { room: lobby(), events: vec![event] }, 0);
    assert_eq!(texts(&replica), ["one"]);
}

#[test]
fn numbers_at_their_edge_are_borne() {
    let mut replica = joined(&Log::default());
    write(&mut replica, "c1");
    let _ = replica.receive(error("c1", Code::RateLimited, Some(u64::MAX)), 7);
    assert_eq!(replica.next_tick(), Some(Millis::MAX));
    let mut frame = snapshot(1, &[1]);
    if let Frame::Joined(Joined { messages: Some(messages), .. }) = &mut frame {
        messages[0].reactions = [(0, "a"), (u32::MAX, "b")]
            .map(|(count, emoji)| Reaction { emoji: emoji.into(), count, mine: false })
            .into();
    }
    let _ = replica.receive(frame, 7);
    let react = |seq, emoji: &str, on| Event {
        seq,
        at: 0,
        user: user("ben").author(),
        id: None,
        kind: Kind::React { target: 1, emoji: emoji.into(), on },
    };
    let _ =
        replica.receive(Frame::Events { room: lobby(), events: vec![react(2, "a", false), react(3, "b", true)] }, 7);
    let counts: Vec<u32> =
        replica.room(&lobby()).unwrap().message(1).unwrap().reactions.iter().map(|r| r.count).collect();
    assert_eq!(counts, [u32::MAX]);
}

#[test]
fn a_time_that_has_come_is_not_asked_for_again_though_nothing_can_be_sent() {
    let mut replica = joined(&Log::default());
    write(&mut replica, "c1");
    let _ = replica.receive(error("c1", Code::RateLimited, Some(2000)), 1000);
    let _ = replica.disconnected();
    assert_eq!(replica.next_tick(), Some(3000));
    assert_eq!(commands(replica.tick(3000)), []);
    assert_eq!(replica.next_tick(), None);
    assert_eq!(commands(replica.receive(welcome(), 3500)), [join(Some(0)), post("c1")]);
}

#[test]
fn a_wait_that_ends_behind_another_post_of_the_room_is_over() {
    let mut replica = joined(&Log::default());
    write(&mut replica, "c1");
    let _ = replica.receive(error("c1", Code::RateLimited, Some(2000)), 1000);
    let _ = replica.restore(vec![Pending::new("c0".into(), lobby(), "c0".into(), None, 0)], 1500);
    assert_eq!(commands(replica.tick(3000)), [], "the one before it is under way");
    assert_eq!(replica.next_tick(), None);
    assert_eq!(commands(replica.receive(ok("c0", 1), 3100)), [post("c1")]);
}
