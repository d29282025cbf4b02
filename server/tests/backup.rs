//! A backup holds what was answered before it began, and is whole or not there.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::support::copies::{backup, folder, long_posts, names, run, texts};
use crate::support::{Client, Server, SmallDisk};

#[test]
fn a_backup_while_posts_flow_has_every_post_that_was_answered_before_it_and_no_hole() {
    let server = Server::start();
    let (folder, _) = folder();
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    ann.join("lobby");
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let writing = std::thread::spawn(move || {
        let mut posts = 0_u64;
        while !stopped.load(Ordering::Acquire) {
            posts += 1;
            ben.post("lobby", &posts.to_string());
        }
        posts
    });
    let mut saved = Vec::new();
    for n in 0..5 {
        // What others have been told was answered.
        let before = ann.want("events")["events"][0]["seq"].as_u64().unwrap();
        let file = folder.path().join(format!("{n}.db"));
        let said = backup(&server, &file).unwrap();
        assert!(said.starts_with("Saved ") && said.contains("1 room with"), "{said}");
        saved.push((file, before));
    }
    stop.store(true, Ordering::Release);
    let posts = writing.join().unwrap();
    for (file, before) in saved {
        let texts = texts(&file);
        assert!((before..=posts).contains(&(texts.len() as u64)), "{before} <= {} <= {posts}", texts.len());
        assert!(texts.iter().zip(1..).all(|(text, n)| *text == n.to_string()), "a prefix, without a hole: {texts:?}");
    }
    assert_eq!(names(folder.path()).len(), 5, "and nothing else was left: {:?}", names(folder.path()));
}

#[test]
fn a_backup_needs_no_server_and_changes_nothing() {
    let mut server = Server::start();
    Client::guest(&server).posts("lobby", 3);
    server.kill();
    let database = server.data().join("stonechat.db");
    let log = server.data().join("stonechat.db-wal");
    let before = (std::fs::read(&database).unwrap(), std::fs::read(&log).unwrap());
    let (folder, file) = folder();
    backup(&server, &file).unwrap();
    assert_eq!(texts(&file), ["1", "2", "3"], "what is still in the log is there too");
    assert_eq!((std::fs::read(&database).unwrap(), std::fs::read(&log).unwrap()), before);
    server.begin();
    server.stop();
    backup(&server, &folder.path().join("tuesday.db")).unwrap();
    server.begin();
    assert_eq!(Client::guest(&server).post("lobby", "4"), 4);
}

#[test]
fn a_backup_overwrites_nothing() {
    let server = Server::start();
    let (folder, file) = folder();
    std::fs::write(&file, "my tax return").unwrap();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).unwrap();
    for taken in [&file, &link, &server.data().join("stonechat.db"), &folder.path().to_owned()] {
        let said = backup(&server, taken).unwrap_err();
        assert!(said.contains("is there already") && said.contains(taken.to_str().unwrap()), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "my tax return");
    assert_eq!(names(folder.path()), ["link.db", "monday.db"]);
}

#[test]
fn a_backup_of_nothing_is_refused() {
    let (folder, file) = folder();
    let said = run("backup", &file, &folder.path().join("data")).unwrap_err();
    assert!(said.contains("There is no database in") && said.contains("--data"), "{said}");
    assert_eq!(names(folder.path()), [""; 0], "and nothing was made");
    let data = folder.path().join("letters");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("stonechat.db"), "dear aunt, ".repeat(1_000)).unwrap();
    let said = run("backup", &file, &data).unwrap_err();
    assert!(said.contains("damaged"), "{said}");
    assert!(!file.exists());
}

#[test]
fn a_backup_that_does_not_fit_leaves_no_half_file() {
    let server = Server::start();
    long_posts(&server);
    let disk = SmallDisk::new();
    disk.fill(100_000);
    let said = backup(&server, &disk.folder().join("monday.db")).unwrap_err();
    assert!(said.contains("full") && said.contains("Nothing was changed"), "{said}");
    assert_eq!(names(disk.folder()), ["ballast"]);
    let said = backup(&server, Path::new("/proc/monday.db")).unwrap_err();
    assert!(said.contains("/proc/monday.db cannot be made"), "{said}");
}

#[test]
fn a_removed_text_is_in_no_backup() {
    const SECRET: &str = "Xq7-forget-me-at-once";
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.post("lobby", "before");
    ann.post("lobby", SECRET);
    ann.command(json!({"type": "remove", "room": "lobby", "target": 2}));
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("before") && !has(SECRET));
}

#[test]
fn a_backup_is_its_owners_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    let (_folder, file) = folder();
    backup(&server, &file).unwrap();
    assert_eq!(File::open(&file).unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
