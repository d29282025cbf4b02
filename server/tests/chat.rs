//! Two people talk: posts, their answers, and what the readers of a room see.

use serde_json::json;
use stonechat_shared::Kind;

use crate::support::{Client, Server};

#[test]
fn welcome_says_who_you_are_and_what_there_is() {
    let server = Server::start();
    let welcome = Client::guest(&server).welcome;
    let id = welcome["user"]["id"].as_str().unwrap();
    assert!(id.starts_with("u_") && id.len() > 10, "{id}");
    assert!(welcome["user"]["name"].as_str().unwrap().starts_with("Guest "));
    assert_eq!(welcome["user"]["role"], "guest");
    assert_eq!(welcome["server"]["name"], "stonechat");
    assert_eq!(welcome["server"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(welcome["rooms"], json!([{"room": "lobby", "title": "Lobby", "head": 0, "read": 0}]));
    assert_eq!(welcome["limits"], json!({"text": 4000, "frame": 65536, "file": 10_485_760}));
    assert_eq!(welcome["ping_ms"], 25000);
}

#[test]
fn a_post_reaches_everybody_who_is_in_the_room() {
    let server = Server::start();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    ann.join("lobby");
    ben.join("lobby");
    let seq = ann.post("lobby", "hello, Ben");
    for client in [&mut ann, &mut ben] {
        let events = client.events("lobby", seq);
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].seq, 1);
        assert!(events[0].at > 1_600_000_000_000, "Unix time in milliseconds");
        assert_eq!(events[0].kind, Kind::Post { text: "hello, Ben".into(), reply: None, files: Vec::new() });
    }
}

#[test]
fn an_event_on_the_wire_is_of_the_shape_that_is_written_down() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    client.join("lobby");
    client.command(json!({"type": "post", "id": "first", "room": "lobby", "text": "hi"}));
    client.command(json!({"type": "post", "id": "second", "room": "lobby", "text": "ho", "reply": 1}));
    let mut event = client.want("events")["events"][0].take();
    event["at"] = 0.into();
    let user = json!({"id": ann.id, "name": "Ann"});
    assert_eq!(event, json!({"seq": 1, "at": 0, "kind": "post", "user": user, "id": "first", "text": "hi"}));
    let reply = client.find(|frame| frame["type"] == "events")["events"][0].take();
    assert_eq!((&reply["seq"], &reply["reply"]), (&json!(2), &json!(1)));
}

#[test]
fn an_answer_names_the_command_and_the_room() {
    let server = Server::start();
    let ok = Client::guest(&server).command(json!({"type": "post", "id": "c1", "room": "lobby", "text": "hi"}));
    assert_eq!(ok, json!({"type": "ok", "id": "c1", "room": "lobby", "seq": 1}));
}

#[test]
fn a_post_needs_no_join() {
    let server = Server::start();
    let (mut inside, mut outside) = (Client::guest(&server), Client::guest(&server));
    inside.join("lobby");
    let seq = outside.post("lobby", "from the door");
    assert_eq!(inside.events("lobby", seq).len(), 1);
    outside.settle();
    assert!(!outside.has_waiting("events"), "who is not in the room is not told what happens there");
}

#[test]
fn a_resent_post_appears_once() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let post = json!({"type": "post", "id": "once", "room": "lobby", "text": "hi"});
    assert_eq!(ann.command(post.clone()), json!({"type": "ok", "id": "once", "room": "lobby", "seq": 1}));
    let again = json!({"type": "ok", "id": "once", "room": "lobby", "seq": 1, "again": true});
    assert_eq!(ann.command(post.clone()), again);
    assert_eq!(ann.command(post), again);
    let seq = ann.post("lobby", "and something else");
    assert_eq!(seq, 2, "a repeat takes no seq");
    assert_eq!(ann.events("lobby", 2).len(), 2);
}

#[test]
fn a_post_sent_twice_at_once_appears_once() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let post = json!({"type": "post", "id": "once", "room": "lobby", "text": "hi"});
    ann.send(&post);
    ann.send(&post);
    let (first, second) = (ann.want("ok"), ann.want("ok"));
    assert_eq!((&first["seq"], &second["seq"]), (&json!(1), &json!(1)));
    assert_eq!((&first["again"], &second["again"]), (&json!(null), &json!(true)));
    assert_eq!(ann.post("lobby", "next"), 2);
}

#[test]
fn a_post_resent_after_a_reconnect_appears_once() {
    let server = Server::start();
    let person = server.person("Ann");
    let post = json!({"type": "post", "id": "once", "room": "lobby", "text": "hi"});
    assert_eq!(Client::of(&server, &person).command(post.clone())["seq"], 1);
    let mut back = Client::of(&server, &person);
    let answer = back.command(post);
    assert_eq!((&answer["seq"], &answer["again"]), (&json!(1), &json!(true)));
    assert_eq!(back.join("lobby")["head"], 1);
}

#[test]
fn a_repeat_that_says_something_else_is_still_the_first() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    ann.join("garden");
    assert_eq!(ann.command(json!({"type": "post", "id": "x", "room": "lobby", "text": "one"}))["seq"], 1);
    let elsewhere = ann.command(json!({"type": "post", "id": "x", "room": "garden", "text": "two"}));
    assert_eq!(elsewhere, json!({"type": "ok", "id": "x", "room": "lobby", "seq": 1, "again": true}));
    let removed = ann.command(json!({"type": "remove", "id": "x", "room": "lobby", "target": 1}));
    assert_eq!(removed["again"], true);
    assert_eq!(ann.post("garden", "the first here"), 1);
}

#[test]
fn two_people_may_use_the_same_id() {
    let server = Server::start();
    let post = json!({"type": "post", "id": "c1", "room": "lobby", "text": "hi"});
    assert_eq!(Client::guest(&server).command(post.clone())["seq"], 1);
    let other = Client::guest(&server).command(post);
    assert_eq!((&other["seq"], &other["again"]), (&json!(2), &json!(null)));
}

#[test]
fn two_readers_see_the_same_order_without_a_hole_while_many_write() {
    const WRITERS: usize = 4;
    const EACH: usize = 50;
    let server = Server::start();
    let (mut one, mut two) = (Client::guest(&server), Client::guest(&server));
    one.join("lobby");
    two.join("lobby");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let mut client = Client::guest(&server);
            scope.spawn(move || {
                for n in 0..EACH {
                    client.post("lobby", &format!("{writer}: {n}"));
                }
            });
        }
    });
    let head = (WRITERS * EACH) as u64;
    let (first, second) = (one.events("lobby", head), two.events("lobby", head));
    assert_eq!(first.len() as u64, head);
    assert_eq!(first, second);
    assert!(first.windows(2).all(|pair| pair[0].at <= pair[1].at), "time never goes back within a room");
}

#[test]
fn what_one_person_sends_in_a_row_keeps_its_order() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    for n in 0..60 {
        ann.send(&json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": n.to_string()}));
    }
    for n in 0..60 {
        let ok = ann.want("ok");
        assert_eq!((&ok["id"], &ok["seq"]), (&json!(format!("n{n}")), &json!(n + 1)));
    }
    let texts: Vec<String> = ann
        .events("lobby", 60)
        .into_iter()
        .map(|event| if let Kind::Post { text, .. } = event.kind { text } else { String::new() })
        .collect();
    assert!(texts.iter().enumerate().all(|(n, text)| *text == n.to_string()), "{texts:?}");
}

#[test]
fn a_pong_is_taken_without_a_word() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    (0..30).for_each(|_| ann.send(&json!({"type": "pong"})));
    ann.settle();
    assert!(!ann.has_waiting("error") && !ann.has_waiting("bye"));
}

#[test]
fn posts_sent_in_one_go_are_all_taken_in_the_order_of_their_sending() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for n in 1..=500 {
        ann.send(&json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": n.to_string()}));
    }
    for n in 1..=500 {
        let ok = ann.find(|frame| frame["id"] == format!("n{n}"));
        assert_eq!((&ok["type"], &ok["seq"]), (&json!("ok"), &json!(n)), "{ok}");
    }
}
