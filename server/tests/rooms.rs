//! Rooms: made, listed, named.

use serde_json::{Value, json};

use crate::support::{Client, Server};

const BAD_NAMES: [&str; 11] = ["", "-a", "Lobby", "a b", "a_b", "房间", "a/b", "..", "a\u{0}", "lobby ", "é"];

fn names(rooms: &Value) -> Vec<String> {
    rooms["rooms"].as_array().unwrap().iter().map(|room| room["room"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_lobby_is_always_there() {
    let server = Server::start();
    let lobby = json!({"room": "lobby", "title": "Lobby", "head": 0, "read": 0});
    assert_eq!(server.get("/api/rooms").json(), json!({"rooms": [lobby]}));
    assert_eq!(server.get("/api/rooms/lobby").json(), lobby);
}

#[test]
fn a_room_is_made_and_then_listed() {
    let server = Server::start();
    let ann = server.person("Ann");
    let made = server.post_as(&ann, "/api/rooms", &json!({"room": "dev-2", "title": " Development ", "topic": "Code"}));
    assert_eq!(made.status, 201);
    assert_eq!(made.json(), json!({"room": "dev-2", "title": "Development", "topic": "Code", "head": 0, "read": 0}));
    let plain = server.post_as(&ann, "/api/rooms", &json!({"room": "plain"})).json();
    assert_eq!(plain["title"], "plain", "without a title the name is the title");
    assert_eq!(names(&server.get("/api/rooms").json()), ["lobby", "dev-2", "plain"]);
    let mut client = Client::of(&server, &ann);
    assert_eq!(names(&client.welcome), ["lobby", "dev-2", "plain"]);
    assert_eq!(client.post("dev-2", "hi"), 1);
    assert_eq!(server.get("/api/rooms/dev-2").json()["head"], 1);
}

#[test]
fn every_room_counts_for_itself() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("a");
    ann.join("b");
    assert_eq!((ann.post("a", "x"), ann.post("b", "x"), ann.post("a", "x"), ann.post("lobby", "x")), (1, 1, 2, 1));
}

#[test]
fn a_name_is_taken_once() {
    let server = Server::start();
    let ann = server.person("Ann");
    for room in ["lobby", "garden"] {
        server.post_as(&ann, "/api/rooms", &json!({"room": room}));
        let refused = server.post_as(&ann, "/api/rooms", &json!({"room": room}));
        assert_eq!((refused.status, refused.code().as_str()), (409, "name_taken"));
    }
}

#[test]
fn a_room_is_made_by_who_is_signed_in() {
    let server = Server::start();
    let refused = server.post("/api/rooms", &json!({"room": "garden"}));
    assert_eq!((refused.status, refused.code().as_str()), (401, "not_signed_in"));
    assert_eq!(names(&server.get("/api/rooms").json()), ["lobby"]);
}

#[test]
fn a_name_off_the_pattern_makes_no_room() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    let long = "a".repeat(65);
    for name in BAD_NAMES.into_iter().chain([long.as_str()]) {
        let refused = server.post_as(&ann, "/api/rooms", &json!({"room": name}));
        assert_eq!((refused.status, refused.code().as_str()), (400, "no_such_room"), "{name:?}");
        client.send(&json!({"type": "join", "room": name}));
        let error = client.want("error");
        assert_eq!((&error["code"], &error["room"]), (&json!("no_such_room"), &json!(name)), "{name:?}");
        let post = client.command(json!({"type": "post", "room": name, "text": "hi"}));
        assert_eq!(post["code"], "no_such_room", "{name:?}");
    }
    assert_eq!(names(&server.get("/api/rooms").json()), ["lobby"]);
    assert_eq!(client.join(&"a".repeat(64))["head"], 0);
    assert_eq!(client.join("7-up-")["head"], 0);
}

#[test]
fn a_title_and_a_topic_are_one_line() {
    let server = Server::start();
    let ann = server.person("Ann");
    let make = |title: &str, topic: &str| {
        server.post_as(&ann, "/api/rooms", &json!({"room": "garden", "title": title, "topic": topic}))
    };
    assert_eq!(make(&"x".repeat(81), "").code(), "too_long");
    assert_eq!(make("", &"x".repeat(81)).code(), "too_long");
    let made = make("two\nlines", &"字".repeat(80)).json();
    assert_eq!((&made["title"], &made["topic"]), (&json!("twolines"), &json!("字".repeat(80))));
}

#[test]
fn joining_a_room_that_is_not_there_makes_it() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let joined = ann.join("new-room");
    assert_eq!((&joined["head"], &joined["messages"], &joined["more"]), (&json!(0), &json!([]), &json!(false)));
    assert_eq!(names(&server.get("/api/rooms").json()), ["lobby", "new-room"]);
    assert_eq!(ann.post("new-room", "first"), 1);
}

#[test]
fn two_who_make_the_same_room_by_joining_are_in_the_same_room() {
    let server = Server::start();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    for n in 0..20 {
        let join = json!({"type": "join", "room": format!("race-{n}")});
        ann.send(&join);
        ben.send(&join);
        ann.want("joined");
        ben.want("joined");
        let seq = ann.post(&format!("race-{n}"), "hi");
        assert_eq!(ben.events(&format!("race-{n}"), seq).len(), 1);
    }
}

#[test]
fn where_rooms_are_not_open_joining_makes_none() {
    let server = Server::with(&["--open-rooms", "false"]);
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    client.send(&json!({"type": "join", "room": "garden"}));
    assert_eq!(client.want("error")["code"], "no_such_room");
    assert_eq!(server.post_as(&ann, "/api/rooms", &json!({"room": "garden"})).status, 201);
    assert_eq!(client.join("garden")["head"], 0);
}

#[test]
fn a_post_to_a_room_that_is_not_there_makes_none() {
    let server = Server::start();
    let refused = Client::guest(&server).command(json!({"type": "post", "id": "x", "room": "nowhere", "text": "hi"}));
    assert_eq!((&refused["code"], &refused["id"]), (&json!("no_such_room"), &json!("x")));
    assert_eq!(refused["message"], "There is no such room. Check its name, or make it.");
    assert_eq!(server.get("/api/rooms/nowhere").status, 404);
    assert_eq!(server.get("/api/rooms/nowhere/messages").code(), "no_such_room");
    assert_eq!(server.get("/api/rooms/nowhere/members").status, 404);
}
