//! What must hold is found broken where it is: a check that never fails checks nothing.

use std::collections::BTreeMap;

use serde_json::json;
use stonechat_shared::{Event, Seq};

use super::{Answers, Stands, check, text_of};
use crate::line::Person;

/// Ann's three lines and Ben's one, as the server has them, as they were answered, and as somebody heard them.
struct Day {
    writers: Vec<(Person, Answers)>,
    seen: Vec<Event>,
    all: BTreeMap<Seq, Stands>,
}

impl Day {
    fn is_checked(&self) {
        check(&self.writers, &self.seen, &self.all);
    }
}

fn good_day() -> Day {
    let lines = [(1, "ann-1", "u_a"), (2, "ben-1", "u_b"), (3, "ann-2", "u_a"), (4, "ann-3", "u_a")];
    let person = |id: &str| Person { id: id.to_owned(), bearer: String::new() };
    let of = |user: &str| lines.iter().filter(|line| line.2 == user).map(|line| (line.1.to_owned(), line.0)).collect();
    Day {
        writers: vec![(person("u_a"), of("u_a")), (person("u_b"), of("u_b"))],
        seen: lines.iter().map(|(seq, id, user)| event(*seq, id, user)).collect(),
        all: lines.iter().map(|(seq, id, user)| (*seq, line(id, user))).collect(),
    }
}

fn event(seq: Seq, id: &str, user: &str) -> Event {
    let user = json!({ "id": user, "name": user });
    let event = json!({ "seq": seq, "at": seq, "user": user, "id": id, "kind": "post", "text": text_of(id) });
    serde_json::from_value(event).expect("it is an event")
}

fn line(id: &str, user: &str) -> Stands {
    Stands { id: id.to_owned(), user: user.to_owned(), text: text_of(id) }
}

#[test]
fn a_good_day_passes() {
    good_day().is_checked();
}

#[test]
#[should_panic(expected = "ann-3 was answered 4")]
fn a_lost_line_is_found() {
    let mut day = good_day();
    day.all.remove(&4);
    day.seen.pop();
    day.is_checked();
}

#[test]
#[should_panic(expected = "ann-3 stands twice")]
fn a_doubled_line_is_found() {
    let mut day = good_day();
    day.all.insert(5, line("ann-3", "u_a"));
    day.seen.push(event(5, "ann-3", "u_a"));
    day.is_checked();
}

#[test]
#[should_panic(expected = "a writer's lines stand in the order of their writing")]
fn lines_in_another_order_are_found() {
    let mut day = good_day();
    day.all.insert(3, line("ann-3", "u_a"));
    day.all.insert(4, line("ann-2", "u_a"));
    day.writers[0].1.extend([("ann-3".to_owned(), 3), ("ann-2".to_owned(), 4)]);
    day.is_checked();
}

#[test]
#[should_panic(expected = "ann-2 was answered 3")]
fn a_line_that_stands_elsewhere_than_was_answered_is_found() {
    let mut day = good_day();
    day.writers[0].1.insert("ann-2".to_owned(), 3);
    day.all.insert(3, line("somebody-1", "u_c"));
    day.is_checked();
}

#[test]
#[should_panic(expected = "ben-1 stands as it was written")]
fn a_changed_line_is_found() {
    let mut day = good_day();
    day.all.insert(2, Stands { text: "ben says no".to_owned(), ..line("ben-1", "u_b") });
    day.is_checked();
}

#[test]
#[should_panic(expected = "everything that was sent was answered in the end")]
fn a_line_that_stands_and_was_never_answered_is_found() {
    let mut day = good_day();
    day.writers[0].1.remove("ann-3");
    day.is_checked();
}

#[test]
#[should_panic(expected = "who followed saw the same as who reads anew")]
fn a_line_that_was_heard_otherwise_is_found() {
    let mut day = good_day();
    day.seen[1] = event(2, "ben-2", "u_b");
    day.is_checked();
}

#[test]
#[should_panic(expected = "who followed saw the same as who reads anew")]
fn a_line_that_was_not_heard_is_found() {
    let mut day = good_day();
    day.seen.pop();
    day.is_checked();
}
