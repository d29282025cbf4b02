//! A removed message's text is sent by no path any more, and leaves the disk.

use std::path::Path;

use serde_json::json;
use stonechat_shared::Kind;

use crate::support::{Client, Person, Server};

/// Nothing else contains these.
const SECRET: &str = "Xq7vexilloid-forget-me-at-once";
const EDITED: &str = "Zw9batholith-forget-me-as-well";
/// What the index for searching has of them, which no other word begins like.
const WORDS: [&str; 2] = ["xq7vexilloid", "zw9batholith"];

/// A room in which a message was posted, edited and removed, by Ann, with others around it.
fn with_a_removed_message(server: &Server) -> Person {
    let ann = server.person("Ann");
    let mut client = Client::of(server, &ann);
    client.post("lobby", "before");
    assert_eq!(client.post("lobby", SECRET), 2);
    client.command(json!({"type": "edit", "room": "lobby", "target": 2, "text": EDITED}));
    client.command(json!({"type": "post", "room": "lobby", "text": "about it", "reply": 2}));
    assert_eq!(client.command(json!({"type": "remove", "room": "lobby", "target": 2}))["seq"], 5);
    client.post("lobby", "after");
    ann
}

#[test]
fn a_removed_text_is_in_no_replay_no_snapshot_and_no_page_of_history() {
    let mut server = Server::start();
    let ann = with_a_removed_message(&server);
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
fn a_repeat_of_a_removed_post_does_not_bring_it_back() {
    let server = Server::start();
    let mut ann = Client::of(&server, &server.person("Ann"));
    let post = json!({"type": "post", "id": "once", "room": "lobby", "text": SECRET});
    ann.command(post.clone());
    ann.command(json!({"type": "remove", "room": "lobby", "target": 1}));
    assert_eq!(ann.command(post), json!({"type": "ok", "id": "once", "room": "lobby", "seq": 1, "again": true}));
    silent(&ann.join("lobby").to_string());
}

#[test]
fn a_removed_text_is_nowhere_in_the_data_folder_once_the_server_has_stopped() {
    let mut server = Server::start();
    with_a_removed_message(&server);
    assert_eq!(server.stop().code, Some(0));
    gone(server.data());
}

#[test]
fn a_removed_text_is_nowhere_in_the_data_folder_even_after_a_crash_in_between() {
    let mut server = Server::start();
    with_a_removed_message(&server);
    server.kill();
    server.begin();
    assert_eq!(server.stop().code, Some(0));
    gone(server.data());
}

#[test]
fn a_removed_text_leaves_the_disk_while_the_server_runs() {
    let server = Server::with(&["--ping-ms", "100"]);
    with_a_removed_message(&server);
    let mut clock = Client::guest(&server);
    let log = server.data().join("stonechat.db-wal");
    let holds = |text: &str| std::fs::read(&log).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes());
    // The server's pings are the time: it has some seconds.
    for _ in 0..100 {
        if [SECRET, EDITED].into_iter().chain(WORDS).all(|text| !holds(text)) {
            return gone(server.data());
        }
        clock.want("ping");
        clock.send(&json!({"type": "pong"}));
    }
    panic!("{} still has it", log.display());
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
