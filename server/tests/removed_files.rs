//! Files of removed messages leave every answer at once, and the disk within a moment, whatever happens in between.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::pictures::png;
use crate::support::{Client, Person, Server, messages};

/// Everything that is kept in files, by its name in their folder.
pub(crate) fn contents(data: &Path) -> Vec<String> {
    fn list(folder: &Path, from: &Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                list(&path, from, names);
            } else if path.file_name().is_some_and(|name| name != "lock") {
                names.push(path.strip_prefix(from).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let (folder, mut names) = (data.join("files"), Vec::new());
    list(&folder, &folder, &mut names);
    names.sort();
    names
}

fn send(server: &Server, person: &Person, file: &Value) -> u64 {
    let post = json!({"type": "post", "room": "lobby", "text": "look", "files": [file["id"]]});
    Client::of(server, person).command(post)["seq"].as_u64().unwrap()
}

fn remove(server: &Server, person: &Person, target: u64) {
    let removed = Client::of(server, person).command(json!({"type": "remove", "room": "lobby", "target": target}));
    assert_eq!(removed["type"], "ok", "{removed}");
}

fn status(server: &Server, person: &Person, file: &Value, size: &str) -> u16 {
    server.get_as(person, &format!("/files/{}{size}", file["id"].as_str().unwrap())).status
}

/// Waits until so much is kept. The server's pings are the time.
fn kept(server: &Server, count: usize) {
    let mut clock = Client::guest(server);
    for _ in 0..100 {
        if contents(server.data()).len() == count {
            return;
        }
        clock.want("ping");
        clock.send(&json!({"type": "pong"}));
    }
    panic!("{count} are to be kept: {:?}", contents(server.data()));
}

#[test]
fn a_removed_messages_files_are_in_no_answer_and_leave_the_disk() {
    let server = Server::with(&["--ping-ms", "100"]);
    let ann = server.person("Ann");
    let file = server.uploaded(&ann, "sea.png", &png(1_500, 1_000));
    let sizes = ["", "?size=small", "?size=medium"];
    let id = file["id"].as_str().unwrap();
    let seq = send(&server, &ann, &file);
    assert_eq!(contents(server.data()).len(), 3);
    assert!(sizes.iter().all(|size| status(&server, &ann, &file, size) == 200));
    remove(&server, &ann, seq);
    assert!(sizes.iter().all(|size| status(&server, &ann, &file, size) == 404), "at once");
    kept(&server, 0);
    let page = server.get("/api/rooms/lobby/messages");
    assert!(!page.text().contains(id) && !page.text().contains("sea.png"));
    assert_eq!(messages(&page.json())[0].files, []);
    let mut ben = Client::guest(&server);
    ben.send(&json!({"type": "join", "room": "lobby", "after": 0}));
    let replay = serde_json::to_string(&ben.events("lobby", 2)).unwrap();
    assert!(!replay.contains(id) && !replay.contains("sea.png"), "{replay}");
    assert!(!ben.join("lobby").to_string().contains(id));
    let again =
        Client::of(&server, &ann).command(json!({"type": "post", "room": "lobby", "text": "again", "files": [id]}));
    assert_eq!(again["code"], "no_such_file");
    let database = std::fs::read(server.data().join("stonechat.db")).unwrap();
    assert!(!crate::support::pictures::contains(&database, id), "nor does the database have its name");
}

#[test]
fn the_same_content_is_kept_once_and_until_the_last_message_with_it_goes() {
    let server = Server::with(&["--ping-ms", "100"]);
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let one = server.uploaded(&ann, "a.txt", b"the same");
    let two = server.uploaded(&ben, "b.txt", b"the same");
    assert_ne!(one["id"], two["id"], "but nobody learns from it that somebody has it");
    assert_eq!(contents(server.data()).len(), 1);
    let (first, second) = (send(&server, &ann, &one), send(&server, &ben, &two));
    remove(&server, &ann, first);
    // What comes next has gone when this is settled, and so would have that.
    let other = server.uploaded(&ann, "c.txt", b"another");
    assert_eq!(contents(server.data()).len(), 2);
    let third = send(&server, &ann, &other);
    remove(&server, &ann, third);
    kept(&server, 1);
    assert_eq!((status(&server, &ben, &one, ""), status(&server, &ben, &two, "")), (404, 200));
    remove(&server, &ben, second);
    kept(&server, 0);
}

#[test]
fn the_same_content_sent_and_removed_by_many_at_once_is_there_as_long_as_anybody_has_it() {
    let server = Server::start();
    let people: Vec<Person> = (0..4).map(|n| server.person(&format!("P{n}"))).collect();
    std::thread::scope(|scope| {
        for person in &people {
            scope.spawn(|| {
                for _ in 0..25 {
                    let file = server.uploaded(person, "a.txt", b"the same");
                    let seq = send(&server, person, &file);
                    assert_eq!(status(&server, person, &file, ""), 200);
                    remove(&server, person, seq);
                }
            });
        }
    });
}

#[test]
fn a_server_killed_after_a_removal_deletes_the_files_when_it_starts() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let kept = server.uploaded(&ann, "b.txt", b"kept");
    let file = server.uploaded(&ann, "a.png", &png(400, 400));
    let seq = send(&server, &ann, &file);
    let before = contents(server.data());
    remove(&server, &ann, seq);
    server.kill();
    server.begin();
    assert_eq!(contents(server.data()).len(), 1, "{before:?}");
    assert_eq!((status(&server, &ann, &file, ""), status(&server, &ann, &kept, "")), (404, 200));
}

#[test]
fn what_a_server_left_that_died_before_the_file_was_noted_is_swept_up() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let file = server.uploaded(&ann, "b.txt", b"kept");
    server.kill();
    let folder = server.data().join("files");
    let digest = "ab".repeat(31);
    std::fs::create_dir_all(folder.join("cd")).unwrap();
    for orphan in [format!("cd/{digest}"), format!("cd/{digest}-small"), "draft-abc".into()] {
        std::fs::write(folder.join(orphan), "nobody's").unwrap();
    }
    std::fs::write(folder.join("cd/README"), "not ours").unwrap();
    server.begin();
    assert_eq!(status(&server, &ann, &file, ""), 200);
    let left = contents(server.data());
    assert!(left.len() == 2 && left.contains(&"cd/README".to_owned()), "{left:?}");
}

#[test]
fn a_file_that_was_never_sent_is_forgotten_after_a_day() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let (old, new, sent) = (
        server.uploaded(&ann, "old.txt", b"old"),
        server.uploaded(&ann, "new.txt", b"new"),
        server.uploaded(&ann, "sent.txt", b"sent"),
    );
    send(&server, &ann, &sent);
    let age = |file: &Value, hours: i64| {
        let database = rusqlite::Connection::open(server.data().join("stonechat.db")).unwrap();
        let by = hours * 60 * 60 * 1_000;
        database
            .execute("UPDATE files SET at = at - ? WHERE id = ?", rusqlite::params![by, file["id"].as_str()])
            .unwrap();
    };
    age(&old, 25);
    age(&new, 23);
    age(&sent, 1_000);
    server.restart();
    let statuses = [&old, &new, &sent].map(|file| status(&server, &ann, file, ""));
    assert_eq!(statuses, [404, 200, 200]);
    assert_eq!(contents(server.data()).len(), 2);
    let age = |hours: i64| {
        let database = rusqlite::Connection::open(server.data().join("stonechat.db")).unwrap();
        database.execute("UPDATE files SET at = at - ?", [hours * 60 * 60 * 1_000]).unwrap();
    };
    age(25);
    server.uploaded(&ann, "next.txt", b"next");
    assert_eq!(status(&server, &ann, &new, ""), 404, "a server that runs for years forgets as well");
}
