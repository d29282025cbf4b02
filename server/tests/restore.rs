//! A restored server goes on from the backup as another history; where it cannot be restored, nothing changes.

use std::path::PathBuf;

use serde_json::{Value, json};
use stonechat_shared::Kind;
use tempfile::TempDir;

use crate::support::copies::{backup, content, folder, long_posts, names, restore, run, texts};
use crate::support::{Client, Person, Random, Server, SmallDisk, messages};

fn post(id: &str, text: &str) -> Value {
    json!({"type": "post", "id": id, "room": "lobby", "text": text})
}

/// A server with three posts and a backup of it, after which there was a fourth.
fn saved_and_gone_on() -> (Server, Person, TempDir, PathBuf) {
    let server = Server::start();
    let (folder, file) = folder();
    let person = server.person("Ann");
    // Without a connection, whose end would be noted at some later moment.
    let say = |command| server.post_as(&person, "/command", &command).json();
    for n in 1..=3 {
        say(post(&format!("n{n}"), &n.to_string()));
    }
    backup(&server, &file).unwrap();
    assert_eq!(say(post("n4", "4"))["seq"], 4);
    (server, person, folder, file)
}

#[test]
fn a_restored_server_is_another_history_and_who_comes_back_gets_a_snapshot() {
    let (mut server, person, _folder, file) = saved_and_gone_on();
    let epoch = Client::guest(&server).join("lobby")["epoch"].as_str().unwrap().to_owned();
    server.stop();
    let said = restore(&file, &server).unwrap();
    assert!(said.contains("1 room with 3 events") && said.contains("stonechat.db.before-restore"), "{said}");
    server.begin();
    // Its session and its name came along.
    let mut ann = Client::of(&server, &person);
    assert_eq!(ann.welcome["user"]["name"], "Ann");
    assert_eq!(server.post("/api/session", &json!({"name": "Ann"})).code(), "name_taken");
    for after in [2, 3, 4] {
        let joined = ann.join_after("lobby", after, &epoch);
        assert_ne!(joined["epoch"], epoch.as_str());
        assert_eq!((messages(&joined).len(), &joined["head"]), (3, &json!(3)), "a snapshot, whatever the cursor");
    }
    // The epoch lasts: the next restart is no restore.
    let renewed = ann.join("lobby")["epoch"].clone();
    server.restart();
    assert_eq!(Client::guest(&server).join("lobby")["epoch"], renewed);
}

#[test]
fn what_was_answered_after_the_backup_is_carried_out_again_once_when_it_is_sent_again() {
    let (mut server, person, _folder, file) = saved_and_gone_on();
    server.stop();
    restore(&file, &server).unwrap();
    server.begin();
    let mut ann = Client::of(&server, &person);
    assert_eq!(ann.command(post("n4", "4")), json!({"type": "ok", "id": "n4", "room": "lobby", "seq": 4}));
    assert_eq!(ann.command(post("n4", "4"))["again"], true);
    let third = json!({"type": "ok", "id": "n3", "room": "lobby", "seq": 3, "again": true});
    assert_eq!(ann.command(post("n3", "3")), third, "what the backup has stands");
    assert_eq!(messages(&ann.join("lobby")).len(), 4);
}

#[test]
fn what_was_there_is_kept_and_can_be_restored_in_turn() {
    let (mut server, _, _folder, file) = saved_and_gone_on();
    // What is only in the write-ahead log is kept with the rest.
    server.kill();
    restore(&file, &server).unwrap();
    let kept = |suffix: &str| server.data().join(format!("stonechat.db.before-restore{suffix}"));
    assert_eq!(texts(&kept("")), ["1", "2", "3", "4"]);
    assert_eq!(names(server.data()), ["lock", "stonechat.db", "stonechat.db.before-restore"]);
    let first = std::fs::read(kept("")).unwrap();
    restore(&kept(""), &server).unwrap();
    assert_eq!(texts(&kept("-2")), ["1", "2", "3"]);
    assert_eq!(std::fs::read(kept("")).unwrap(), first, "and the first one was not overwritten");
    server.begin();
    assert_eq!(Client::guest(&server).join("lobby")["head"], 4);
}

#[test]
fn a_backup_is_restored_where_nothing_was() {
    let (_server, person, folder, file) = saved_and_gone_on();
    let data = folder.path().join("new/machine");
    let said = run("restore", &file, &data).unwrap();
    assert!(said.contains("There was nothing before."), "{said}");
    let server = Server::on(&data, &[]);
    assert_eq!(Client::of(&server, &person).join("lobby")["head"], 3);
}

#[test]
fn a_damaged_database_is_kept_with_its_log_and_the_backup_takes_its_place() {
    let (mut server, _, _folder, file) = saved_and_gone_on();
    server.kill();
    let file_of = |name: &str| server.data().join(name);
    std::fs::write(file_of("stonechat.db"), "not a database any more ".repeat(500)).unwrap();
    let log = "nor is this its log ".repeat(500);
    std::fs::write(file_of("stonechat.db-wal"), &log).unwrap();
    restore(&file, &server).unwrap();
    let kept = std::fs::read_to_string(file_of("stonechat.db.before-restore")).unwrap();
    assert!(kept.starts_with("not a database any more"));
    assert_eq!(std::fs::read_to_string(file_of("stonechat.db.before-restore-wal")).unwrap(), log);
    server.begin();
    assert_eq!(Client::guest(&server).join("lobby")["head"], 3, "the old log is not mixed into the new database");
}

#[test]
fn a_running_server_is_left_alone() {
    let (mut server, _, _folder, file) = saved_and_gone_on();
    let before = content(server.data());
    let said = restore(&file, &server).unwrap_err();
    assert!(said.contains("is in use by another server"), "{said}");
    assert_eq!(content(server.data()), before);
    assert_eq!(Client::guest(&server).post("lobby", "5"), 5);
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_database_that_another_program_has_open_is_left_alone() {
    let (mut server, _, _folder, file) = saved_and_gone_on();
    server.stop();
    let database = server.data().join("stonechat.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    let count = || connection.query_row("SELECT count(*) FROM events", [], |row| row.get::<_, u64>(0)).unwrap();
    assert_eq!(count(), 4);
    let said = restore(&file, &server).unwrap_err();
    assert!(said.contains("Another program has"), "{said}");
    assert_eq!(count(), 4);
    drop(connection);
    restore(&file, &server).unwrap();
}

#[test]
fn what_is_no_backup_is_refused_and_everything_stays_as_it_was() {
    let (mut server, _, folder, file) = saved_and_gone_on();
    server.stop();
    let before = content(server.data());
    let bad = folder.path().join("bad.db");
    let refused = |why: &str| {
        let said = restore(&bad, &server).unwrap_err();
        assert!(said.contains(bad.to_str().unwrap()) && said.contains(why), "{said}");
        assert_eq!(content(server.data()), before, "{why}");
    };
    refused("There is no file");
    std::fs::write(&bad, "dear aunt, ".repeat(1_000)).unwrap();
    refused("is not a database");
    std::fs::write(&bad, "").unwrap();
    refused("is not a database of Stonechat");
    std::fs::remove_file(&bad).unwrap();
    rusqlite::Connection::open(&bad).unwrap().execute_batch("CREATE TABLE a (b); PRAGMA user_version = 1").unwrap();
    refused("is not a database of Stonechat");
    std::fs::copy(&file, &bad).unwrap();
    rusqlite::Connection::open(&bad).unwrap().pragma_update(None, "user_version", 99).unwrap();
    refused("is of version 99, newer than this server");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    refused("is damaged");
    // And a folder that is not there yet is not made for it.
    let nowhere = folder.path().join("nowhere");
    run("restore", &bad, &nowhere).unwrap_err();
    assert!(!nowhere.exists());
}

#[test]
fn a_flipped_byte_is_noticed_or_makes_no_difference() {
    let (mut server, person, folder, file) = saved_and_gone_on();
    Client::of(&server, &person).command(json!({"type": "post", "room": "lobby", "text": "Wq4-a-longer-text"}));
    let file2 = file.with_file_name("tuesday.db");
    backup(&server, &file2).unwrap();
    server.stop();
    let whole = std::fs::read(&file2).unwrap();
    let bad = folder.path().join("bad.db");
    // In the text of a message no page structure is hurt: only the digest tells.
    let texts: Vec<usize> =
        whole.windows(8).enumerate().filter(|(_, window)| *window == b"Wq4-a-lo").map(|(at, _)| at).collect();
    assert_eq!(texts.len(), 2, "in the log and in the messages");
    let mut random = Random(7);
    let others: Vec<usize> = (0..20).map(|_| random.below(whole.len() as u64) as usize).collect();
    for at in texts.iter().chain(&others) {
        let mut bytes = whole.clone();
        bytes[*at] ^= 0x20;
        std::fs::write(&bad, &bytes).unwrap();
        let before = content(server.data());
        match restore(&bad, &server) {
            Err(said) => {
                assert!(said.contains(bad.to_str().unwrap()), "{said}");
                assert_eq!(content(server.data()), before, "byte {at}");
            }
            Ok(_) => {
                assert!(!texts.contains(at), "byte {at} was not noticed");
                let restored = rusqlite::Connection::open(server.data().join("stonechat.db")).unwrap();
                let events: Vec<String> = restored
                    .prepare("SELECT body FROM events ORDER BY seq")
                    .unwrap()
                    .query_map([], |row| row.get(0))
                    .unwrap()
                    .collect::<Result<_, _>>()
                    .unwrap();
                assert_eq!(events.len(), 5, "byte {at}");
                for event in events {
                    let event: stonechat_shared::Event = serde_json::from_str(&event).unwrap();
                    assert!(matches!(event.kind, Kind::Post { .. }), "byte {at}");
                }
            }
        }
    }
}

#[test]
fn a_restore_that_does_not_fit_changes_nothing() {
    let server = Server::start();
    long_posts(&server);
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    let disk = SmallDisk::new();
    let mut small = Server::on(&disk.data(), &[]);
    Client::guest(&small).post("lobby", "small");
    small.stop();
    disk.fill(200_000);
    let before = names(small.data());
    let said = restore(&file, &small).unwrap_err();
    assert!(said.contains("full") && said.contains("Nothing was changed"), "{said}");
    assert_eq!(names(small.data()), before);
    disk.free();
    small.begin();
    assert_eq!(Client::guest(&small).join("lobby")["head"], 1);
}
