//! A backup has the files of its messages and no others, and a restore brings them back.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::removed_files::contents;
use crate::support::copies::{backup, folder, restore, run};
use crate::support::pictures::{contains, png};
use crate::support::{Client, Person, Server, SmallDisk};

const SECRET: &[u8] = b"Xq7-forget-me-at-once";

/// Uploads and sends; answers the file and the seq of its message.
fn sent(server: &Server, person: &Person, name: &str, bytes: &[u8]) -> (Value, u64) {
    let file = server.uploaded(person, name, bytes);
    let post = json!({"type": "post", "room": "lobby", "text": name, "files": [file["id"]]});
    let seq = Client::of(server, person).command(post)["seq"].as_u64().unwrap();
    (file, seq)
}

fn remove(server: &Server, person: &Person, target: u64) {
    Client::of(server, person).command(json!({"type": "remove", "room": "lobby", "target": target}));
}

fn get(server: &Server, file: &Value, size: &str) -> (u16, Vec<u8>) {
    let answer = server.get(&format!("/files/{}{size}", file["id"].as_str().unwrap()));
    (answer.status, answer.body)
}

#[test]
fn a_backup_has_the_files_and_brings_them_to_another_machine() {
    let server = Server::start();
    let ann = server.person("Ann");
    let large: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let files =
        [("a.bin", large), ("sea.png", png(1_500, 900))].map(|(name, bytes)| sent(&server, &ann, name, &bytes).0);
    let (gone, seq) = sent(&server, &ann, "gone.txt", SECRET);
    remove(&server, &ann, seq);
    let (there, file) = folder();
    let said = backup(&server, &file).unwrap();
    assert!(said.contains("1 room with 4 events and 2 files."), "{said}");
    assert!(
        !contains(&std::fs::read(&file).unwrap(), std::str::from_utf8(SECRET).unwrap()),
        "nothing that was removed"
    );
    let data = there.path().join("new");
    let said = run("restore", &file, &data).unwrap();
    assert!(said.contains("1 room with 4 events and 2 files."), "{said}");
    let other = Server::on(&data, &[]);
    for file in &files {
        for size in ["", "?size=small", "?size=medium"] {
            assert_eq!(get(&other, file, size), get(&server, file, size), "{size}");
        }
    }
    assert_eq!(get(&other, &gone, "").0, 404);
    assert_eq!(contents(&data).len(), 4, "one, and a picture in three sizes");
    let database = std::fs::metadata(data.join("stonechat.db")).unwrap().len();
    assert!(database < 500_000, "what is in files is beside the database: {database}");
}

#[test]
fn a_backup_while_files_come_and_go_has_each_that_its_messages_have_and_no_other() {
    let server = Server::start();
    let people: Vec<Person> = (0..2).map(|n| server.person(&format!("P{n}"))).collect();
    let (there, _) = folder();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for (n, person) in people.iter().enumerate() {
            let (server, stop) = (&server, &stop);
            scope.spawn(move || {
                let mut before = None;
                for count in 0.. {
                    if stop.load(Ordering::Acquire) {
                        break;
                    }
                    let (_, seq) = sent(server, person, "a.txt", format!("{n} {count}").as_bytes());
                    if let Some(before) = before.replace(seq) {
                        remove(server, person, before);
                    }
                }
            });
        }
        for n in 0..8 {
            backup(&server, &there.path().join(format!("{n}.db"))).unwrap();
        }
        stop.store(true, Ordering::Release);
    });
    for n in 0..8 {
        let saved = rusqlite::Connection::open(there.path().join(format!("{n}.db"))).unwrap();
        let count = |sql: &str| saved.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
        let named = count("SELECT count(DISTINCT digest) FROM files");
        if named == 0 {
            continue;
        }
        let sql = "SELECT count(*) FROM saved_contents WHERE digest IN (SELECT digest FROM files)";
        assert_eq!((count(sql), count("SELECT count(*) FROM saved_contents")), (named, named), "backup {n}");
        let sql = "SELECT count(*) FROM messages, json_each((SELECT body FROM events WHERE events.room = messages.room
                   AND events.seq = messages.seq), '$.files') AS file WHERE NOT EXISTS
                   (SELECT 1 FROM files WHERE files.id = file.value ->> 'id' AND files.seq = messages.seq)";
        assert_eq!(count(sql), 0, "every file of a message is there: backup {n}");
    }
}

#[test]
fn the_files_of_what_was_there_before_a_restore_are_kept_and_can_be_restored_in_turn() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let (first, _) = sent(&server, &ann, "first.txt", b"first");
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    let (second, _) = sent(&server, &ann, "second.txt", b"second");
    server.stop();
    restore(&file, &server).unwrap();
    server.begin();
    assert_eq!((get(&server, &first, "").1.as_slice(), get(&server, &second, "").0), (&b"first"[..], 404));
    assert_eq!(contents(server.data()).len(), 1, "what no message has is not kept among the others");
    server.stop();
    let said = restore(&server.data().join("stonechat.db.before-restore"), &server).unwrap();
    assert!(said.contains("and 2 files."), "{said}");
    server.begin();
    assert_eq!((get(&server, &first, "").1, get(&server, &second, "").1), (b"first".to_vec(), b"second".to_vec()));
}

#[test]
fn a_backup_in_which_a_byte_of_a_file_is_another_is_refused() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    sent(&server, &ann, "a.txt", SECRET);
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.windows(SECRET.len()).position(|window| window == SECRET).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    server.stop();
    let said = restore(&file, &server).unwrap_err();
    assert!(said.contains("is damaged: it does not hold what was saved"), "{said}");
}

#[test]
fn a_copy_of_the_database_alone_is_restored_and_says_what_is_missing() {
    let server = Server::start();
    let ann = server.person("Ann");
    let (lost, _) = sent(&server, &ann, "a.txt", b"lost");
    let (there, file) = folder();
    rusqlite::Connection::open(server.data().join("stonechat.db"))
        .unwrap()
        .execute("VACUUM INTO ?", [file.to_str().unwrap()])
        .unwrap();
    let data = there.path().join("new");
    let said = run("restore", &file, &data).unwrap();
    assert!(said.contains("and 1 file, of which 1 could not be found."), "{said}");
    let other = Server::on(&data, &[]);
    assert_eq!(get(&other, &lost, "").0, 404);
    assert_eq!(Client::guest(&other).join("lobby")["messages"][0]["text"], "a.txt");
}

#[test]
fn a_restore_of_files_that_do_not_fit_changes_nothing() {
    let server = Server::start();
    let ann = server.person("Ann");
    sent(&server, &ann, "large.bin", &vec![7; 1_500_000]);
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    let disk = SmallDisk::new();
    let mut small = Server::on(&disk.data(), &[]);
    let ben = small.person("Ben");
    let (kept, _) = sent(&small, &ben, "small.txt", b"small");
    small.stop();
    disk.fill(700_000);
    let said = restore(&file, &small).unwrap_err();
    assert!(said.contains("Nothing was changed"), "{said}");
    disk.free();
    assert_eq!(contents(small.data()).len(), 1);
    small.begin();
    assert_eq!(get(&small, &kept, "").1, b"small");
}
