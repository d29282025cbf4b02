//! What can be done with a message: edits, removals, reactions and pins, and who may do them.

use serde_json::{Value, json};
use stonechat_shared::Message;

use crate::support::{Client, Server, messages};

/// Ann and Ben, both with names, and Ann's message of seq 1.
fn two_people() -> (Server, Client, Client) {
    let server = Server::start();
    let mut ann = Client::of(&server, &server.person("Ann"));
    let ben = Client::of(&server, &server.person("Ben"));
    assert_eq!(ann.post("lobby", "hello"), 1);
    (server, ann, ben)
}

fn first(client: &mut Client) -> Message {
    messages(&client.join("lobby")).remove(0)
}

fn ok(room: &str, id: &str, seq: Option<u64>) -> Value {
    let mut ok = json!({"type": "ok", "id": id, "room": room});
    if let Some(seq) = seq {
        ok["seq"] = seq.into();
    }
    ok
}

#[test]
fn an_author_edits_and_everybody_sees_it() {
    let (_server, mut ann, mut ben) = two_people();
    ben.join("lobby");
    let edit = json!({"type": "edit", "id": "e", "room": "lobby", "target": 1, "text": "hello!"});
    assert_eq!(ann.command(edit.clone()), ok("lobby", "e", Some(2)));
    assert_eq!(ann.command(edit)["again"], true);
    let mut event = ben.want("events")["events"][0].take();
    event["at"] = 0.into();
    let user = json!({"id": ann.welcome["user"]["id"], "name": "Ann"});
    let expected = json!({"seq": 2, "at": 0, "kind": "edit", "user": user, "id": "e", "target": 1, "text": "hello!"});
    assert_eq!(event, expected);
    let message = first(&mut ben);
    assert_eq!((message.text.as_str(), message.edited), ("hello!", Some(2)));
}

#[test]
fn nobody_else_edits_or_removes() {
    let (_server, mut ann, mut ben) = two_people();
    for (kind, text) in [("edit", "changed"), ("remove", "")] {
        let refused = ben.command(json!({"type": kind, "room": "lobby", "target": 1, "text": text}));
        assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("forbidden")), "{kind}");
    }
    assert_eq!(first(&mut ann).text, "hello");
    assert_eq!(ann.post("lobby", "next"), 2, "a refusal uses no seq");
}

#[test]
fn after_the_time_that_the_server_sets_a_message_stays_as_it_is() {
    let server = Server::with(&["--edit-seconds", "1", "--post-rate", "0"]);
    let person = server.person("Ann");
    let mut ann = Client::of(&server, &person);
    assert_eq!(ann.welcome["limits"]["edit_ms"], 1_000);
    assert_eq!(ann.post("lobby", "hello"), 1);
    let edit =
        |ann: &mut Client, text: &str| ann.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": text}));
    assert_eq!(edit(&mut ann, "hello!")["type"], "ok");
    let refused = (0..).map(|n| edit(&mut ann, &n.to_string())).find(|answer| answer["type"] == "error").unwrap();
    assert_eq!(refused["code"], "forbidden");
    assert_eq!(refused["message"], "That was written too long ago to be changed.");
    for command in [
        json!({"type": "remove", "room": "lobby", "target": 1}),
        json!({"type": "purge", "room": "lobby", "user": person.id}),
    ] {
        assert_eq!(ann.command(command)["code"], "forbidden");
    }
    assert!(!first(&mut ann).removed);
    let last = ann.post("lobby", "and this is new");
    assert_eq!(ann.command(json!({"type": "remove", "room": "lobby", "target": last}))["type"], "ok");
}

#[test]
fn an_edit_keeps_to_the_limits_of_a_post() {
    let (_server, mut ann, _) = two_people();
    let mut edit = |text: &str| ann.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": text}));
    assert_eq!(edit("")["code"], "empty");
    assert_eq!(edit(" \n\t")["code"], "empty");
    assert_eq!(edit(&"x".repeat(4001))["code"], "too_long");
    assert_eq!(edit(&"x".repeat(4000))["seq"], 2);
}

#[test]
fn what_is_removed_keeps_its_place_without_its_text() {
    let (_server, mut ann, mut ben) = two_people();
    ben.command(json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}));
    ben.command(json!({"type": "pin", "room": "lobby", "target": 1, "on": true}));
    ann.command(json!({"type": "edit", "room": "lobby", "target": 1, "text": "changed"}));
    assert_eq!(
        ann.command(json!({"type": "remove", "id": "r", "room": "lobby", "target": 1})),
        ok("lobby", "r", Some(5))
    );
    let message = first(&mut ben);
    assert_eq!((message.seq, message.removed, message.text.as_str(), message.edited), (1, true, "", None));
    assert_eq!((message.reactions.len(), message.pinned, message.user.name.as_str()), (0, false, "Ann"));
}

#[test]
fn what_is_removed_is_removed_once_and_nothing_more_can_be_done_with_it() {
    let (_server, mut ann, mut ben) = two_people();
    ann.command(json!({"type": "remove", "room": "lobby", "target": 1}));
    let again = json!({"type": "remove", "id": "r2", "room": "lobby", "target": 1});
    assert_eq!(ann.command(again), ok("lobby", "r2", None), "it stands already");
    for command in [
        json!({"type": "edit", "room": "lobby", "target": 1, "text": "back"}),
        json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}),
        json!({"type": "pin", "room": "lobby", "target": 1, "on": true}),
    ] {
        assert_eq!(ann.command(command.clone())["code"], "no_such_message", "{command}");
        assert_eq!(ben.command(command.clone())["type"], "error", "{command}");
    }
    assert_eq!(ann.post("lobby", "next"), 3, "nothing of that used a seq");
}

#[test]
fn a_reaction_counts_once_a_person() {
    let (_server, mut ann, mut ben) = two_people();
    let react = |on| json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": on});
    assert_eq!(ann.command(react(true))["seq"], 2);
    let again = ann.command(react(true));
    assert_eq!((&again["type"], again.get("seq")), (&json!("ok"), None), "it stands already, under another id too");
    assert_eq!(ben.command(react(true))["seq"], 3);
    let heart = json!({"type": "react", "room": "lobby", "target": 1, "emoji": "❤️", "on": true});
    assert_eq!(ben.command(heart)["seq"], 4);
    let reactions = serde_json::to_value(first(&mut ann).reactions).unwrap();
    let heart = json!({"emoji": "❤️", "count": 1, "mine": false});
    assert_eq!(reactions, json!([{"emoji": "👍", "count": 2, "mine": true}, heart]));
    assert_eq!(ann.command(react(false))["seq"], 5);
    assert_eq!(ann.command(react(false)).get("seq"), None);
    let reactions = serde_json::to_value(first(&mut ann).reactions).unwrap();
    assert_eq!(reactions, json!([{"emoji": "👍", "count": 1, "mine": false}, heart]));
}

#[test]
fn a_reaction_is_one_emoji_and_no_essay() {
    let (_server, mut ann, _) = two_people();
    let mut react =
        |emoji: &str| ann.command(json!({"type": "react", "room": "lobby", "target": 1, "emoji": emoji, "on": true}));
    for bad in ["", " ", "\u{3000}", &"x".repeat(17)] {
        assert_eq!(react(bad)["code"], "bad_frame", "{bad:?}");
    }
    assert_eq!(react("👨‍👩‍👧‍👦")["seq"], 2);
    assert_eq!(react(&"👍".repeat(16))["seq"], 3);
}

#[test]
fn a_pin_stands_until_it_is_taken_away() {
    let (server, mut ann, mut ben) = two_people();
    let pin = |on| json!({"type": "pin", "room": "lobby", "target": 1, "on": on});
    assert_eq!(ben.command(pin(true))["seq"], 2);
    assert_eq!(ann.command(pin(true)).get("seq"), None, "it stands already");
    assert!(first(&mut ann).pinned);
    assert_eq!(ann.command(pin(false))["seq"], 3);
    assert_eq!(ann.command(pin(false)).get("seq"), None);
    assert!(!first(&mut ann).pinned);
    let refused = Client::guest(&server).command(pin(true));
    assert_eq!(refused["code"], "forbidden", "guests do not pin");
}

#[test]
fn a_guest_may_react_edit_and_remove_their_own() {
    let server = Server::start();
    let mut guest = Client::guest(&server);
    guest.post("lobby", "hi");
    for command in [
        json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}),
        json!({"type": "edit", "room": "lobby", "target": 1, "text": "hi!"}),
        json!({"type": "remove", "room": "lobby", "target": 1}),
    ] {
        assert_eq!(guest.command(command.clone())["type"], "ok", "{command}");
    }
}

#[test]
fn a_reply_names_a_message_that_is_there() {
    let (_server, mut ann, mut ben) = two_people();
    assert_eq!(ben.command(json!({"type": "post", "room": "lobby", "text": "hi", "reply": 1}))["seq"], 2);
    assert_eq!(
        ben.command(json!({"type": "react", "room": "lobby", "target": 2, "emoji": "👍", "on": true}))["seq"],
        3
    );
    for missing in [3, 4] {
        let refused = ben.command(json!({"type": "post", "room": "lobby", "text": "hi", "reply": missing}));
        assert_eq!(refused["code"], "no_such_message", "{missing} is no message");
    }
    ann.command(json!({"type": "remove", "room": "lobby", "target": 1}));
    let late = ben.command(json!({"type": "post", "room": "lobby", "text": "what was that?", "reply": 1}));
    assert_eq!(late["seq"], 5, "a removed message keeps its place, and can be answered");
}

#[test]
fn a_message_is_named_within_its_room() {
    let (_server, mut ann, _) = two_people();
    ann.join("garden");
    let refused = ann.command(json!({"type": "edit", "room": "garden", "target": 1, "text": "moved"}));
    assert_eq!((&refused["code"], &refused["room"]), (&json!("no_such_message"), &json!("garden")));
}

#[test]
fn a_repeat_of_a_command_that_changed_nothing_changes_nothing_later_either() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.post("lobby", "one");
    let react =
        |id: &str, on: bool| json!({"type": "react", "id": id, "room": "lobby", "target": 1, "emoji": "👍", "on": on});
    assert_eq!(ann.command(react("a", true))["seq"], 2);
    assert_eq!(ann.command(react("b", true)), json!({"type": "ok", "id": "b", "room": "lobby"}));
    assert_eq!(ann.command(react("c", false))["seq"], 3);
    assert_eq!(ann.command(react("b", true)), json!({"type": "ok", "id": "b", "room": "lobby", "again": true}));
    assert_eq!(ann.join("lobby")["head"], 3);
}
