//! The frames as answers to questions: at once where there is something, later where it comes later.

use serde_json::{Value, json};

use crate::support::{Answer, Client, Person, Server, messages};

/// One answer: its frames and the cursor after them.
type Told = (Vec<Value>, String);

fn ask(server: &Server, query: &str) -> Told {
    told(&server.ask("GET", &format!("/events?{query}"), &[("Accept", "application/json")], None))
}

fn ask_as(server: &Server, person: &Person, query: &str) -> Told {
    told(&raw_ask(server.port, person, query))
}

fn raw_ask(port: u16, person: &Person, query: &str) -> Answer {
    let headers = [("Accept", "application/json"), ("Authorization", &*person.bearer())];
    Answer::to(port, "GET", &format!("/events?{query}"), &headers, b"")
}

fn told(answer: &Answer) -> Told {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
    let json = answer.json();
    (json["frames"].as_array().unwrap().clone(), json["cursor"].as_str().unwrap().to_owned())
}

fn kinds(told: &Told) -> Vec<&str> {
    told.0.iter().map(|frame| frame["type"].as_str().unwrap()).collect()
}

/// Until the server has taken in a question: it is the only connection.
fn until_asked(server: &Server) {
    let asked = (0..100_000).any(|_| server.get("/metrics").text().contains("stonechat_connections 1\n"));
    assert!(asked, "the question never came");
}

#[test]
fn the_first_answer_is_all_that_a_new_connection_is_told_and_the_next_ones_are_news() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.posts("lobby", 2);
    let first = ask(&server, "join=lobby&wait=25");
    assert_eq!(kinds(&first)[..2], ["welcome", "joined"], "and it comes at once");
    assert_eq!((messages(&first.0[1]).len(), first.1.as_str()), (2, "lobby:2"));
    ann.posts("lobby", 2);
    let second = ask(&server, "join=lobby:2&wait=25");
    assert_eq!((kinds(&second), second.1.as_str()), (vec!["events"], "lobby:4"));
    assert_eq!(second.0[0]["events"].as_array().unwrap().len(), 2);
    let welcome = ask(&server, "join=lobby:3&welcome=1");
    assert_eq!(kinds(&welcome)[..3], ["welcome", "joined", "events"]);
    assert_eq!((&welcome.0[1]["after"], welcome.1.as_str()), (&json!(3), "lobby:4"));
    let mixed = ask(&server, "join=lobby:4,dev");
    assert_eq!((kinds(&mixed), mixed.1.as_str()), (vec!["joined"], "lobby:4,dev:0"), "a new room is news");
}

#[test]
fn where_nothing_comes_the_answer_is_empty_when_the_time_is_up_and_the_cursor_the_same() {
    let server = Server::start();
    Client::guest(&server).posts("lobby", 1);
    for query in ["join=lobby:1", "join=lobby:1&wait=0", "join=lobby:1&wait=1"] {
        assert_eq!(ask(&server, query), (vec![], "lobby:1".to_owned()), "{query}");
    }
}

#[test]
fn a_question_that_waits_is_answered_when_something_comes() {
    let server = Server::start();
    let ann = server.person("Ann");
    ask(&server, "join=dev");
    let port = server.port;
    let waiting = std::thread::spawn(move || raw_ask(port, &ann, "join=lobby:0,dev:0&wait=25"));
    until_asked(&server);
    Client::guest(&server).post("dev", "hi");
    let answer = told(&waiting.join().unwrap());
    assert_eq!((kinds(&answer), answer.1.as_str()), (vec!["events"], "lobby:0,dev:1"));
}

#[test]
fn who_follows_the_cursor_sees_every_event_once() {
    const POSTS: u64 = 300;
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let writing = std::thread::spawn(move || ann.posts("lobby", POSTS));
    let (mut cursor, mut seqs) = ("lobby:0".to_owned(), Vec::new());
    while seqs.len() < POSTS as usize {
        let (frames, next) = ask(&server, &format!("join={cursor}&wait=25"));
        assert!(!frames.is_empty(), "there is something before the time is up");
        for frame in frames {
            assert_eq!(frame["type"], "events");
            seqs.extend(frame["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()));
        }
        assert_eq!(next, format!("lobby:{}", seqs.len()));
        cursor = next;
    }
    writing.join().unwrap();
    assert_eq!(seqs, (1..=POSTS).collect::<Vec<_>>());
}

/// What is told of somebody, up to and with the first presence that names somebody else as having come.
fn told_of(client: &mut Client, id: &str, up_to: &str) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let frame = client.next().unwrap();
        let is_last = frame["type"] == "presence" && frame["joined"].to_string().contains(up_to);
        if frame.to_string().contains(id) {
            told.push(frame);
        }
        if is_last {
            return told;
        }
    }
}

#[test]
fn who_asks_again_and_again_is_here_and_does_not_come_and_go() {
    let server = Server::start();
    let ben = server.person("Ben");
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let mut cursor = ask_as(&server, &ben, "join=lobby").1;
    assert_eq!(told_of(&mut ann, &ben.id, &ben.id).len(), 1, "it is told that Ben has come");
    for _ in 0..3 {
        // Each waits for longer than others are told after.
        cursor = ask_as(&server, &ben, &format!("join={cursor}&wait=1")).1;
    }
    let mut cat = Client::guest(&server);
    cat.join("lobby");
    let told = told_of(&mut ann, &ben.id, cat.welcome["user"]["id"].as_str().unwrap());
    assert_eq!(told, [Value::Null; 0], "and nothing more of him, up to when Cat comes");
    // And who asks no more has gone, a while later.
    ann.find(|frame| frame["type"] == "presence" && frame["left"] == json!([ben.id]));
}

#[test]
fn a_guest_who_asks_is_not_counted_again_with_each_question() {
    let server = Server::start();
    for _ in 0..20 {
        ask(&server, "join=lobby");
        ask(&server, "join=lobby:0");
    }
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    assert_eq!(ann.want("presence")["online"], 1);
}

#[test]
fn a_cursor_that_the_log_does_not_reach_or_of_another_log_gets_a_snapshot() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.posts("lobby", 3);
    for query in ["join=lobby:9&wait=25", "join=lobby:2&epoch=another&wait=25"] {
        let answer = ask(&server, query);
        assert_eq!((kinds(&answer), answer.1.as_str()), (vec!["joined"], "lobby:3"), "{query}");
        assert_eq!((messages(&answer.0[0]).len(), &answer.0[0]["epoch"]), (3, &json!(epoch)));
    }
    assert_eq!(kinds(&ask(&server, &format!("join=lobby:2&epoch={epoch}"))), ["events"]);
}

#[test]
fn a_snapshot_that_did_not_fit_comes_with_the_next_answer() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for room in ["a", "b", "c"] {
        ann.join(room);
        for _ in 0..50 {
            ann.post(room, &"x".repeat(4_000));
        }
    }
    let (mut cursor, mut rooms) = ("a,b,c".to_owned(), Vec::new());
    while rooms.len() < 3 {
        let (frames, next) = ask(&server, &format!("join={cursor}"));
        let joined = frames.iter().filter(|frame| frame["type"] == "joined");
        rooms.extend(joined.map(|frame| (frame["room"].as_str().unwrap().to_owned(), messages(frame).len())));
        assert_ne!(next, cursor, "each answer leads on");
        cursor = next;
    }
    assert_eq!(rooms, ["a", "b", "c"].map(|room| (room.to_owned(), 50)));
    assert_eq!(cursor, "a:50,b:50,c:50");
}

#[test]
fn rooms_that_cannot_be_joined_are_named_and_left_out_of_the_cursor() {
    let server = Server::with(&["--open-rooms", "false"]);
    let answer = ask(&server, "join=nowhere:3,lobby:0&wait=25");
    assert_eq!((kinds(&answer), answer.1.as_str()), (vec!["error"], "lobby:0"));
    assert_eq!((&answer.0[0]["code"], &answer.0[0]["room"]), (&json!("no_such_room"), &json!("nowhere")));
}

#[test]
fn a_question_that_waits_hears_that_the_server_stops() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let port = server.port;
    let waiting = std::thread::spawn(move || raw_ask(port, &ann, "join=lobby:0&wait=25"));
    until_asked(&server);
    server.terminate();
    let answer = told(&waiting.join().unwrap());
    assert_eq!((kinds(&answer), &answer.0[0]["code"]), (vec!["bye"], &json!(4200)));
    assert_eq!(answer.1, "lobby:0", "and goes on from there");
    let ended = server.end();
    assert!(ended.code == Some(0) && !ended.log.contains("did not go in time"), "{}", ended.log);
}

#[test]
fn who_signs_out_while_a_question_waits_is_told() {
    let server = Server::start();
    let ann = server.person("Ann");
    let (port, asker) = (server.port, ann.clone());
    let waiting = std::thread::spawn(move || raw_ask(port, &asker, "join=lobby:0&wait=25"));
    until_asked(&server);
    server.ask("DELETE", "/api/session", &[("Authorization", &ann.bearer())], None);
    let answer = told(&waiting.join().unwrap());
    assert_eq!((kinds(&answer), &answer.0[0]["code"]), (vec!["bye"], &json!(4003)));
    assert_eq!(raw_ask(server.port, &ann, "join=lobby:0").status, 401);
    assert_eq!(ask(&server, "v=7").0[0]["code"], 4001);
}
