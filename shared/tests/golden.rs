//! The wire, to the letter: every frame and every command, encoded as written here and read back as it was.

#![expect(clippy::unwrap_used, reason = "every function here is a test's: a value that is not there is its failure")]

use stonechat_shared::event::Reaction;
use stonechat_shared::frame::{
    Joined, Limits, Presence, Refusal, Role, RoomHead, RoomKind, Server, User, Welcome, events_frame,
};
use stonechat_shared::{Author, Code, Command, Event, File, Frame, Kind, Message, RoomName};

fn frame(frame: &Frame, golden: &str) {
    assert_eq!(frame.encode(), golden);
    assert_eq!(&Frame::decode(golden).unwrap(), frame);
}

fn command(command: &Command, golden: &str) {
    assert_eq!(command.encode(), golden);
    assert_eq!(&Command::decode(golden).unwrap(), command);
}

fn lobby() -> RoomName {
    RoomName::LOBBY.into()
}

fn ann() -> Author {
    Author { id: "u_4k2".into(), name: "Ann".into() }
}

fn user() -> User {
    User { id: "u_4k2".into(), name: "Ann".into(), role: Role::Member, away: false }
}

fn event(seq: u64, id: &str, kind: Kind) -> Event {
    Event { seq, at: 1_760_000_000_000, user: ann(), id: Some(id.into()), kind }
}

fn message() -> Message {
    Message {
        seq: 1041,
        at: 1_760_000_000_000,
        user: ann(),
        id: Some("c1".into()),
        text: "hi!".into(),
        reply: Some(1033),
        edited: Some(1042),
        removed: false,
        reactions: vec![Reaction { emoji: "👍".into(), count: 3, mine: true }],
        pinned: false,
        files: vec![picture()],
    }
}

fn picture() -> File {
    File {
        id: "f_9".into(),
        name: "sea.png".into(),
        kind: "image/png".into(),
        size: 5120,
        width: Some(640),
        height: Some(480),
    }
}

fn paper() -> File {
    let kind = "application/octet-stream".to_owned();
    File { id: "f_8".into(), name: "a.pdf".into(), kind, size: 7, width: None, height: None }
}

#[test]
fn welcome() {
    let welcome = Welcome {
        user: user(),
        server: Server { name: "stonechat".into(), version: "0.1.0".into() },
        rooms: vec![RoomHead { room: lobby(), title: "Lobby".into(), head: 1043, read: 1040, ..RoomHead::default() }],
        limits: Limits { text: 4000, frame: 65536, file: 10485760, edit_ms: 0 },
        ping_ms: 25000,
    };
    frame(
        &Frame::Welcome(welcome),
        r#"{"type":"welcome","user":{"id":"u_4k2","name":"Ann","role":"member"},"server":{"name":"stonechat","version":"0.1.0"},"rooms":[{"room":"lobby","title":"Lobby","head":1043,"read":1040}],"limits":{"text":4000,"frame":65536,"file":10485760},"ping_ms":25000}"#,
    );
}

#[test]
fn rooms_that_come_and_go() {
    let room = RoomHead { room: "x-1".into(), title: "Plans".into(), head: 3, read: 2, ..RoomHead::default() };
    frame(
        &Frame::Room(RoomHead {
            kind: RoomKind::Private,
            topic: "Spring".into(),
            back: 1,
            unread: 4,
            mentions: 1,
            ..room.clone()
        }),
        r#"{"type":"room","room":"x-1","title":"Plans","topic":"Spring","kind":"private","head":3,"read":2,"back":1,"unread":4,"mentions":1}"#,
    );
    frame(
        &Frame::Room(RoomHead { kind: RoomKind::Direct, title: String::new(), people: vec![ann()], ..room }),
        r#"{"type":"room","room":"x-1","title":"","kind":"direct","people":[{"id":"u_4k2","name":"Ann"}],"head":3,"read":2}"#,
    );
    frame(&Frame::Gone { room: "x-1".into() }, r#"{"type":"gone","room":"x-1"}"#);
}

#[test]
fn joined() {
    let joined =
        Joined { room: lobby(), epoch: "a9".into(), head: 1043, after: Some(1040), messages: None, more: None };
    frame(&Frame::Joined(joined.clone()), r#"{"type":"joined","room":"lobby","epoch":"a9","head":1043,"after":1040}"#);
    frame(
        &Frame::Joined(Joined { after: None, messages: Some(vec![message()]), more: Some(true), ..joined }),
        r#"{"type":"joined","room":"lobby","epoch":"a9","head":1043,"messages":[{"seq":1041,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c1","text":"hi!","reply":1033,"edited":1042,"removed":false,"reactions":[{"emoji":"👍","count":3,"mine":true}],"pinned":false,"files":[{"id":"f_9","name":"sea.png","type":"image/png","size":5120,"width":640,"height":480}]}],"more":true}"#,
    );
}

#[test]
fn events() {
    let events = vec![
        event(1041, "c1", Kind::Post { text: "hi".into(), reply: Some(1033), files: Vec::new() }),
        event(1042, "c2", Kind::Edit { target: 1041, text: "hi!".into() }),
        event(1043, "c3", Kind::React { target: 1033, emoji: "👍".into(), on: true }),
        event(1044, "c4", Kind::Pin { target: 1033, on: false }),
        event(1045, "c5", Kind::Remove { target: 1041 }),
        event(1046, "c6", Kind::Room { title: Some("Hall".into()), topic: None }),
        event(1047, "c7", Kind::Post { text: String::new(), reply: None, files: vec![picture(), paper()] }),
        event(1048, "c8", Kind::Purge { author: "u_9".into(), upto: Some(1040) }),
    ];
    let golden = concat!(
        r#"{"type":"events","room":"lobby","events":["#,
        r#"{"seq":1041,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c1","kind":"post","text":"hi","reply":1033},"#,
        r#"{"seq":1042,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c2","kind":"edit","target":1041,"text":"hi!"},"#,
        r#"{"seq":1043,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c3","kind":"react","target":1033,"emoji":"👍","on":true},"#,
        r#"{"seq":1044,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c4","kind":"pin","target":1033,"on":false},"#,
        r#"{"seq":1045,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c5","kind":"remove","target":1041},"#,
        r#"{"seq":1046,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c6","kind":"room","title":"Hall"},"#,
        r#"{"seq":1047,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c7","kind":"post","text":"","files":["#,
        r#"{"id":"f_9","name":"sea.png","type":"image/png","size":5120,"width":640,"height":480},"#,
        r#"{"id":"f_8","name":"a.pdf","type":"application/octet-stream","size":7}]},"#,
        r#"{"seq":1048,"at":1760000000000,"user":{"id":"u_4k2","name":"Ann"},"id":"c8","kind":"purge","author":"u_9","upto":1040}"#,
        "]}"
    );
    let encoded: Vec<String> = events.iter().map(Event::encode).collect();
    assert_eq!(events_frame(&lobby(), encoded.iter().map(String::as_str)), golden, "the pieces make the same frame");
    frame(&Frame::Events { room: lobby(), events }, golden);
}

#[test]
fn ok_and_error() {
    let ok = |seq, again| Frame::Ok { id: "c1".into(), room: lobby(), seq, again };
    frame(&ok(Some(1044), false), r#"{"type":"ok","id":"c1","room":"lobby","seq":1044}"#);
    frame(&ok(Some(1044), true), r#"{"type":"ok","id":"c1","room":"lobby","seq":1044,"again":true}"#);
    frame(&ok(None, false), r#"{"type":"ok","id":"c1","room":"lobby"}"#);
    let refusal = Refusal {
        id: Some("c1".into()),
        room: None,
        code: Code::RateLimited,
        message: "Slow down: try again in 2 s.".into(),
        retry_ms: Some(2000),
    };
    frame(
        &Frame::Error(refusal),
        r#"{"type":"error","id":"c1","code":"rate_limited","message":"Slow down: try again in 2 s.","retry_ms":2000}"#,
    );
}

#[test]
fn what_is_never_stored() {
    let presence = Presence { room: lobby(), online: 312, joined: vec![user()], left: vec!["u_9".into()], full: false };
    frame(
        &Frame::Presence(presence.clone()),
        r#"{"type":"presence","room":"lobby","online":312,"joined":[{"id":"u_4k2","name":"Ann","role":"member"}],"left":["u_9"]}"#,
    );
    let away = Presence { joined: vec![User { away: true, ..user() }], left: vec![], online: 1, ..presence };
    frame(
        &Frame::Presence(away),
        r#"{"type":"presence","room":"lobby","online":1,"joined":[{"id":"u_4k2","name":"Ann","role":"member","away":true}],"left":[]}"#,
    );
    frame(
        &Frame::Typing { room: lobby(), users: vec![ann()] },
        r#"{"type":"typing","room":"lobby","users":[{"id":"u_4k2","name":"Ann"}]}"#,
    );
    let read = |back, unread, mentions| Frame::Read { room: lobby(), seq: 1041, back, unread, mentions };
    frame(&read(0, 0, 0), r#"{"type":"read","room":"lobby","seq":1041}"#);
    frame(&read(1, 12, 2), r#"{"type":"read","room":"lobby","seq":1041,"back":1,"unread":12,"mentions":2}"#);
    frame(&Frame::Settings, r#"{"type":"settings"}"#);
    frame(
        &Frame::Heads { heads: [("dev".into(), 17)].into_iter().collect() },
        r#"{"type":"heads","heads":{"dev":17}}"#,
    );
    frame(&Frame::Ping { heads: [(lobby(), 1044)].into_iter().collect() }, r#"{"type":"ping","heads":{"lobby":1044}}"#);
    frame(&Frame::Pong { id: "c1".into() }, r#"{"type":"pong","id":"c1"}"#);
    frame(
        &Frame::Bye { code: 4200, message: "The server restarts.".into(), retry_ms: Some(3200) },
        r#"{"type":"bye","code":4200,"message":"The server restarts.","retry_ms":3200}"#,
    );
}

#[test]
fn what_a_later_version_adds_is_ignored() {
    assert_eq!(Frame::decode(r#"{"type":"confetti","n":7}"#).unwrap(), Frame::Unknown);
    let event = r#"{"type":"events","room":"lobby","events":[{"seq":1,"at":2,"user":{"id":"u","name":"U"},"kind":"dance","steps":3}]}"#;
    let Frame::Events { events, .. } = Frame::decode(event).unwrap() else { panic!("an events frame") };
    assert_eq!((events[0].seq, &events[0].kind), (1, &Kind::Unknown));
    let error = r#"{"type":"error","code":"too_sunny","message":"Wait for the evening.","since":1}"#;
    let Frame::Error(refusal) = Frame::decode(error).unwrap() else { panic!("an error frame") };
    assert_eq!(refusal.code, Code::Unknown);
}

#[test]
fn every_error_code() {
    let names = [
        "bad_frame",
        "unknown_command",
        "bad_id",
        "empty",
        "too_long",
        "no_such_room",
        "no_such_message",
        "no_such_file",
        "forbidden",
        "muted",
        "banned",
        "slow_mode",
        "rate_limited",
        "name_taken",
        "not_signed_in",
        "overloaded",
    ];
    for name in names {
        let quoted = format!("\"{name}\"");
        let code: Code = serde_json::from_str(&quoted).unwrap();
        assert_ne!(code, Code::Unknown, "{name}");
        assert_eq!(serde_json::to_string(&code).unwrap(), quoted);
    }
}

#[test]
fn every_command() {
    let (id, room) = (|id: &str| id.into(), lobby);
    command(
        &Command::Join { room: room(), after: Some(1040), epoch: Some("a9".into()) },
        r#"{"type":"join","room":"lobby","after":1040,"epoch":"a9"}"#,
    );
    command(&Command::Join { room: room(), after: None, epoch: None }, r#"{"type":"join","room":"lobby"}"#);
    command(&Command::Leave { room: room() }, r#"{"type":"leave","room":"lobby"}"#);
    command(
        &Command::Post { id: id("c1"), room: room(), text: "hi".into(), reply: Some(1033), files: Vec::new() },
        r#"{"type":"post","id":"c1","room":"lobby","text":"hi","reply":1033}"#,
    );
    command(
        &Command::Post {
            id: id("c1"),
            room: room(),
            text: String::new(),
            reply: None,
            files: vec!["f_9".into(), "f_8".into()],
        },
        r#"{"type":"post","id":"c1","room":"lobby","text":"","files":["f_9","f_8"]}"#,
    );
    command(
        &Command::Edit { id: id("c2"), room: room(), target: 1041, text: "hi!".into() },
        r#"{"type":"edit","id":"c2","room":"lobby","target":1041,"text":"hi!"}"#,
    );
    command(
        &Command::Remove { id: id("c3"), room: room(), target: 1041 },
        r#"{"type":"remove","id":"c3","room":"lobby","target":1041}"#,
    );
    command(
        &Command::React { id: id("c4"), room: room(), target: 1041, emoji: "👍".into(), on: true },
        r#"{"type":"react","id":"c4","room":"lobby","target":1041,"emoji":"👍","on":true}"#,
    );
    command(
        &Command::Pin { id: id("c5"), room: room(), target: 1041, on: true },
        r#"{"type":"pin","id":"c5","room":"lobby","target":1041,"on":true}"#,
    );
    command(
        &Command::Purge { id: id("c5"), room: room(), user: "u_9".into(), upto: Some(1040) },
        r#"{"type":"purge","id":"c5","room":"lobby","user":"u_9","upto":1040}"#,
    );
    command(
        &Command::Set { id: id("c6"), room: room(), title: Some("Hall".into()), topic: None },
        r#"{"type":"set","id":"c6","room":"lobby","title":"Hall"}"#,
    );
    command(&Command::Typing { room: room() }, r#"{"type":"typing","room":"lobby"}"#);
    command(&Command::Read { room: room(), seq: 1041, back: None }, r#"{"type":"read","room":"lobby","seq":1041}"#);
    command(
        &Command::Read { room: room(), seq: 1041, back: Some(0) },
        r#"{"type":"read","room":"lobby","seq":1041,"back":0}"#,
    );
    command(&Command::Unread { room: room(), seq: 1041 }, r#"{"type":"unread","room":"lobby","seq":1041}"#);
    command(&Command::Away { on: true }, r#"{"type":"away","on":true}"#);
    command(&Command::Ping { id: id("c1") }, r#"{"type":"ping","id":"c1"}"#);
    command(&Command::Pong, r#"{"type":"pong"}"#);
}
