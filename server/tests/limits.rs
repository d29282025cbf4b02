//! How much one person and one address may do.

use serde_json::{Value, json};

use crate::support::{Client, Gone, Server};

fn burst(client: &mut Client, posts: usize) -> Vec<Value> {
    (0..posts).map(|n| client.command(json!({"type": "post", "room": "lobby", "text": n.to_string()}))).collect()
}

#[test]
fn who_posts_too_fast_is_told_how_long_to_wait_and_no_seq_is_used() {
    let server = Server::with(&["--post-rate", "1"]);
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    let answers = burst(&mut ann, 12);
    let taken = answers.iter().filter(|answer| answer["type"] == "ok").count() as u64;
    assert!((5..12).contains(&taken), "{taken} were taken: five at once, and one a second");
    let refused = answers.iter().find(|answer| answer["type"] == "error").unwrap();
    assert_eq!((&refused["code"], &refused["room"]), (&json!("rate_limited"), &json!("lobby")));
    assert!((1..=1_000).contains(&refused["retry_ms"].as_u64().unwrap()), "{refused}");
    assert_eq!(refused["message"], "Slow down: try again in 1 s.");
    assert_eq!(ben.post("lobby", "another person is not held back"), taken + 1);
}

#[test]
fn the_rate_is_a_persons_and_not_a_windows() {
    let server = Server::with(&["--post-rate", "0.01"]);
    let person = server.person("Ann");
    let (mut one, mut two) = (Client::of(&server, &person), Client::of(&server, &person));
    assert_eq!(one.post("lobby", "one"), 1);
    let refused = two.command(json!({"type": "post", "room": "lobby", "text": "two"}));
    assert_eq!(refused["code"], "rate_limited");
    assert!(refused["retry_ms"].as_u64().unwrap() > 50_000, "{refused}");
}

#[test]
fn a_repeat_of_what_stands_is_answered_though_the_rate_is_used_up() {
    let server = Server::with(&["--post-rate", "0.2"]);
    let person = server.person("Ann");
    let post = |id: &str| json!({"type": "post", "id": id, "room": "lobby", "text": "hi"});
    let mut ann = Client::of(&server, &person);
    assert_eq!(ann.command(post("one"))["seq"], 1);
    assert_eq!(ann.command(post("two"))["code"], "rate_limited");
    // Whoever lost the answer with the connection asks again.
    let mut back = Client::of(&server, &person);
    for _ in 0..20 {
        let again = json!({"type": "ok", "id": "one", "room": "lobby", "seq": 1, "again": true});
        assert_eq!(back.command(post("one")), again);
    }
    assert_eq!(back.command(post("two"))["code"], "rate_limited", "what was refused was not done");
}

#[test]
fn a_rate_of_zero_is_no_limit() {
    let server = Server::with(&["--post-rate", "0"]);
    assert!(burst(&mut Client::guest(&server), 100).iter().all(|answer| answer["type"] == "ok"));
}

#[test]
fn one_address_has_so_many_connections_and_no_more() {
    let server = Server::with(&["--connections-per-ip", "2"]);
    let (one, mut two) = (Client::guest(&server), Client::guest(&server));
    let (bye, gone) = Client::dial(&server, "/ws", &[]).unwrap().closed();
    assert_eq!((&bye["type"], &bye["code"]), (&json!("bye"), &json!(4103)));
    assert!(bye["retry_ms"].as_u64().is_some() && bye["message"].as_str().unwrap().ends_with('.'), "{bye}");
    assert_eq!(gone, Gone(Some(4103)));
    two.settle();
    drop(one);
    // The server hears of it in its own time; a client that waits as it was told would try again just so.
    let came_in = (0..1_000).any(|_| {
        let frame = Client::dial(&server, "/ws", &[]).unwrap().next().unwrap();
        frame["type"] == "welcome"
    });
    assert!(came_in, "who goes makes room");
}

#[test]
fn a_hundred_commands_at_once_are_each_answered() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for n in 0..300 {
        ann.send(&json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": "x"}));
    }
    let mut taken = 0;
    for n in 0..300 {
        let id = format!("n{n}");
        let answer = ann.find(|frame| frame["id"] == id);
        if answer["type"] == "ok" {
            taken += 1;
            assert_eq!(answer["seq"], taken, "no hole");
        } else {
            assert_eq!(answer["code"], "overloaded");
            assert!(answer["retry_ms"].as_u64().is_some());
        }
    }
    assert!(taken >= 64, "{taken}");
    assert_eq!(ann.post("lobby", "after the storm"), taken + 1);
}
