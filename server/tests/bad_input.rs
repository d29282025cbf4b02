//! Commands that are wrong: each gets an error that names it, leaves no trace, and closes nothing.

use serde_json::{Value, json};

use crate::support::{Client, Gone, Server, messages};

fn refused(client: &mut Client, text: &str) -> Value {
    client.say(text);
    let error = client.want("error");
    let message = error["message"].as_str().unwrap();
    assert!(message.ends_with('.') && message.len() > 10, "a sentence: {error}");
    error
}

/// Nothing that was refused has left a trace.
fn unharmed(server: &Server) {
    let mut client = Client::guest(server);
    assert_eq!(client.join("lobby")["head"], 0);
    assert_eq!(client.post("lobby", "all is well"), 1, "no seq was used");
}

#[test]
fn what_is_not_json_is_a_bad_frame() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for text in
        ["", " ", "hello", "{", "{\"type\":", "{'type':'pong'}", "{\"type\":\"pong\"}}", "NaN", "\u{feff}{}", "\0"]
    {
        let error = refused(&mut ann, text);
        assert_eq!((&error["code"], error.get("id")), (&json!("bad_frame"), None), "{text:?}");
    }
    unharmed(&server);
}

#[test]
fn json_of_another_shape_is_a_bad_frame() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for text in [
        "null",
        "7",
        "\"pong\"",
        "[]",
        "[\"pong\"]",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":null}"#,
        r#"{"type":["pong"]}"#,
        r#"{"type":"join"}"#,
        r#"{"type":"join","room":7}"#,
        r#"{"type":"join","room":null}"#,
        r#"{"type":"join","room":["lobby"]}"#,
        r#"{"Type":"pong"}"#,
        r#"{"type":"join","room":"lobby","room":"garden"}"#,
    ] {
        assert_eq!(refused(&mut ann, text)["code"], "bad_frame", "{text}");
    }
    unharmed(&server);
}

#[test]
fn a_command_of_a_wrong_shape_is_answered_by_its_id() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for text in [
        r#"{"type":"post","id":"c1"}"#,
        r#"{"type":"post","id":"c1","room":"lobby"}"#,
        r#"{"type":"post","id":"c1","room":"lobby","text":7}"#,
        r#"{"type":"post","id":"c1","room":"lobby","text":null}"#,
        r#"{"type":"post","id":"c1","room":{"name":"lobby"},"text":"hi"}"#,
        r#"{"type":"post","id":"c1","room":"lobby","text":"hi","reply":"1"}"#,
        r#"{"type":"edit","id":"c1","room":"lobby","text":"hi"}"#,
        r#"{"type":"remove","id":"c1","room":"lobby","target":"1"}"#,
        r#"{"type":"react","id":"c1","room":"lobby","target":1,"emoji":"x"}"#,
        r#"{"type":"react","id":"c1","room":"lobby","target":1,"emoji":"x","on":"yes"}"#,
        r#"{"type":"pin","id":"c1","room":"lobby","target":1,"on":1}"#,
    ] {
        let error = refused(&mut ann, text);
        assert_eq!((&error["code"], &error["id"]), (&json!("bad_frame"), &json!("c1")), "{text}");
    }
    unharmed(&server);
}

#[test]
fn an_unknown_command_is_named_so_and_never_closes() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for n in 0..30 {
        let error = refused(&mut ann, &format!(r#"{{"type":"dance","id":"d{n}"}}"#));
        assert_eq!((&error["code"], &error["id"]), (&json!("unknown_command"), &json!(format!("d{n}"))));
    }
    assert_eq!(refused(&mut ann, r#"{"type":""}"#)["code"], "unknown_command");
    assert_eq!(refused(&mut ann, r#"{"type":"POST"}"#)["code"], "unknown_command");
    unharmed(&server);
}

#[test]
fn the_twentieth_bad_frame_within_a_minute_closes_with_4101() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for _ in 0..19 {
        assert_eq!(refused(&mut ann, "nonsense")["code"], "bad_frame");
    }
    ann.settle();
    ann.say("nonsense");
    assert_eq!(ann.want("error")["code"], "bad_frame");
    let bye = ann.want("bye");
    assert_eq!(bye["code"], 4101);
    assert!(bye["retry_ms"].as_u64().is_some() && bye["message"].as_str().unwrap().ends_with('.'), "{bye}");
    assert_eq!(ann.closed().1, Gone(Some(4101)));
    unharmed(&server);
}

#[test]
fn a_text_has_one_to_four_thousand_characters() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let mut post = |text: String| ann.command(json!({"type": "post", "room": "lobby", "text": text}));
    assert_eq!(post(String::new())["code"], "empty");
    // Of one byte, of three, of four, and two that are drawn as one: what counts is Unicode's scalar values.
    for (n, one) in ["x", "字", "👋", "e\u{301}"].into_iter().enumerate() {
        let each = one.chars().count();
        assert_eq!(post(one.to_owned())["seq"], 1 + 2 * n, "{one}");
        assert_eq!(post(one.repeat(4_000 / each))["seq"], 2 + 2 * n, "4,000 of {one}");
        let refused = post(format!("{}x", one.repeat(4_000 / each)));
        assert_eq!((&refused["code"], refused.get("seq")), (&json!("too_long"), None), "4,001 of {one}");
        assert_eq!(refused["message"], "That is too long. Keep it to 4000 characters.");
    }
    let kept = messages(&ann.join("lobby"));
    assert_eq!(kept.len(), 8);
    assert_eq!(kept[5].text, "👋".repeat(4_000));
    assert_eq!(kept[7].text, "e\u{301}".repeat(2_000), "nothing is normalised");
}

#[test]
fn white_space_alone_is_empty() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for text in [" ", "\n", "\t \r\n", "\u{3000}", "\u{3000}\u{3000} \u{a0}", "\u{2003}\u{2028}\u{2029}\u{85}"] {
        let refused = ann.command(json!({"type": "post", "room": "lobby", "text": text}));
        assert_eq!(refused["code"], "empty", "{text:?}");
    }
    assert_eq!(ann.post("lobby", "\u{3000}你\u{3000}"), 1, "around words it is theirs");
    assert_eq!(messages(&ann.join("lobby"))[0].text, "\u{3000}你\u{3000}");
}

#[test]
fn every_character_arrives_as_it_was_sent() {
    let server = Server::start();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    ben.join("lobby");
    let text =
        "\u{0}\u{1}\u{7f}\"\\/<script>&amp;\u{202e}\u{200d}\u{feff}\u{2028}\u{ffff}\u{10ffff} Zalgo\u{336}\u{334}";
    let seq = ann.post("lobby", text);
    let kind = ben.events("lobby", seq).remove(0).kind;
    assert_eq!(kind, stonechat_shared::Kind::Post { text: text.into(), reply: None, files: Vec::new() });
    assert_eq!(messages(&ben.join("lobby"))[0].text, text);
}

#[test]
fn half_a_surrogate_pair_is_a_bad_frame() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for half in [r"\ud83d", r"\udc4b", r"\ud83dx", r"\udc4b\ud83d", r"\ud83d\ud83d", r"\uD83D\u0041"] {
        let text = format!(r#"{{"type":"post","id":"c1","room":"lobby","text":"{half}"}}"#);
        assert_eq!(refused(&mut ann, &text)["code"], "bad_frame", "{half}");
    }
    unharmed(&server);
    ann.say(r#"{"type":"post","id":"c2","room":"lobby","text":"\ud83d\udc4b"}"#);
    assert_eq!(ann.want("ok")["seq"], 2, "a whole pair is a character");
    assert_eq!(messages(&ann.join("lobby"))[1].text, "👋");
}

#[test]
fn an_id_has_one_to_sixty_four_characters() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let mut post = |id: &str| {
        let text = json!({"type": "post", "id": id, "room": "lobby", "text": "hi"}).to_string();
        ann.say(&text);
        ann.find(|frame| frame["type"] == "ok" || frame["type"] == "error")
    };
    assert_eq!(post("")["code"], "bad_id");
    assert_eq!(post("x")["seq"], 1);
    assert_eq!(post(&"x".repeat(64))["seq"], 2);
    assert_eq!(post(&"字".repeat(64))["seq"], 3);
    assert_eq!(post(&"x".repeat(65))["code"], "bad_id");
    assert_eq!(post(&"字".repeat(65))["code"], "bad_id");
    assert_eq!(post(&"x".repeat(10_000))["code"], "bad_id");
    assert_eq!(post("a\u{0}b\"'\\; DROP TABLE events; --")["seq"], 4);
    assert_eq!(post("a\u{0}c")["seq"], 5, "every character of an id counts");
    for none in
        [r#"{"type":"post","room":"lobby","text":"hi"}"#, r#"{"type":"post","id":7,"room":"lobby","text":"hi"}"#]
    {
        assert_eq!(refused(&mut ann, none)["code"], "bad_frame");
    }
}

#[test]
fn json_nested_without_end_is_a_bad_frame() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let deep = 60_000;
    for text in [
        "[".repeat(deep),
        r#"{"type":"pong","x":"#.to_owned() + &"[".repeat(deep),
        r#"{"type":"pong","x":"#.to_owned() + &"[".repeat(deep / 3) + &"]".repeat(deep / 3) + "}",
        "{\"a\":".repeat(deep / 5),
    ] {
        assert_eq!(refused(&mut ann, &text)["code"], "bad_frame");
    }
    ann.say(&"[".repeat(100_000));
    assert_eq!(ann.closed().1, Gone(Some(1009)), "and this is too large a frame besides");
    unharmed(&server);
}

#[test]
fn a_frame_full_of_what_nobody_asked_for_is_read_and_ignored() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let mut command = json!({"type": "post", "id": "c1", "room": "lobby", "text": "hi"});
    for n in 0..1_000 {
        command[format!("field{n}")] = json!([n, {"deep": {"er": true}}]);
    }
    assert_eq!(ann.command(command)["seq"], 1);
}
