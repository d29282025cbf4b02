//! A power cut in the middle of a write: the log ends anywhere, and what is before that is there.

use std::path::Path;

use serde_json::json;

use crate::support::{Client, Random, Server, messages};

const POSTS: u64 = 40;
/// Of the write-ahead log's own format (sqlite.org/fileformat2.html, section 4.1): a header, then frames of a header
/// and a page each.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// A killed server's data folder, and how large the log was at each answer.
fn killed() -> (Server, Vec<usize>) {
    let mut server = Server::start();
    let log = server.data().join("stonechat.db-wal");
    let mut client = Client::of(&server, &server.person("Ann"));
    let mut sizes = Vec::new();
    for n in 1..=POSTS {
        assert_eq!(client.post("lobby", &n.to_string()), n);
        sizes.push(std::fs::metadata(&log).unwrap().len() as usize);
    }
    server.kill();
    (server, sizes)
}

/// Starts a server on a copy of this folder with another log; it must hold the first posts and go on after them.
fn opens_with(folder: &Path, log: &[u8], posts: std::ops::RangeInclusive<u64>, what: &str) {
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("stonechat.db"), copy.path().join("stonechat.db")).unwrap();
    std::fs::write(copy.path().join("stonechat.db-wal"), log).unwrap();
    let server = Server::on(copy.path(), &[]);
    let mut client = Client::guest(&server);
    let joined = client.join("lobby");
    let head = joined["head"].as_u64().unwrap();
    assert!(posts.contains(&head), "{what}: {head} posts, and not {posts:?}");
    let texts: Vec<String> = messages(&joined).into_iter().map(|message| message.text).collect();
    assert_eq!(texts, (1..=head).map(|n| n.to_string()).collect::<Vec<_>>(), "{what}");
    client.send(&json!({"type": "join", "room": "lobby", "after": 0}));
    if head > 0 {
        assert_eq!(client.events("lobby", head).len() as u64, head, "{what}");
    }
    assert_eq!(client.post("lobby", "and on"), head + 1, "{what}");
}

#[test]
fn a_log_that_was_cut_off_anywhere_opens_with_what_was_answered_before_the_cut() {
    let (server, sizes) = killed();
    let log = std::fs::read(server.data().join("stonechat.db-wal")).unwrap();
    let last = *sizes.last().unwrap();
    assert_eq!(log.len(), last);
    // Over the last few commits, at each place within a frame: its header, its page, its end.
    let stride = (last - sizes[sizes.len() - 6]) / 22;
    let cuts = (0..22).map(|n| last - n * stride - usize::from(n % 2 == 1) * 97).chain([last - 1, LOG_HEADER, 7, 0]);
    for cut in cuts {
        let answered = sizes.iter().filter(|size| **size <= cut).count() as u64;
        opens_with(server.data(), &log[..cut], answered..=answered, &format!("cut at {cut} of {last}"));
    }
}

#[test]
fn a_log_with_garbage_at_its_end_opens_with_all_that_was_answered() {
    let (server, sizes) = killed();
    let log = std::fs::read(server.data().join("stonechat.db-wal")).unwrap();
    let mut random = Random(1);
    for length in [1, FRAME_HEADER, 4_096, 50_000] {
        let mut longer = log.clone();
        longer.extend((0..length).map(|_| random.below(256) as u8));
        opens_with(server.data(), &longer, POSTS..=POSTS, &format!("{length} bytes more"));
    }
    // The same where the garbage took the place of the last commit: sectors that were never written.
    let before = sizes[sizes.len() - 2];
    for byte in [0, 0xff] {
        let mut torn = log.clone();
        torn[before..].fill(byte);
        opens_with(server.data(), &torn, POSTS - 1..=POSTS - 1, "the last commit was not written");
    }
    let mut flipped = log.clone();
    flipped[before + FRAME_HEADER + 100] ^= 1;
    opens_with(server.data(), &flipped, POSTS - 1..=POSTS - 1, "one bit of the last commit is wrong");
}
