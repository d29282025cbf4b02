//! A removed message's text is sent by no path any more, and leaves the disk.

use std::path::Path;

use serde_json::{Value, json};
use stonechat_shared::Kind;

use crate::support::{Client, Person, Server, messages};

/// Nothing else contains these.
const SECRET: &str = "Xq7vexilloid-forget-me-at-once";
const EDITED: &str = "Zw9batholith-forget-me-as-well";
/// What the index for searching has of them, which no other word begins like.
const WORDS: [&str; 2] = ["xq7vexilloid", "zw9batholith"];

/// How Ann has what she wrote removed: this message, or all that she wrote in the room.
#[derive(Clone, Copy, Debug)]
enum Removal {
    OfTheMessage,
    OfAll,
}

use Removal::{OfAll, OfTheMessage};

impl Removal {
    fn command(self, ann: &Person) -> Value {
        match self {
            OfTheMessage => json!({"type": "remove", "room": "lobby", "target": 2}),
            OfAll => json!({"type": "purge", "room": "lobby", "user": ann.id}),
        }
    }
}

/// A room in which a message was posted, edited and removed, by Ann, with others around it.
fn with_a_removed_message(server: &Server, removal: Removal) -> Person {
    let ann = server.person("Ann");
    let (mut client, mut ben) = (Client::of(server, &ann), Client::of(server, &server.person("Ben")));
    ben.post("lobby", "before");
    assert_eq!(client.post("lobby", SECRET), 2);
    client.command(json!({"type": "edit", "room": "lobby", "target": 2, "text": EDITED}));
    ben.command(json!({"type": "post", "room": "lobby", "text": "about it", "reply": 2}));
    assert_eq!(client.command(removal.command(&ann))["seq"], 5);
    ben.post("lobby", "after");
    ann
}

fn a_removed_text_is_in_no_replay_no_snapshot_and_no_page_of_history(removal: Removal) {
    let mut server = Server::start();
    let ann = with_a_removed_message(&server, removal);
    for _ in 0..2 {
        for after in 0..6 {
            let mut client = Client::of(&server, &ann);
            client.send(&json!({"type": "join", "room": "lobby", "after": after}));
            let replay = client.events("lobby", 6);
            assert_eq!(replay[0].seq, after + 1, "the place is kept");
            for event in &replay {
                if let Kind::Post { text, .. } | Kind::Edit { text, .. } = &event.kind {
                    assert!(![SECRET, EDITED].contains(&text.as_str()), "after {after}: {event:?}");
                }
            }
            silent(&client.join("lobby").to_string());
        }
        for word in WORDS {
            silent(server.get(&format!("/api/search?q={word}")).text());
        }
        for query in ["", "?after=0", "?before=6", "?around=2", "?limit=200"] {
            silent(server.get(&format!("/api/rooms/lobby/messages{query}")).text());
        }
        // And once more after a restart, when nothing comes from memory.
        server.restart();
    }
}

#[test]
fn a_removed_text_is_sent_by_no_path() {
    a_removed_text_is_in_no_replay_no_snapshot_and_no_page_of_history(OfTheMessage);
}

#[test]
fn all_texts_of_somebody_that_were_removed_are_sent_by_no_path() {
    a_removed_text_is_in_no_replay_no_snapshot_and_no_page_of_history(OfAll);
}

#[test]
fn a_repeat_of_a_removed_post_does_not_bring_it_back() {
    for removal in [OfTheMessage, OfAll] {
        let server = Server::start();
        let person = server.person("Ann");
        let mut ann = Client::of(&server, &person);
        ann.post("lobby", "before");
        let post = json!({"type": "post", "id": "once", "room": "lobby", "text": SECRET});
        ann.command(post.clone());
        assert_eq!(ann.command(removal.command(&person))["seq"], 3);
        assert_eq!(ann.command(post), json!({"type": "ok", "id": "once", "room": "lobby", "seq": 2, "again": true}));
        silent(&ann.join("lobby").to_string());
    }
}

#[test]
fn a_removed_text_is_nowhere_in_the_data_folder_once_the_server_has_stopped() {
    for removal in [OfTheMessage, OfAll] {
        let mut server = Server::start();
        with_a_removed_message(&server, removal);
        assert_eq!(server.stop().code, Some(0));
        gone(server.data());
    }
}

#[test]
fn a_removed_text_is_nowhere_in_the_data_folder_even_after_a_crash_in_between() {
    for removal in [OfTheMessage, OfAll] {
        let mut server = Server::start();
        with_a_removed_message(&server, removal);
        server.kill();
        server.begin();
        assert_eq!(server.stop().code, Some(0));
        gone(server.data());
    }
}

#[test]
fn a_removed_text_leaves_the_disk_while_the_server_runs() {
    for removal in [OfTheMessage, OfAll] {
        let server = Server::with(&["--ping-ms", "100"]);
        with_a_removed_message(&server, removal);
        let mut clock = Client::guest(&server);
        let log = server.data().join("stonechat.db-wal");
        let holds = |text: &str| std::fs::read(&log).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes());
        // The server's pings are the time: it has some seconds.
        let left = (0..100).any(|_| {
            clock.want("ping");
            clock.send(&json!({"type": "pong"}));
            [SECRET, EDITED].into_iter().chain(WORDS).all(|text| !holds(text))
        });
        assert!(left, "{removal:?}: {} still has it", log.display());
        gone(server.data());
    }
}

#[test]
fn all_that_one_person_wrote_goes_at_once_and_nobody_elses() {
    let server = Server::start();
    let people = ["Ann", "Ben"].map(|name| server.person(name));
    let [mut ann, mut ben] = people.each_ref().map(|person| Client::of(&server, person));
    let file = server.uploaded(&people[0], "plan.txt", b"paper");
    ann.command(json!({"type": "post", "room": "lobby", "text": "@Ben, look", "files": [file["id"]]}));
    ben.post("lobby", "mine");
    ann.post("lobby", "more");
    ann.command(json!({"type": "react", "room": "lobby", "target": 2, "emoji": "👍", "on": true}));
    ann.command(json!({"type": "pin", "room": "lobby", "target": 3, "on": true}));
    ann.join("dev");
    ann.post("dev", "in another room");
    let joined = ben.join("lobby");
    let purge = json!({"type": "purge", "room": "lobby", "user": people[0].id});
    assert_eq!(ben.command(purge.clone())["code"], "forbidden", "somebody else's are not Ben's to remove");
    assert_eq!(ann.command(purge.clone())["seq"], 6);
    let [event] = &ben.events("lobby", 6)[..] else { panic!("one event for all of them") };
    assert_eq!(event.kind, Kind::Purge { author: people[0].id.as_str().into(), upto: None });
    let mut copy = messages(&joined);
    let about = copy.iter_mut().filter(|message| event.kind.is_about(message));
    about.for_each(|message| message.apply(event, Some(&people[1].id.as_str().into())));
    let now = messages(&Client::of(&server, &people[1]).join("lobby"));
    assert_eq!(copy, now, "field for field");
    assert_eq!(now.iter().map(|message| message.removed).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(now[1].reactions.len(), 1, "what one said of others' stays");
    assert_eq!(server.get(&format!("/files/{}", file["id"].as_str().unwrap())).status, 404);
    assert_eq!(messages(&server.get("/api/rooms/dev/messages").json())[0].text, "in another room");
    let list = server.get_as(&people[1], "/api/rooms").json();
    let lobby = list["rooms"].as_array().unwrap().iter().find(|line| line["room"] == "lobby").unwrap();
    assert_eq!((&lobby["unread"], &lobby["mentions"]), (&Value::Null, &Value::Null), "nothing is left to be read");
    let again = ann.command(purge);
    assert_eq!((&again["type"], &again["seq"]), (&json!("ok"), &Value::Null), "what is gone needs no event");
}

#[test]
fn what_was_written_after_somebody_asked_for_a_purge_stands() {
    let server = Server::start();
    let person = server.person("Ann");
    let mut ann = Client::of(&server, &person);
    ann.post("lobby", "before");
    ann.post("lobby", "after");
    ann.command(json!({"type": "purge", "room": "lobby", "user": person.id, "upto": 1}));
    ann.command(json!({"type": "purge", "id": "once", "room": "lobby", "user": person.id, "upto": 1}));
    let removed = || messages(&server.get("/api/rooms/lobby/messages").json()).iter().map(|it| it.removed).collect();
    let removed: Vec<bool> = removed();
    assert_eq!(removed, [true, false]);
}

fn silent(text: &str) {
    assert!(!text.contains(SECRET) && !text.contains(EDITED), "{text}");
}

fn gone(folder: &Path) {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for text in [SECRET, EDITED].into_iter().chain(WORDS) {
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{} still has {text}", path.display());
        }
        files += 1;
    }
    assert!(files >= 1, "there is a database");
    let kept = std::fs::read(folder.join("stonechat.db")).unwrap();
    assert!(kept.windows(8).any(|window| window == b"about it"), "what was not removed is kept, and is found this way");
}
