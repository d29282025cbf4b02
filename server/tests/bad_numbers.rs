//! Numbers where a seq belongs that no message has, and that are no seq at all.

use serde_json::{Value, json};

use crate::support::{Client, Server};

/// Numbers that a seq could be, and none is.
const UNKNOWN: [&str; 7] = [
    "0",
    "2",
    "9007199254740992",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551614",
    "18446744073709551615",
];
/// Numbers that no seq can be.
const IMPOSSIBLE: [&str; 7] = ["-1", "-9223372036854775808", "1.5", "1.0", "1e3", "18446744073709551616", "1e999"];

/// Every command with a seq in it, in three windows: twenty bad frames close one.
fn with(number: &str) -> Vec<String> {
    [
        r#"{"type":"post","id":"ID","room":"lobby","text":"hi","reply":N}"#,
        r#"{"type":"edit","id":"ID","room":"lobby","target":N,"text":"hi"}"#,
        r#"{"type":"remove","id":"ID","room":"lobby","target":N}"#,
        r#"{"type":"react","id":"ID","room":"lobby","target":N,"emoji":"👍","on":true}"#,
        r#"{"type":"pin","id":"ID","room":"lobby","target":N,"on":true}"#,
    ]
    .into_iter()
    .enumerate()
    .map(|(n, command)| command.replace("ID", &format!("{number}/{n}")).replace('N', number))
    .collect()
}

fn answer(client: &mut Client, command: &str) -> Value {
    client.say(command);
    client.find(|frame| frame["type"] == "ok" || frame["type"] == "error")
}

#[test]
fn a_seq_that_names_no_message_is_no_such_message() {
    let server = Server::start();
    let mut ann = Client::of(&server, &server.person("Ann"));
    ann.post("lobby", "one");
    for number in UNKNOWN {
        for command in with(number) {
            let refused = answer(&mut ann, &command);
            assert_eq!((&refused["code"], &refused["room"]), (&json!("no_such_message"), &json!("lobby")), "{command}");
        }
    }
    assert_eq!(ann.post("lobby", "two"), 2, "no seq was used");
}

#[test]
fn a_number_that_is_no_seq_is_a_bad_frame() {
    let server = Server::start();
    let person = server.person("Ann");
    Client::of(&server, &person).post("lobby", "one");
    for number in IMPOSSIBLE {
        // A window for each: the twentieth bad frame would close it.
        let mut ann = Client::of(&server, &person);
        for command in with(number) {
            assert_eq!(answer(&mut ann, &command)["code"], "bad_frame", "{command}");
        }
        for command in [
            format!(r#"{{"type":"join","room":"lobby","after":{number}}}"#),
            format!(r#"{{"type":"read","room":"lobby","seq":{number}}}"#),
        ] {
            assert_eq!(answer(&mut ann, &command)["code"], "bad_frame", "{command}");
        }
    }
    assert_eq!(Client::of(&server, &person).post("lobby", "two"), 2, "no seq was used");
}

#[test]
fn a_cursor_that_nobody_can_have_is_answered_with_a_snapshot() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.post("lobby", "one");
    for number in &UNKNOWN[1..] {
        ann.say(&format!(r#"{{"type":"join","room":"lobby","after":{number}}}"#));
        let joined = ann.want("joined");
        assert_eq!(joined["messages"].as_array().map(Vec::len), Some(1), "{number}");
    }
}

#[test]
fn reading_beyond_the_head_is_reading_up_to_it() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    client.post("lobby", "one");
    for number in UNKNOWN {
        client.say(&format!(r#"{{"type":"read","room":"lobby","seq":{number}}}"#));
    }
    client.post("lobby", "two");
    assert!(!client.has_waiting("error"));
    assert_eq!(Client::of(&server, &ann).welcome["rooms"][0]["read"], 1);
}
