//! Commands without a socket: one request each, answered once it is on disk.

use std::collections::HashMap;

use serde_json::{Value, json};
use stonechat_shared::Event;

use crate::support::{Answer, Client, Person, Server, Stream, messages};

/// Carries out one command, and answers the status and the frame.
fn command(server: &Server, person: &Person, command: &Value) -> (u16, Value) {
    body(server.port, person, command.to_string().as_bytes())
}

/// The same for a body that may be anything.
fn body(port: u16, person: &Person, bytes: &[u8]) -> (u16, Value) {
    answered(&Answer::to(port, "POST", "/command", &[("Authorization", &person.bearer())], bytes))
}

fn answered(answer: &Answer) -> (u16, Value) {
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.text().starts_with(r#"{"type":""#), "every answer is a frame: {}", answer.text());
    (answer.status, answer.json())
}

fn post(id: &str, text: &str) -> Value {
    json!({"type": "post", "id": id, "room": "lobby", "text": text})
}

fn ok(id: &str, seq: u64) -> (u16, Value) {
    (200, json!({"type": "ok", "id": id, "room": "lobby", "seq": seq}))
}

#[test]
fn each_command_is_carried_out_and_answered_with_ok() {
    let server = Server::start();
    let ann = server.person("Ann");
    let on_one = |kind: &str, id: &str, more: Value| {
        let mut all = json!({"type": kind, "id": id, "room": "lobby", "target": 1});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    assert_eq!(command(&server, &ann, &post("c1", "hi")), ok("c1", 1));
    assert_eq!(command(&server, &ann, &on_one("edit", "c2", json!({"text": "hi!"}))), ok("c2", 2));
    assert_eq!(command(&server, &ann, &on_one("react", "c3", json!({"emoji": "👍", "on": true}))), ok("c3", 3));
    assert_eq!(command(&server, &ann, &on_one("pin", "c4", json!({"on": true}))), ok("c4", 4));
    let message = &messages(&Client::of(&server, &ann).join("lobby"))[0];
    assert_eq!((message.text.as_str(), message.edited, message.pinned), ("hi!", Some(2), true));
    assert_eq!(message.reactions[0].emoji, "👍");
    let stands = on_one("pin", "c5", json!({"on": true}));
    assert_eq!(command(&server, &ann, &stands), (200, json!({"type": "ok", "id": "c5", "room": "lobby"})));
    assert_eq!(command(&server, &ann, &on_one("remove", "c6", json!({}))), ok("c6", 5));
    assert!(messages(&Client::of(&server, &ann).join("lobby"))[0].removed);
}

#[test]
fn a_repeat_is_answered_again_and_is_no_second_event() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    assert_eq!(command(&server, &ann, &post("c1", "hi")), ok("c1", 1));
    let again = (200, json!({"type": "ok", "id": "c1", "room": "lobby", "seq": 1, "again": true}));
    assert_eq!(command(&server, &ann, &post("c1", "hi")), again);
    assert_eq!(Client::of(&server, &ann).command(post("c1", "hi")), again.1, "by whatever way");
    // It was on disk when it was answered.
    server.kill();
    server.begin();
    assert_eq!(command(&server, &ann, &post("c1", "hi")), again);
    assert_eq!(Client::guest(&server).join("lobby")["head"], 1);
}

#[test]
fn typing_reading_and_a_ping_need_no_socket_either() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let (mut anns, mut bens) = (Client::of(&server, &ann), Client::of(&server, &ben));
    bens.join("lobby");
    bens.posts("lobby", 2);
    let done = (200, json!({"type": "ok", "id": "", "room": ""}));
    assert_eq!(command(&server, &ann, &json!({"type": "typing", "room": "lobby"})), done);
    assert_eq!(bens.want("typing")["users"], json!([{"id": ann.id, "name": "Ann"}]));
    assert_eq!(command(&server, &ann, &json!({"type": "read", "room": "lobby", "seq": 2})), done);
    assert_eq!(anns.want("read"), json!({"type": "read", "room": "lobby", "seq": 2}));
    let pong = (200, json!({"type": "pong", "id": "p1"}));
    assert_eq!(command(&server, &ann, &json!({"type": "ping", "id": "p1"})), pong);
    assert_eq!(command(&server, &ann, &json!({"type": "leave", "room": "lobby"})), done);
    assert_eq!(command(&server, &ann, &json!({"type": "pong"})), done);
}

#[test]
fn a_room_is_joined_elsewhere_and_the_refusal_says_where() {
    let server = Server::start();
    let ann = server.person("Ann");
    for room in ["lobby", "new-room"] {
        let (status, refused) = command(&server, &ann, &json!({"type": "join", "room": room}));
        assert_eq!((status, &refused["code"], &refused["room"]), (400, &json!("bad_frame"), &json!(room)));
        assert!(refused["message"].as_str().unwrap().contains("GET /events?join="), "{refused}");
    }
    assert_eq!(server.get("/api/rooms/new-room").status, 404, "and none was made");
}

#[test]
fn a_refusal_is_an_error_frame_with_the_fitting_status() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    command(&server, &ben, &post("b1", "Ben's"));
    for (what, status, code) in [
        (json!({"type": "post", "id": "x", "room": "lobby", "text": "  "}), 400, "empty"),
        (json!({"type": "post", "id": "x", "room": "lobby", "text": "字".repeat(4_001)}), 413, "too_long"),
        (json!({"type": "post", "id": "x", "room": "nowhere", "text": "hi"}), 404, "no_such_room"),
        (json!({"type": "post", "id": "", "room": "lobby", "text": "hi"}), 400, "bad_id"),
        (json!({"type": "post", "id": "x", "room": "lobby", "text": 7}), 400, "bad_frame"),
        (json!({"type": "edit", "id": "x", "room": "lobby", "target": 1, "text": "Ann's"}), 403, "forbidden"),
        (json!({"type": "remove", "id": "x", "room": "lobby", "target": 9}), 404, "no_such_message"),
        (json!({"type": "typing", "room": "nowhere"}), 404, "no_such_room"),
        (json!({"type": "dance", "id": "x"}), 400, "unknown_command"),
        (json!(["pong"]), 400, "bad_frame"),
    ] {
        let (got, frame) = command(&server, &ann, &what);
        assert_eq!((got, &frame["type"], &frame["code"]), (status, &json!("error"), &json!(code)), "{what}");
        assert!(frame["message"].as_str().unwrap().ends_with('.'), "{frame}");
    }
    let (_, refused) = command(&server, &ann, &json!({"type": "post", "id": "x", "room": "nowhere", "text": "hi"}));
    assert_eq!((&refused["id"], &refused["room"]), (&json!("x"), &json!("nowhere")), "it says which one was meant");
    assert_eq!(command(&server, &ann, &post("x", "hi")), ok("x", 2), "and has left no trace");
}

#[test]
fn a_body_that_is_no_command_is_refused() {
    let server = Server::start();
    let ann = server.person("Ann");
    for bytes in [&b""[..], b"hi", b"null", b"{\"type\":\"post\"", b"\xff\xfe", b"{\"type\":\"pong\",\"x\":\"\xc3\"}"] {
        let (status, frame) = body(server.port, &ann, bytes);
        let what = String::from_utf8_lossy(bytes);
        assert_eq!((status, &frame["type"], &frame["code"]), (400, &json!("error"), &json!("bad_frame")), "{what}");
    }
    let mut largest = post("c1", "hi").to_string();
    largest.push_str(&" ".repeat(65_536 - largest.len()));
    assert_eq!(body(server.port, &ann, largest.as_bytes()), ok("c1", 1));
    largest.push(' ');
    let (status, frame) = body(server.port, &ann, largest.as_bytes());
    assert_eq!((status, &frame["code"]), (413, &json!("too_long")));
    assert_eq!(frame["message"], "That is too large. A command may have 64 KiB.");
}

#[test]
fn who_may_not_is_told_in_an_error_frame_too() {
    let server = Server::with(&["--guests", "false"]);
    let nobody = answered(&server.post("/command", &post("c1", "hi")));
    assert_eq!((nobody.0, &nobody.1["type"], &nobody.1["code"]), (401, &json!("error"), &json!("not_signed_in")));
    let made_up = [("Authorization", "Bearer made-up")];
    let made_up = answered(&server.ask("POST", "/command", &made_up, Some(post("c1", "hi").to_string())));
    assert_eq!((made_up.0, &made_up.1["code"]), (401, &json!("not_signed_in")));
    let ann = server.person("Ann").bearer();
    let foreign = [("Origin", "https://evil.example"), ("Authorization", &*ann)];
    let foreign = answered(&server.ask("POST", "/command", &foreign, Some(post("c1", "hi").to_string())));
    assert_eq!((foreign.0, &foreign.1["code"]), (403, &json!("forbidden")));
}

#[test]
fn who_posts_too_fast_is_told_how_long_to_wait_and_a_repeat_is_answered() {
    let server = Server::with(&["--post-rate", "0.2"]);
    let ann = server.person("Ann");
    assert_eq!(command(&server, &ann, &post("c1", "hi")), ok("c1", 1));
    let (status, refused) = command(&server, &ann, &post("c2", "hi"));
    assert_eq!((status, &refused["code"], &refused["id"]), (429, &json!("rate_limited"), &json!("c2")));
    assert!((1..=5_000).contains(&refused["retry_ms"].as_u64().unwrap()), "{refused}");
    let (status, again) = command(&server, &ann, &post("c1", "hi"));
    assert_eq!((status, &again["seq"], &again["again"]), (200, &json!(1), &json!(true)));
}

#[test]
fn a_guest_may_post_and_a_ticket_says_who_it_is() {
    let server = Server::start();
    let guest = answered(&server.post("/command", &post("c1", "hi")));
    assert_eq!(guest, ok("c1", 1));
    let ann = server.person("Ann");
    let ticket = server.post_as(&ann, "/api/ticket", &json!({})).json()["ticket"].as_str().unwrap().to_owned();
    assert_eq!(answered(&server.post(&format!("/command?ticket={ticket}"), &post("c2", "hi"))), ok("c2", 2));
    assert_eq!(messages(&Client::guest(&server).join("lobby"))[1].user.name, "Ann");
}

#[test]
fn what_is_written_by_any_way_is_read_by_every_way_in_one_order() {
    const EACH: u64 = 40;
    let server = Server::start();
    let mut socket = Client::guest(&server);
    socket.join("lobby");
    let mut stream = Stream::open(&server, "join=lobby", &[]);
    stream.want("joined");
    let people = ["Ann", "Ben"].map(|name| server.person(name));
    let answers: HashMap<String, u64> = std::thread::scope(|scope| {
        let mut writing: Vec<_> = people
            .iter()
            .map(|person| {
                let port = server.port;
                scope.spawn(move || {
                    let seq = |n| {
                        let id = format!("{}{n}", person.name);
                        let (status, frame) = body(port, person, post(&id, &id).to_string().as_bytes());
                        assert_eq!(status, 200, "{frame}");
                        (id, frame["seq"].as_u64().unwrap())
                    };
                    (0..EACH).map(seq).collect::<Vec<_>>()
                })
            })
            .collect();
        let mut cat = Client::guest(&server);
        let by_socket = move || {
            let seq =
                |n| (format!("Cat{n}"), cat.command(post(&format!("Cat{n}"), &format!("Cat{n}")))["seq"].as_u64());
            (0..EACH).map(seq).map(|(id, seq)| (id, seq.unwrap())).collect::<Vec<_>>()
        };
        writing.push(scope.spawn(by_socket));
        writing.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let over_socket = socket.events("lobby", 3 * EACH);
    let over_stream: Vec<Event> =
        stream.events(3 * EACH).into_iter().map(|event| serde_json::from_value(event).unwrap()).collect();
    assert_eq!(over_socket, over_stream);
    for event in over_socket {
        assert_eq!(answers[event.id.as_ref().unwrap().as_str()], event.seq, "each was told its own place");
    }
}

#[test]
fn what_somebody_sent_is_not_carried_out_as_a_stranger_when_their_session_has_ended() {
    let server = Server::start();
    let ann = server.person("Ann");
    let cookie = ("Cookie", format!("stonechat_session={}", ann.token));
    let path = format!("/command?as={}", ann.id);
    let send = |id: &str| {
        let command = post(id, "hi").to_string();
        answered(&Answer::to(server.port, "POST", &path, &[(cookie.0, &cookie.1)], command.as_bytes()))
    };
    assert_eq!(send("c1"), ok("c1", 1));
    server.ask("DELETE", "/api/session", &[("Authorization", &ann.bearer())], None);
    let (status, refused) = send("c2");
    assert_eq!((status, &refused["code"]), (401, &json!("not_signed_in")));
    assert_eq!(server.get("/api/rooms/lobby").json()["head"], 1);
}
