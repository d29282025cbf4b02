//! What is read is what serde reads, and what serde refuses is refused.

use proptest::prelude::*;
use serde::de::DeserializeOwned;

use super::*;
use crate::page::{Found, Heard, History, Invitation, Invites, Members, NewInvite, Rooms, Session};

use crate::replica::{Pending, Status};
use crate::settings::{Notify, RoomSettings, Settings};
use crate::{Code, Command, Event, File, Frame, Kind, Message};

fn same<T: Read + DeserializeOwned + PartialEq + fmt::Debug>(text: &str) {
    match (read::<T>(text), serde_json::from_str::<T>(text)) {
        (Ok(ours), Ok(serdes)) => assert_eq!(ours, serdes, "{text}"),
        (Err(_), Err(_)) => {}
        (ours, serdes) => panic!("{text}\n ours: {ours:?}\nserde: {serdes:?}"),
    }
}

#[test]
fn words_of_json_are_read_as_serde_reads_them() {
    for text in [
        r#""""#,
        r#""a""#,
        r#"" \"\\\/\b\f\n\r\t""#,
        r#""é中😀""#,
        r#""\u00e9\u4e2d\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\u12""#,
        r#""\u+123""#,
        r#""\x""#,
        "\"\n\"",
        "\"",
        "\"\\",
        "a",
        "",
        "7",
        "\"a\" ",
        " \"a\"",
        "\"a\"b",
    ] {
        same::<String>(text);
    }
    for text in
        ["0", "7", " 7 ", "07", "-1", "1.0", "1e3", "18446744073709551615", "18446744073709551616", "", "\"7\"", "7x"]
    {
        same::<u64>(text);
    }
    for text in ["true", "false", "null", "True", "tru", "truex"] {
        same::<bool>(text);
        same::<Option<bool>>(text);
    }
    for text in ["[]", "[1]", "[1,2 , 3]", "[1,]", "[,1]", "[1 2]", "[1", "1]", "{}"] {
        same::<Vec<u64>>(text);
    }
}

#[test]
fn fields_may_come_in_any_order_or_not_be_known() {
    let text = r#" { "later" : [ { "a" : -1.5e+3 } , "]" , null ] , "name" : "Ann" , "id" : "u_1" } "#;
    same::<crate::Author>(text);
    assert_eq!(read::<crate::Author>(text).unwrap().name, "Ann");
    for text in
        [r#"{"id":"u"}"#, r#"{"id":"u","name":null}"#, r#"{"id":"u","name":"n""#, r#"{"id":7,"name":"n"}"#, "[]"]
    {
        same::<crate::Author>(text);
    }
}

#[test]
fn what_is_passed_over_may_nest_deeply_but_not_without_end() {
    let nested = |depth: usize| format!(r#"{{"id":"u","name":"n","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert!(read::<crate::Author>(&nested(100)).is_ok());
    assert!(read::<crate::Author>(&nested(100_000)).is_err());
}

#[test]
fn what_is_written_is_what_serde_writes() {
    let user = crate::frame::User {
        id: "u_1".into(),
        name: "A \"b\" \\ \u{1}\n中😀".into(),
        role: crate::frame::Role::Owner,
        away: false,
    };
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&user.write()), serde_json::to_value(&user).unwrap());
    let session = crate::page::NewSession { name: user.name.clone() };
    assert_eq!(value(&session.write()), serde_json::to_value(&session).unwrap());
    let direct = crate::page::NewDirect { users: vec!["u_1".into(), "u_2".into()] };
    assert_eq!(value(&direct.write()), serde_json::to_value(&direct).unwrap());
    for invite in [NewInvite::default(), NewInvite { expires_ms: Some(1), uses: Some(2) }] {
        assert_eq!(serde_json::from_str::<NewInvite>(&invite.write()).unwrap(), invite);
    }
    let rooms = [
        ("dev".into(), RoomSettings { notify: Some(Notify::None), muted: true }),
        ("lobby".into(), RoomSettings { notify: Some(Notify::All), muted: false }),
        ("plans".into(), RoomSettings { notify: None, muted: true }),
    ];
    let settings = Settings { language: Some("zh".into()), rooms: rooms.into(), ..Settings::default() };
    let written = serde_json::from_str::<Settings>(&settings.write()).unwrap();
    assert_eq!(written, settings);
    assert_eq!(value(&Settings::default().write())["theme"], "system");
    assert_eq!(value(&Object::new().end()), serde_json::json!({}));
    assert_eq!(value(&list(std::iter::empty())), serde_json::json!([]));
}

#[test]
fn every_command_is_read_back_by_the_server_as_it_was_written() {
    let (id, room, target) = (crate::CommandId::from("c1"), crate::RoomName::from("lobby"), 7);
    let files = vec!["f_1".into(), "f_2".into()];
    let (text, emoji) = ("a\n\"b\"\u{1f}中".to_owned(), "👍🏽".to_owned());
    for command in [
        Command::Join { room: room.clone(), after: None, epoch: None },
        Command::Join { room: room.clone(), after: Some(3), epoch: Some("e".into()) },
        Command::Leave { room: room.clone() },
        Command::Post { id: id.clone(), room: room.clone(), text: text.clone(), reply: Some(2), files: vec![] },
        Command::Post { id: id.clone(), room: room.clone(), text: text.clone(), reply: None, files },
        Command::Edit { id: id.clone(), room: room.clone(), target, text },
        Command::Remove { id: id.clone(), room: room.clone(), target },
        Command::React { id: id.clone(), room: room.clone(), target, emoji, on: true },
        Command::Pin { id: id.clone(), room: room.clone(), target, on: false },
        Command::Purge { id: id.clone(), room: room.clone(), user: "u".into(), upto: None },
        Command::Purge { id: id.clone(), room: room.clone(), user: "u".into(), upto: Some(7) },
        Command::Typing { room: room.clone() },
        Command::Set { id: id.clone(), room: room.clone(), title: Some("T".into()), topic: None },
        Command::Read { room: room.clone(), seq: u64::MAX, back: None },
        Command::Read { room: room.clone(), seq: 1, back: Some(2) },
        Command::Unread { room, seq: 3 },
        Command::Away { on: true },
        Command::Ping { id },
        Command::Pong,
    ] {
        assert_eq!(command.encode(), serde_json::to_string(&command).unwrap());
        assert_eq!(Command::decode(&command.encode()), Ok(command));
    }
}

#[test]
fn a_waiting_message_is_read_back_as_it_was_kept() {
    for status in [
        Status::Queued,
        Status::Sending,
        Status::Sent(7),
        Status::Refused { code: Code::Muted, message: "No \"posts\" today.".into() },
    ] {
        for kind in [
            Kind::Post { text: "hi\n中".into(), reply: Some(3), files: vec![] },
            Kind::Post { text: String::new(), reply: None, files: vec![picture(), paper()] },
            Kind::Edit { target: 4, text: "ho".into() },
            Kind::Remove { target: 4 },
            Kind::React { target: 4, emoji: "👍".into(), on: true },
            Kind::Pin { target: 4, on: false },
            Kind::Purge { author: "u".into(), upto: None },
            Kind::Purge { author: "u".into(), upto: Some(7) },
            Kind::Room { title: None, topic: Some("t".into()) },
        ] {
            let pending = Pending { status: status.clone(), ..Pending::of("c1".into(), "lobby".into(), kind, 9) };
            let text = serde_json::to_string(&pending).unwrap();
            assert_eq!(read::<Pending>(&text).as_ref(), Ok(&pending), "as serde writes it");
            assert_eq!(read::<Pending>(&pending.write()), Ok(pending));
        }
    }
}

fn picture() -> File {
    File {
        id: "f_1".into(),
        name: "a \"b\".png".into(),
        kind: "image/png".into(),
        size: 7,
        width: Some(2),
        height: Some(1),
    }
}

fn paper() -> File {
    File { id: "f_2".into(), kind: "x".into(), width: None, height: None, ..picture() }
}

#[test]
fn a_waiting_message_is_read_back_as_it_was_kept_before_there_were_files() {
    let kept = r#"{"id":"c1","room":"lobby","kind":"post","text":"a","at":9,"status":"Queued"}"#;
    assert_eq!(read::<Pending>(kept), Ok(Pending::new("c1".into(), "lobby".into(), "a".into(), None, 9)));
}

#[test]
fn the_bodies_of_pages_are_read_as_serde_reads_them() {
    same::<Session>(r#"{"user":{"id":"u","name":"U","role":"owner"},"token":"t"}"#);
    same::<Session>(r#"{"user":{"id":"u","name":"U"}}"#);
    same::<Session>(r#"{"user":{"id":"u","name":"U","away":true}}"#);
    same::<Members>(r#"{"members":[{"id":"u","name":"U","role":"guest","online":false,"seen":5}],"more":true}"#);
    same::<Members>(r#"{"members":[{"id":"u","name":"U","role":"guest","online":true,"away":true}]}"#);
    same::<Rooms>(
        r#"{"rooms":[{"room":"lobby","title":"Lobby","head":3},{"room":"a","title":"A","topic":"t","head":0,"read":2},{"room":"x-1","title":"","kind":"direct","people":[{"id":"u","name":"U"}],"head":1}]}"#,
    );
    same::<Members>(r#"{"members":[{"id":"u","name":"U","role":"guest","online":true,"last_post":5}]}"#);
    same::<Members>(r#"{"members":[{"id":"u","name":"U","role":"king","online":true}]}"#);
    same::<Rooms>(r#"{"rooms":[{"room":"a","title":"A","kind":"secret","head":1}]}"#);
    same::<Invites>(r#"{"invites":[{"invite":"i_1","user":{"id":"u","name":"U"},"uses":3},{"invite":"i_2"}]}"#);
    same::<Invites>(r#"{"invites":[{"invite":"i_1","user":{"id":"u","name":"U"},"expires_ms":7}]}"#);
    same::<Invitation>(r#"{"title":"A","people":3}"#);
    same::<Invitation>(r#"{"title":"A","topic":"t","people":3}"#);
    same::<Settings>("{}");
    same::<Settings>(r#"{"language":"zh","theme":"contrast","density":"compact","clock":"12","notify":"none"}"#);
    same::<Settings>(r#"{"rooms":{"lobby":{"muted":true},"dev":{"notify":"all"},"a":{}}}"#);
    same::<Settings>(r#"{"clock":12}"#);
    same::<Settings>(r#"{"theme":"pink"}"#);
    same::<Heard>(r#"{"frames":[{"type":"pong","id":"c"},{"type":"later"}],"cursor":"lobby:1"}"#);
    same::<History>(r#"{"messages":[],"more":false,"head":0}"#);
    let message = r#""seq":1,"at":2,"user":{"id":"u","name":"U"},"text":"你好 a","pinned":true"#;
    for beside in [
        r#""room":"lobby","marks":[[0,2],[3,4]]"#,
        r#""room":"lobby","marks":[],"later":{"seq":7}"#,
        r#""room":"lobby""#,
        r#""marks":[[0,2]]"#,
        r#""room":"lobby","marks":[[0]]"#,
        r#""room":"lobby","marks":[[0,1,2]]"#,
        r#""room":"lobby","marks":[[0,-1]]"#,
    ] {
        same::<Found>(&format!(r#"{{"messages":[{{{message},{beside}}},{{{beside},{message}}}],"more":true}}"#));
    }
    same::<Found>(r#"{"messages":[{"room":"lobby","marks":[]}],"more":true}"#);
}

/// Text that is nearly a frame: pieces of real ones, put together by chance.
fn nearly_a_frame() -> impl Strategy<Value = String> {
    let user = r#""user":{"id":"u","name":"U","role":"member"}"#;
    let event = r#"{"seq":1,"at":2,"user":{"id":"u","name":"U"},"id":"c","kind":"post","text":"hi"}"#;
    let field = prop::sample::select(vec![
        user.to_owned(),
        format!(r#""events":[{event},{event}]"#),
        r#""server":{"name":"s","version":"1"}"#.into(),
        r#""rooms":[{"room":"lobby","title":"L","head":1}]"#.into(),
        r#""limits":{"text":1,"frame":2}"#.into(),
        r#""files":[{"id":"f_1","name":"n","type":"image/png","size":3,"width":2,"height":1}]"#.into(),
        r#""ping_ms":3"#.into(),
        r#""room":"lobby""#.into(),
        r#""epoch":"e""#.into(),
        r#""head":4"#.into(),
        r#""after":null"#.into(),
        r#""messages":[{"seq":1,"at":2,"user":{"id":"u","name":"U"},"text":"t"}]"#.into(),
        r#""id":"c""#.into(),
        r#""seq":5"#.into(),
        r#""at":6"#.into(),
        r#""message":"m""#.into(),
        r#""retry_ms":7"#.into(),
        r#""online":8"#.into(),
        r#""joined":[{"id":"u","name":"U"}]"#.into(),
        r#""left":["u"]"#.into(),
        r#""users":[]"#.into(),
        r#""heads":{"lobby":9}"#.into(),
        r#""target":1"#.into(),
        r#""text":"t""#.into(),
        r#""emoji":"👍""#.into(),
        r#""on":true"#.into(),
        r#""title":"T""#.into(),
        r#""topic":"t""#.into(),
        r#""people":[{"id":"u","name":"U"}]"#.into(),
        r#""read":3"#.into(),
        r#""back":1"#.into(),
        r#""unread":4"#.into(),
        r#""mentions":2"#.into(),
    ]);
    let types = prop::sample::select(vec![
        "welcome", "joined", "events", "ok", "error", "presence", "typing", "read", "ping", "pong", "bye", "room",
        "gone", "heads", "settings", "later",
    ]);
    let code = prop::sample::select(vec!["", r#","code":"muted""#, r#","code":"new_one""#, r#","code":4200"#]);
    (types, code, prop::collection::btree_set(field, 0..25)).prop_map(|(name, code, fields)| {
        let fields: Vec<String> = fields.into_iter().collect();
        format!(r#"{{"type":"{name}"{code},{}}}"#, fields.join(",")).replace(",}", "}")
    })
}

#[test]
fn a_field_that_a_later_version_adds_does_not_change_what_a_frame_is() {
    same::<Frame>(r#"{"type":"pong","id":"c1","kind":"loud"}"#);
    same::<Event>(r#"{"type":"later","kind":"remove","seq":2,"at":1,"user":{"id":"u","name":"U"},"target":1}"#);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_is_read_back(text in ".*") {
        same::<String>(&serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in ".*") {
        drop(read::<Frame>(&text));
    }

    #[test]
    fn a_frame_that_serde_reads_is_read_the_same(text in nearly_a_frame()) {
        // Where serde refuses, ours may be more patient: it passes over what a frame of that type does not have.
        if let Ok(serdes) = serde_json::from_str::<Frame>(&text) {
            prop_assert_eq!(read::<Frame>(&text), Ok(serdes));
        }
    }

    #[test]
    fn a_frame_cut_short_is_refused(text in nearly_a_frame(), cut in 0..400_usize) {
        if let Some(part) = text.get(..cut.min(text.len().saturating_sub(1))) {
            prop_assert!(read::<Frame>(part).is_err());
        }
    }

    #[test]
    fn messages_and_events_are_read_as_serde_reads_them(seq in any::<u64>(), text in ".*", kind in 0..7_usize) {
        let name = ["post", "edit", "remove", "react", "pin", "room", "dance"][kind];
        let text = serde_json::to_string(&text).unwrap();
        let file = format!(r#"{{"id":"f_1","name":{text},"type":"application/octet-stream","size":{seq}}}"#);
        let event = format!(r#"{{"kind":"{name}","seq":{seq},"at":1,"user":{{"id":"u","name":"U"}},"text":{text},"target":3,"emoji":{text},"on":false,"title":{text},"reply":null,"files":[{file}]}}"#);
        same::<Event>(&event);
        same::<Message>(&format!(r#"{{"seq":{seq},"at":1,"user":{{"id":"u","name":"U"}},"text":{text},"edited":{seq},"removed":true,"reactions":[{{"emoji":{text},"count":2,"mine":true}}],"pinned":true,"files":[{file},{file}]}}"#));
    }
}
