//! Looking far back: what stands there and what is new are both here, and what lies between them comes when it is read.

use super::*;

/// A log of so many posts, each with its seq for a text.
fn log(posts: Seq) -> Log {
    let mut log = Log::default();
    for seq in 1..=posts {
        log.post(&ann(), &format!("c{seq}"), &seq.to_string());
    }
    log
}

/// A replica with the newest ten of them.
fn at_the_end(log: &Log) -> Replica {
    let mut replica = Replica::new();
    let _ = replica.open(&lobby());
    let _ = replica.receive(welcome(), 0);
    for frame in log.join(None, 10) {
        let _ = replica.receive(frame, 0);
    }
    replica
}

fn load(replica: &mut Replica, log: &Log, ask: Ask) {
    replica.ask_history(&lobby(), ask);
    let _ = replica.history(&lobby(), ask, Some(log.page(ask, 6)));
}

fn seqs(replica: &Replica) -> Vec<Seq> {
    replica.room(&lobby()).unwrap().messages().map(|message| message.seq).collect()
}

fn list(parts: &[std::ops::RangeInclusive<Seq>]) -> Vec<Seq> {
    parts.iter().cloned().flatten().collect()
}

/// Whether something is missing at each of these.
fn misses(replica: &Replica, seqs: &[Seq]) -> Vec<bool> {
    seqs.iter().map(|seq| replica.room(&lobby()).unwrap().misses(*seq)).collect()
}

#[test]
fn far_back_is_one_question_and_what_lies_between_is_read_from_either_side() {
    let log = log(40);
    for from_above in [true, false] {
        let mut replica = at_the_end(&log);
        assert_eq!(misses(&replica, &[1, 10, 30, 31, 40, 41]), [true, true, true, false, false, false]);
        load(&mut replica, &log, Ask::Around(10));
        assert_eq!(seqs(&replica), list(&[7..=12, 31..=40]));
        assert_eq!(misses(&replica, &[6, 7, 12, 13, 30, 31]), [true, false, false, true, true, false]);
        let room = replica.room(&lobby()).unwrap();
        assert_eq!((room.whole_around(0), room.whole_around(5), room.whole_around(6)), ((0, 6), (0, 6), (6, 16)));
        assert!(room.has_all_from(31) && !room.has_all_from(30) && !room.has_all_from(8));
        let mut rounds = 0;
        while let room = replica.room(&lobby()).unwrap()
            && let (_, gap) = room.whole_around(0)
            && gap < room.len()
        {
            let (last, next) = (room.at(gap - 1).unwrap().seq, room.at(gap).unwrap().seq);
            let ask = if from_above { Ask::After(last) } else { Ask::Before(next) };
            load(&mut replica, &log, ask);
            rounds += 1;
        }
        assert_eq!((seqs(&replica), rounds), (list(&[7..=40]), 4), "nothing is there twice, and the hole is gone");
        load(&mut replica, &log, Ask::Before(7));
        assert!(replica.room(&lobby()).unwrap().messages().eq(&log.messages));
    }
}

#[test]
fn near_what_is_here_the_rest_comes_along() {
    let replica = at_the_end(&log(1_000));
    let room = replica.room(&lobby()).unwrap();
    assert_eq!(room.ask_for(900), Ask::Before(991));
    assert_eq!(room.ask_for(100), Ask::Around(100));
}

#[test]
fn what_meets_the_newest_leaves_no_hole() {
    let log = log(40);
    let mut replica = at_the_end(&log);
    load(&mut replica, &log, Ask::Around(29));
    assert_eq!(seqs(&replica), list(&[26..=40]));
    assert_eq!(misses(&replica, &[25, 26, 30]), [true, false, false]);
}

#[test]
fn looking_elsewhere_lets_go_of_where_one_was() {
    let log = log(60);
    let mut replica = at_the_end(&log);
    load(&mut replica, &log, Ask::Around(10));
    load(&mut replica, &log, Ask::Around(30));
    assert_eq!(seqs(&replica), list(&[27..=32, 51..=60]));
    assert!(replica.room(&lobby()).unwrap().has_more());
    load(&mut replica, &log, Ask::Around(2));
    assert_eq!(seqs(&replica), list(&[1..=4, 51..=60]));
    assert!(!replica.room(&lobby()).unwrap().has_more());
}

#[test]
fn what_happens_far_back_is_seen_there_whether_it_was_loaded_before_or_after() {
    let mut log = log(40);
    let mut replica = at_the_end(&log);
    replica.ask_history(&lobby(), Ask::Around(10));
    let page = log.page(Ask::Around(10), 6);
    log.append(&ann(), "e1", Kind::Edit { target: 9, text: "nine".into() });
    log.append(&ann(), "e2", Kind::Remove { target: 20 });
    let _ = replica.receive(log.events(40), 0);
    let _ = replica.history(&lobby(), Ask::Around(10), Some(page));
    log.append(&ann(), "e3", Kind::Pin { target: 12, on: true });
    let _ = replica.receive(log.events(42), 0);
    load(&mut replica, &log, Ask::After(12));
    let room = replica.room(&lobby()).unwrap();
    for seq in [9, 12, 18] {
        assert_eq!(room.message(seq), log.messages.iter().find(|message| message.seq == seq));
    }
}

#[test]
fn a_page_from_before_it_was_asked_for_is_thrown_away() {
    let mut log = log(40);
    let mut replica = at_the_end(&log);
    let late = log.page(Ask::Around(10), 6);
    log.append(&ann(), "e1", Kind::Edit { target: 9, text: "nine".into() });
    let _ = replica.receive(log.events(40), 0);
    replica.ask_history(&lobby(), Ask::Around(10));
    let _ = replica.history(&lobby(), Ask::Around(10), Some(late));
    assert_eq!(seqs(&replica), list(&[31..=40]));
    assert!(!replica.room(&lobby()).unwrap().is_loading(), "it can be asked for again");
}

#[test]
fn a_page_that_nobody_waits_for_any_more_is_thrown_away() {
    let log = log(40);
    let mut replica = at_the_end(&log);
    replica.ask_history(&lobby(), Ask::Around(10));
    for frame in log.join(None, 10) {
        let _ = replica.receive(frame, 0);
    }
    replica.ask_history(&lobby(), Ask::Around(20));
    let _ = replica.history(&lobby(), Ask::Around(10), Some(log.page(Ask::Around(10), 6)));
    assert_eq!(seqs(&replica), list(&[31..=40]));
    let _ = replica.history(&lobby(), Ask::Around(20), Some(log.page(Ask::Around(20), 6)));
    assert_eq!(seqs(&replica), list(&[17..=22, 31..=40]));
}

#[test]
fn what_others_answer_is_known_aside_and_follows_what_happens_to_it() {
    let mut log = log(40);
    let mut replica = at_the_end(&log);
    let quoted = |replica: &Replica| replica.room(&lobby()).unwrap().quoted(3).map(|it| (it.text.clone(), it.removed));
    assert_eq!(quoted(&replica), None);
    let early = log.page(Ask::Around(3), 1);
    log.append(&ann(), "e", Kind::Edit { target: 3, text: "anew".into() });
    let _ = replica.receive(log.events(40), 0);
    assert!(replica.set_aside(&lobby(), 3, early).is_none(), "it lacks the edit");
    assert_eq!(quoted(&replica), None);
    assert!(replica.set_aside(&lobby(), 3, log.page(Ask::Around(3), 1)).is_some());
    assert_eq!(quoted(&replica), Some(("anew".into(), false)));
    assert_eq!(seqs(&replica), list(&[31..=40]), "it is not among the others");
    log.append(&ann(), "r", Kind::Remove { target: 3 });
    let _ = replica.receive(log.events(41), 0);
    assert_eq!(quoted(&replica), Some((String::new(), true)));
    for frame in log.join(None, 10) {
        let _ = replica.receive(frame, 0);
    }
    assert_eq!(quoted(&replica), None, "after a snapshot nobody knows what became of it");
}
