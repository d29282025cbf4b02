//! A client is a cursor: joining, coming back, and leaving.

use serde_json::json;

use crate::support::{Client, Server, messages};

#[test]
fn a_join_without_a_cursor_is_answered_with_a_snapshot() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.post("lobby", "one");
    ann.post("lobby", "two");
    let joined = Client::guest(&server).join("lobby");
    assert_eq!((&joined["room"], &joined["head"], &joined["more"]), (&json!("lobby"), &json!(2), &json!(false)));
    assert!(joined.get("after").is_none(), "{joined}");
    assert!(!joined["epoch"].as_str().unwrap().is_empty());
    let messages = messages(&joined);
    assert_eq!(messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    let mut first = joined["messages"][0].clone();
    first["at"] = 0.into();
    let user = json!({"id": ann.welcome["user"]["id"], "name": ann.welcome["user"]["name"]});
    assert_eq!(
        first,
        json!({"seq": 1, "at": 0, "user": user, "id": messages[0].id, "text": "one", "removed": false,
               "reactions": [], "pinned": false, "files": []})
    );
}

#[test]
fn a_snapshot_has_the_newest_fifty_messages_and_says_that_there_are_more() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.posts("lobby", 50);
    assert_eq!(ann.join("lobby")["more"], false, "fifty are all");
    ann.post("lobby", "51");
    let joined = Client::guest(&server).join("lobby");
    let seqs: Vec<u64> = messages(&joined).iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (2..=51).collect::<Vec<u64>>());
    assert_eq!(joined["more"], true);
}

#[test]
fn a_join_with_a_cursor_is_answered_with_what_was_missed() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.posts("lobby", 5);
    let mut ben = Client::guest(&server);
    let joined = ben.join_after("lobby", 2, &epoch);
    assert_eq!(joined, json!({"type": "joined", "room": "lobby", "epoch": epoch, "head": 5, "after": 2}));
    let seqs: Vec<u64> = ben.events("lobby", 5).iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [3, 4, 5]);
    let seq = ann.post("lobby", "6");
    assert_eq!(ben.events("lobby", seq).len(), 1, "and what happens from now on");
}

#[test]
fn a_cursor_alone_is_enough() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.posts("lobby", 3);
    ann.send(&json!({"type": "join", "room": "lobby", "after": 0}));
    assert_eq!(ann.want("joined")["after"], 0);
    assert_eq!(ann.events("lobby", 3).len(), 3);
}

#[test]
fn a_cursor_at_the_head_misses_nothing_and_gets_nothing() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    let seq = ann.post("lobby", "hi");
    let mut ben = Client::guest(&server);
    assert_eq!(ben.join_after("lobby", seq, &epoch)["after"], seq);
    ben.settle();
    assert!(!ben.has_waiting("events"));
}

#[test]
fn a_cursor_of_another_log_is_answered_with_a_snapshot() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.post("lobby", "one");
    let joined = ann.join_after("lobby", 1, "another-history");
    assert_eq!((&joined["after"], joined["messages"].as_array().map(Vec::len)), (&json!(null), Some(1)));
    assert_ne!(joined["epoch"], "another-history");
}

#[test]
fn a_cursor_beyond_the_head_is_answered_with_a_snapshot() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.post("lobby", "one");
    for after in [2, 1 << 53, 1 << 63, u64::MAX] {
        let joined = ann.join_after("lobby", after, &epoch);
        assert_eq!(joined["messages"].as_array().map(Vec::len), Some(1), "after {after}: {joined}");
        assert_eq!(joined["head"], 1);
    }
}

#[test]
fn who_is_more_than_a_thousand_events_behind_gets_a_snapshot() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.send(&json!({"type": "leave", "room": "lobby"}));
    for wave in 0..21 {
        (0..50).for_each(|n| {
            ann.send(&json!({"type": "post", "id": format!("{wave}-{n}"), "room": "lobby", "text": "x"}))
        });
        (0..50).for_each(|_| drop(ann.want("ok")));
    }
    let mut ben = Client::guest(&server);
    let joined = ben.join_after("lobby", 49, &epoch);
    assert_eq!((&joined["head"], messages(&joined).len(), &joined["more"]), (&json!(1050), 50, &json!(true)));
    let mut cat = Client::guest(&server);
    assert_eq!(cat.join_after("lobby", 50, &epoch)["after"], 50, "a thousand are replayed");
    assert_eq!(cat.events("lobby", 1050).len(), 1000);
}

#[test]
fn who_joins_again_from_their_cursor_gets_nothing_twice() {
    let server = Server::start();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    let epoch = ben.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.post("lobby", "one");
    assert_eq!(ben.events("lobby", 1).len(), 1);
    assert_eq!(ben.join_after("lobby", 1, &epoch)["after"], 1);
    ann.post("lobby", "two");
    assert_eq!(ben.events("lobby", 2).len(), 1);
    ben.settle();
    assert!(!ben.has_waiting("events"));
}

#[test]
fn who_leaves_hears_no_more() {
    let server = Server::start();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    ann.join("lobby");
    ben.join("lobby");
    ben.send(&json!({"type": "leave", "room": "lobby"}));
    ben.settle();
    let seq = ann.post("lobby", "is Ben still here?");
    ann.events("lobby", seq);
    ben.post("lobby", "no");
    ben.settle();
    assert!(!ben.has_waiting("events"));
    assert_eq!(messages(&ben.join("lobby")).len(), 2, "and may come back");
}

#[test]
fn leaving_a_room_that_one_is_not_in_does_nothing() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.send(&json!({"type": "leave", "room": "lobby"}));
    ann.send(&json!({"type": "leave", "room": "nowhere"}));
    ann.settle();
    assert!(!ann.has_waiting("error"));
}

#[test]
fn one_connection_follows_many_rooms() {
    let server = Server::start();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    for room in ["lobby", "garden", "kitchen"] {
        ben.join(room);
    }
    for room in ["kitchen", "lobby", "garden"] {
        let seq = ann.post(room, &format!("in the {room}"));
        assert_eq!(ben.events(room, seq).len(), 1);
    }
}

#[test]
fn a_connection_may_be_in_a_hundred_rooms() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    (0..100).for_each(|n| assert_eq!(ann.join(&format!("room-{n}"))["head"], 0));
    ann.send(&json!({"type": "join", "room": "lobby"}));
    assert_eq!(ann.want("error")["code"], "overloaded");
    ann.join("room-7");
    ann.send(&json!({"type": "leave", "room": "room-0"}));
    assert_eq!(ann.join("lobby")["head"], 0);
}

#[test]
fn a_replay_of_the_longest_messages_arrives_whole() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    // Each takes six bytes a character on the wire.
    let longest = "\u{1}".repeat(4_000);
    for _ in 0..250 {
        client.post("lobby", &longest);
    }
    // After a restart nothing comes from memory.
    server.restart();
    let mut client = Client::of(&server, &ann);
    client.send(&json!({"type": "join", "room": "lobby", "after": 0}));
    assert_eq!(client.events("lobby", 250).len(), 250);
}
