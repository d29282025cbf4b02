//! Pages of history over plain HTTP.

use serde_json::json;

use crate::support::{Client, Server, messages};

/// A server with so many messages in its lobby; each is its own seq.
fn with_messages(count: u64) -> Server {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    (1..=count).for_each(|n| assert_eq!(ann.post("lobby", &n.to_string()), n));
    server
}

fn page(server: &Server, query: &str) -> (Vec<u64>, bool) {
    let answer = server.get(&format!("/api/rooms/lobby/messages{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let page = answer.json();
    (messages(&page).iter().map(|message| message.seq).collect(), page["more"].as_bool().unwrap())
}

fn seqs(range: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    range.collect()
}

#[test]
fn without_a_place_it_is_the_newest_page() {
    let server = with_messages(60);
    assert_eq!(page(&server, ""), (seqs(11..=60), true));
    assert_eq!(page(&server, "?limit=60"), (seqs(1..=60), false));
    assert_eq!(page(&server, "?limit=59"), (seqs(2..=60), true));
    assert_eq!(server.get("/api/rooms/lobby/messages").json()["head"], 60);
}

#[test]
fn pages_before_lead_to_the_beginning() {
    let server = with_messages(25);
    assert_eq!(page(&server, "?before=26&limit=10"), (seqs(16..=25), true));
    assert_eq!(page(&server, "?before=16&limit=10"), (seqs(6..=15), true));
    assert_eq!(page(&server, "?before=6&limit=10"), (seqs(1..=5), false));
    assert_eq!(page(&server, "?before=11&limit=10"), (seqs(1..=10), false));
    assert_eq!(page(&server, "?before=1"), (vec![], false));
}

#[test]
fn pages_after_lead_to_the_end() {
    let server = with_messages(25);
    assert_eq!(page(&server, "?after=0&limit=10"), (seqs(1..=10), true));
    assert_eq!(page(&server, "?after=10&limit=15"), (seqs(11..=25), false));
    assert_eq!(page(&server, "?after=24"), (vec![25], false));
    assert_eq!(page(&server, "?after=25"), (vec![], false));
}

#[test]
fn a_page_around_a_message_has_it_and_its_neighbours() {
    let server = with_messages(25);
    assert_eq!(page(&server, "?around=12&limit=10").0, seqs(7..=16));
    assert_eq!(page(&server, "?around=1&limit=10").0, seqs(1..=5));
    assert_eq!(page(&server, "?around=25&limit=10").0, seqs(20..=25));
    assert_eq!(page(&server, "?around=12&limit=1").0, [12]);
}

#[test]
fn a_page_has_at_most_two_hundred_messages() {
    let server = with_messages(210);
    for limit in ["200", "201", "100000", "18446744073709551615"] {
        assert_eq!(page(&server, &format!("?limit={limit}")), (seqs(11..=210), true), "{limit}");
    }
    assert_eq!(page(&server, "?limit=0").0.len(), 1, "a page of nothing is no page");
}

#[test]
fn places_that_are_not_there_are_not_an_error() {
    let server = with_messages(3);
    for huge in [4, 1 << 53, 1 << 63, u64::MAX] {
        assert_eq!(page(&server, &format!("?before={huge}")), (seqs(1..=3), false), "{huge}");
        assert_eq!(page(&server, &format!("?after={huge}")).0, Vec::<u64>::new(), "{huge}");
        assert_eq!(page(&server, &format!("?around={huge}")).0, seqs(1..=3), "{huge}");
    }
    assert_eq!(page(&server, "?before=0").0, Vec::<u64>::new());
    assert_eq!(page(&server, "?around=0").0, seqs(1..=3));
}

#[test]
fn what_is_no_number_is_refused_in_a_sentence() {
    let server = with_messages(1);
    for query in ["?before=-1", "?before=x", "?limit=1.5", "?after=", "?around=99999999999999999999"] {
        let refused = server.get(&format!("/api/rooms/lobby/messages{query}"));
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_frame"), "{query}");
        assert!(refused.json()["message"].as_str().unwrap().ends_with('.'), "{}", refused.text());
    }
}

#[test]
fn edits_reactions_and_removals_take_seqs_but_no_place_in_a_page() {
    let server = Server::start();
    let person = server.person("Ann");
    let mut ann = Client::of(&server, &person);
    ann.post("lobby", "one");
    ann.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": "uno"}));
    ann.command(json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}));
    ann.post("lobby", "two");
    assert_eq!(page(&server, ""), (vec![1, 4], false));
    assert_eq!(page(&server, "?after=1&limit=1"), (vec![4], false));
    let path = "/api/rooms/lobby/messages?before=2";
    assert_eq!(server.get_as(&person, path).json()["messages"][0]["reactions"][0]["mine"], true);
    assert_eq!(server.get(path).json()["messages"][0]["reactions"][0]["mine"], false);
}

#[test]
fn what_is_pinned_is_a_page_of_its_own() {
    let server = with_messages(30);
    let mut ann = Client::of(&server, &server.person("Ann"));
    let mut pin = |target: u64, on: bool| {
        let answer = ann.command(json!({"type": "pin", "room": "lobby", "target": target, "on": on}));
        assert_eq!(answer["type"], "ok", "{answer}");
    };
    assert_eq!(page(&server, "?pinned=true"), (vec![], false));
    [25, 3, 7, 30, 12].into_iter().for_each(|seq| pin(seq, true));
    assert_eq!(page(&server, "?pinned=true"), (vec![3, 7, 12, 25, 30], false));
    assert_eq!(page(&server, "?pinned=true&limit=2"), (vec![25, 30], true));
    assert_eq!(page(&server, "?pinned=true&limit=2&before=25"), (vec![7, 12], true));
    assert_eq!(page(&server, "?pinned=true&limit=2&before=7"), (vec![3], false));
    assert_eq!(page(&server, "?pinned=false&limit=2"), (vec![29, 30], true));
    let listed = server.get("/api/rooms/lobby/messages?pinned=true").json();
    assert!(messages(&listed).iter().all(|message| message.pinned), "{listed}");
    assert_eq!(server.get("/api/rooms/lobby/messages?pinned=perhaps").code(), "bad_frame");
    pin(12, false);
    assert_eq!(page(&server, "?pinned=true").0, [3, 7, 25, 30]);
}

#[test]
fn a_thread_is_what_answers_answers_up_to_where_it_began() {
    let server = with_messages(4);
    let mut ann = Client::of(&server, &server.person("Ann"));
    let mut answer = |to: u64| -> u64 {
        let said = ann.command(json!({"type": "post", "room": "lobby", "text": "aye", "reply": to}));
        said["seq"].as_u64().expect("it was carried out")
    };
    // 2 is answered by 5 and 7, 5 by 6, 6 by 9; 3 by 8, which is another thread.
    assert_eq!([answer(2), answer(5), answer(2), answer(3), answer(6)], [5, 6, 7, 8, 9]);
    for inside in [2, 5, 6, 7, 9] {
        assert_eq!(page(&server, &format!("?thread={inside}")), (vec![2, 5, 6, 7, 9], false));
    }
    assert_eq!(page(&server, "?thread=8"), (vec![3, 8], false));
    assert_eq!(page(&server, "?thread=1"), (vec![1], false), "nobody answered it");
    assert_eq!(page(&server, "?thread=99"), (vec![], false), "it is not there");
    assert_eq!(page(&server, "?thread=18446744073709551615"), (vec![], false), "nor can it be");
    assert_eq!(page(&server, "?thread=6&limit=2"), (vec![2, 5], true));
    assert_eq!(page(&server, "?thread=6&limit=2&after=5"), (vec![6, 7], true));
    assert_eq!(page(&server, "?thread=6&limit=2&after=7"), (vec![9], false));
    assert_eq!(server.get("/api/rooms/lobby/messages?thread=all").code(), "bad_frame");
    // What is removed holds together what stands around it.
    ann.command(json!({"type": "remove", "room": "lobby", "target": 6}));
    assert_eq!(page(&server, "?thread=9"), (vec![2, 5, 6, 7, 9], false));
}

#[test]
fn what_is_removed_is_no_longer_pinned() {
    let server = Server::start();
    let mut ann = Client::of(&server, &server.person("Ann"));
    ann.post("lobby", "a secret");
    ann.command(json!({"type": "pin", "room": "lobby", "target": 1, "on": true}));
    ann.command(json!({"type": "remove", "room": "lobby", "target": 1}));
    assert_eq!(page(&server, "?pinned=true"), (vec![], false));
}
