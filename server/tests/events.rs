//! The frames as server-sent events: the same as over a socket, and a stream that breaks off is gone on with.

use serde_json::{Value, json};

use crate::support::{Client, Server, Stream, messages};

/// The kinds of these frames, in order.
fn next_of(stream: &mut Stream, count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|_| {
            let frame = stream.next().unwrap();
            (frame["type"].as_str().unwrap().to_owned(), stream.cursor.clone())
        })
        .collect()
}

fn pair(kind: &str, cursor: &str) -> (String, String) {
    (kind.to_owned(), cursor.to_owned())
}

#[test]
fn each_event_is_a_frame_and_its_id_the_whole_cursor() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let mut stream = Stream::open(&server, "join=lobby,dev", &[]);
    let begin = next_of(&mut stream, 3);
    // A room is in the cursor with its number once its snapshot is there: who breaks off before asks for it again.
    assert_eq!(begin, [pair("welcome", "lobby,dev"), pair("joined", "lobby:0,dev"), pair("joined", "lobby:0,dev:0")]);
    for (room, seq, cursor) in [
        ("lobby", 1, "lobby:1,dev:0"),
        ("lobby", 2, "lobby:2,dev:0"),
        ("dev", 1, "lobby:2,dev:1"),
        ("lobby", 3, "lobby:3,dev:1"),
    ] {
        assert_eq!(ann.post(room, "hi"), seq);
        let events = stream.want("events");
        assert_eq!((&events["room"], &events["events"][0]["seq"]), (&json!(room), &json!(seq)));
        assert_eq!(stream.cursor, cursor);
    }
}

#[test]
fn the_frames_are_the_same_as_over_a_socket() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let mut writer = Client::of(&server, &ben);
    writer.post("lobby", "before");
    let mut socket = Client::of(&server, &ann);
    let mut stream = Stream::of(&server, &ann, "join=lobby");
    assert_eq!(stream.next().unwrap(), socket.welcome, "and it comes first");
    assert_eq!(stream.want("joined"), socket.join("lobby"));
    writer.post("lobby", "one");
    writer.command(json!({"type": "edit", "room": "lobby", "target": 2, "text": "1"}));
    writer.command(json!({"type": "react", "room": "lobby", "target": 2, "emoji": "👍", "on": true}));
    writer.command(json!({"type": "remove", "room": "lobby", "target": 2}));
    let over_socket: Vec<Value> =
        socket.events("lobby", 5).iter().map(|event| serde_json::from_str(&event.encode()).unwrap()).collect();
    assert_eq!(stream.events(5)[3], over_socket[3]);
    writer.send(&json!({"type": "typing", "room": "lobby"}));
    assert_eq!(stream.want("typing"), socket.want("typing"));
    socket.send(&json!({"type": "read", "room": "lobby", "seq": 3}));
    assert_eq!(stream.want("read"), json!({"type": "read", "room": "lobby", "seq": 3}));
    writer.join("lobby");
    let has_ben = |frame: &Value| frame["joined"].to_string().contains(&ben.id);
    while !has_ben(&stream.want("presence")) {}
}

#[test]
fn a_stream_without_a_number_begins_with_a_snapshot_and_with_one_goes_on_from_there() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.posts("lobby", 5);
    let joined = Stream::open(&server, "join=lobby", &[]).want("joined");
    assert_eq!((&joined["head"], messages(&joined).len()), (&json!(5), 5));
    for query in ["join=lobby:2".to_owned(), format!("join=lobby:2&epoch={epoch}"), "join=lobby%3A2&v=1".to_owned()] {
        let mut stream = Stream::open(&server, &query, &[]);
        let joined = stream.want("joined");
        assert_eq!((&joined["after"], &joined["messages"]), (&json!(2), &Value::Null), "{query}");
        assert_eq!(stream.events(5).len(), 3, "{query}");
        assert_eq!(stream.cursor, "lobby:5");
    }
    for query in ["join=lobby:6", "join=lobby:18446744073709551615", "join=lobby:2&epoch=another"] {
        let joined = Stream::open(&server, query, &[]).want("joined");
        assert_eq!((messages(&joined).len(), &joined["epoch"]), (5, &json!(epoch)), "{query}");
    }
}

#[test]
fn a_browser_that_comes_back_by_itself_misses_nothing_and_gets_nothing_twice() {
    let mut server = Server::start();
    let mut ann = Client::guest(&server);
    ann.posts("lobby", 3);
    // It asks the address that it asked at first: what it says of its cursor counts more.
    let mut stream = Stream::open(&server, "join=lobby:0,dev", &[]);
    assert_eq!(stream.events(3).len(), 3);
    let cursor = stream.cursor.clone();
    assert_eq!(cursor, "lobby:3,dev:0");
    drop(stream);
    ann.posts("lobby", 2);
    ann.post("dev", "hi");
    drop(ann);
    for _ in 0..2 {
        let mut back = Stream::open(&server, "join=lobby:0,dev", &[("Last-Event-ID", &cursor)]);
        let (lobby, dev) = (back.want("joined"), back.want("joined"));
        assert_eq!((&lobby["after"], &dev["after"]), (&json!(3), &json!(0)));
        let rooms = [back.want("events"), back.want("events")];
        assert_eq!(rooms[0]["events"].as_array().unwrap().len(), 2);
        assert_eq!(rooms[1]["events"].as_array().unwrap().len(), 1);
        assert_eq!(back.cursor, "lobby:5,dev:1");
        drop(back);
        // On any server with the same log: here the same one, started again.
        server.restart();
    }
    let mut lost = Stream::open(&server, "join=lobby:4", &[("Last-Event-ID", "nonsense:nonsense")]);
    assert_eq!(lost.want("joined")["after"], 4, "what cannot be read says nothing");
}

#[test]
fn rooms_that_cannot_be_joined_are_named_and_the_others_are_joined() {
    let server = Server::with(&["--open-rooms", "false"]);
    let mut stream = Stream::open(&server, "join=nowhere,lobby,Bad%20Name", &[]);
    let (first, second) = (stream.want("error"), stream.want("error"));
    assert_eq!((&first["code"], &first["room"]), (&json!("no_such_room"), &json!("nowhere")));
    assert_eq!((&second["code"], &second["room"]), (&json!("no_such_room"), &json!("Bad Name")));
    assert_eq!(stream.want("joined")["room"], "lobby");
    assert_eq!(stream.cursor, "lobby:0");
}

#[test]
fn pings_with_heads_come_and_nobody_has_to_answer_them() {
    let server = Server::with(&["--ping-ms", "100"]);
    let mut ann = Stream::open(&server, "join=lobby", &[]);
    for _ in 0..8 {
        assert_eq!(ann.want("ping")["heads"], json!({"lobby": 0}));
    }
    Client::guest(&server).post("lobby", "hi");
    ann.want("events");
    while ann.want("ping")["heads"] != json!({"lobby": 1}) {}
}

#[test]
fn a_stopping_server_says_bye_ends_the_stream_and_stops() {
    let mut server = Server::start();
    let mut streams: Vec<_> = (0..5).map(|_| Stream::open(&server, "join=lobby", &[])).collect();
    streams.iter_mut().for_each(|stream| drop(stream.want("joined")));
    server.terminate();
    for stream in &mut streams {
        let bye = stream.last();
        assert_eq!((&bye["type"], &bye["code"]), (&json!("bye"), &json!(4200)));
        assert!(bye["retry_ms"].as_u64().is_some(), "{bye}");
    }
    let ended = server.end();
    assert_eq!(ended.code, Some(0));
    assert!(!ended.log.contains("did not go in time"), "{}", ended.log);
}

#[test]
fn who_signs_out_loses_their_stream_however_it_was_opened() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let ticket = server.post_as(&ann, "/api/ticket", &json!({})).json()["ticket"].as_str().unwrap().to_owned();
    let unused = server.post_as(&ann, "/api/ticket", &json!({})).json()["ticket"].as_str().unwrap().to_owned();
    let cookie = format!("stonechat_session={}", ann.token);
    let mut streams = [
        Stream::of(&server, &ann, "join=lobby"),
        Stream::open(&server, "join=lobby", &[("Cookie", &cookie)]),
        Stream::open(&server, &format!("join=lobby&ticket={ticket}"), &[]),
    ];
    for stream in &mut streams {
        assert_eq!(stream.want("welcome")["user"]["id"], ann.id);
        stream.want("joined");
    }
    let mut other = Stream::of(&server, &ben, "join=lobby");
    other.want("joined");
    assert_eq!(server.ask("DELETE", "/api/session", &[("Authorization", &ann.bearer())], None).status, 204);
    for mut stream in streams {
        assert_eq!(stream.last()["code"], 4003);
    }
    assert_eq!(Client::dial(&server, &format!("/ws?ticket={unused}"), &[]).err(), Some(401), "nor is a ticket left");
    Client::guest(&server).post("lobby", "hi");
    other.want("events");
}

#[test]
fn who_may_not_or_cannot_listen_is_told_in_one_frame() {
    let server = Server::with(&["--guests", "false", "--connections-per-ip", "1"]);
    for (query, code) in [("v=2", 4001), ("v=2&join=lobby", 4001), ("join=lobby", 4003)] {
        let mut stream = Stream::open(&server, query, &[]);
        let bye = stream.next().unwrap();
        assert_eq!((&bye["type"], &bye["code"], stream.next()), (&json!("bye"), &json!(code), None), "{query}");
    }
    let ann = server.person("Ann");
    let mut first = Stream::of(&server, &ann, "join=lobby");
    first.want("joined");
    assert_eq!(Stream::of(&server, &ann, "join=lobby").last()["code"], 4103);
}

#[test]
fn a_question_that_makes_no_sense_is_refused_as_plain_http() {
    let server = Server::start();
    for query in ["join=lobby:x", "join=lobby:-1", "v=1&v=2", "wait=soon", "join=lobby&join=dev"] {
        let answer = server.get(&format!("/events?{query}"));
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_frame"), "{query}");
        assert!(answer.json()["message"].as_str().unwrap().ends_with('.'), "{}", answer.text());
    }
    let foreign = server.ask("GET", "/events?join=lobby", &[("Origin", "https://evil.example")], None);
    assert_eq!((foreign.status, foreign.code().as_str()), (403, "forbidden"));
    let made_up = server.ask("GET", "/events?join=lobby", &[("Authorization", "Bearer made-up")], None);
    assert_eq!((made_up.status, made_up.code().as_str()), (401, "not_signed_in"));
}

#[test]
fn who_closes_a_stream_has_left() {
    let server = Server::start();
    let ben = server.person("Ben");
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let mut stream = Stream::of(&server, &ben, "join=lobby");
    stream.want("joined");
    ann.find(|frame| frame["type"] == "presence" && frame["joined"].to_string().contains(&ben.id));
    drop(stream);
    ann.find(|frame| frame["type"] == "presence" && frame["left"] == json!([ben.id]));
}

#[test]
fn a_sentence_comes_in_the_language_that_is_asked_for() {
    let server = Server::with(&["--open-rooms", "false"]);
    let chinese = "没有这个房间。请检查名称，或新建一个。";
    for (query, headers) in [("join=no&lang=zh", &[][..]), ("join=no", &[("Accept-Language", "zh-CN,en;q=0.5")])] {
        assert_eq!(Stream::open(&server, query, headers).want("error")["message"], chinese, "{query}");
    }
}
