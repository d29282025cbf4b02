//! Whose messages they are: names that change, guests, other tabs.

use super::*;

fn welcome_of(user: User) -> Frame {
    let Frame::Welcome(welcome) = welcome() else { panic!("a welcome") };
    Frame::Welcome(Welcome { user, ..welcome })
}

#[test]
fn what_one_person_wrote_is_never_sent_as_another() {
    let mut replica = joined(&Log::default());
    assert_eq!(write(&mut replica, "c1"), [post("c1")]);
    let _ = replica.disconnected();
    assert_eq!(commands(replica.receive(welcome_of(user("ben")), 0)), [join(None)]);
    assert_eq!(waiting(&replica), ["c1"], "it waits for its author");
    let _ = replica.disconnected();
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(None), post("c1")]);
}

#[test]
fn a_guest_who_comes_back_as_a_new_guest_keeps_the_room_and_its_cursor() {
    let mut log = Log::default();
    log.post(&user("ben"), "c1", "one");
    let guest = |id: &str| User { role: Role::Guest, ..user(id) };
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let _ = replica.receive(welcome_of(guest("g1")), 0);
    for frame in log.join(None, 50) {
        let _ = replica.receive(frame, 0);
    }
    let _ = replica.disconnected();
    assert_eq!(commands(replica.receive(welcome_of(guest("g2")), 0)), [join(Some(1))]);
}

#[test]
fn a_confirmed_post_that_is_older_than_the_snapshot_is_no_longer_shown_as_waiting() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    write(&mut replica, "c1");
    log.post(&ann(), "c1", "c1");
    let _ = replica.receive(ok("c1", 1), 0);
    for n in 0..3 {
        log.post(&user("ben"), &format!("b{n}"), "more");
    }
    for frame in log.join(None, 2) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!(waiting(&replica), [""; 0]);
}

#[test]
fn what_is_written_right_after_choosing_a_name_waits_for_that_name() {
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let _ = replica.receive(welcome_of(User { role: Role::Guest, ..user("g1") }), 0);
    replica.known_as("ann".into());
    assert_eq!(write(&mut replica, "c1"), [], "it is not a guest's");
    let _ = replica.disconnected();
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(None), post("c1")]);
}

#[test]
fn what_was_written_before_the_server_answered_is_not_sent_as_whoever_it_takes_us_for() {
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    replica.known_as("ann".into());
    let _ = write(&mut replica, "c1");
    assert_eq!(commands(replica.receive(welcome_of(user("ben")), 0)), [join(None)]);
    let _ = replica.disconnected();
    assert_eq!(commands(replica.receive(welcome(), 0)), [join(None), post("c1")]);
}

#[test]
fn what_waits_in_another_tab_is_shown_here_sent_there_and_gone_when_it_has_landed() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    let there = vec![Pending::new("c1".into(), lobby(), "c1".into(), None, 0)];
    assert_eq!(replica.mirror("tab", there), Output { commands: vec![], changes: vec![Change::Elsewhere] });
    let shown = |replica: &Replica| replica.outbox().of(&lobby()).map(|pending| pending.status.clone()).collect();
    let statuses: Vec<Status> = shown(&replica);
    assert_eq!(statuses, [Status::Elsewhere]);
    assert_eq!(waiting(&replica), [""; 0], "it is not this tab's to send");
    log.post(&ann(), "c1", "c1");
    let _ = replica.receive(log.events(0), 0);
    let statuses: Vec<Status> = shown(&replica);
    assert_eq!(statuses, []);
}

#[test]
fn the_places_say_where_a_client_that_speaks_no_socket_goes_on() {
    let mut log = Log::default();
    log.post(&ann(), "c1", "one");
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    assert_eq!(replica.places(), (vec![(lobby(), None)], None));
    assert_eq!(joined(&log).places(), (vec![(lobby(), Some(1))], Some("a9".into())));
}

#[test]
fn somebody_elses_command_of_the_same_id_is_not_taken_for_ones_own() {
    let mut log = Log::default();
    let mut replica = joined(&log);
    write(&mut replica, "c1");
    let _ = replica.disconnected();
    log.post(&user("ben"), "c1", "ben's");
    let _ = replica.receive(welcome(), 0);
    for frame in log.join(None, 50) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!(waiting(&replica), ["c1"]);
}

#[test]
fn what_a_dead_tab_left_keeps_its_order_though_a_part_of_it_was_taken_over_before() {
    let kept = |id: &str| Pending::new(id.into(), lobby(), id.into(), None, 0);
    let mut replica = Replica::new();
    let _ = replica.restore(vec![kept("a1"), kept("a2")], 0);
    write(&mut replica, "b1");
    let _ = replica.restore(vec![kept("a1"), kept("a2"), kept("a3")], 0);
    assert_eq!(waiting(&replica), ["a1", "a2", "a3", "b1"]);
}
