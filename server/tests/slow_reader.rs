//! A reader that does not read costs a cursor: no queue grows with it, and it misses nothing.

use serde_json::json;
use stonechat_shared::Kind;

use crate::support::{Client, Server};

const POSTS: u64 = 7_000;
/// Characters in each: together many times what the sockets' own buffers take.
const LENGTH: usize = 3_000;
/// Commands under way at once: fewer than the server holds for a connection.
const WINDOW: u64 = 50;
const MEGABYTE: u64 = 1024 * 1024;

#[test]
fn who_does_not_read_costs_no_memory_and_misses_nothing() {
    let server = Server::start();
    let mut slow = Client::guest(&server);
    slow.join("lobby");
    let mut ann = Client::guest(&server);
    // The first few fill the ring and the store's cache, which any room has.
    write(&mut ann, 0..1_000);
    let before = server.memory();
    write(&mut ann, 1_000..POSTS);
    let grown = server.memory().saturating_sub(before) / MEGABYTE;

    assert!(grown < 9, "18 MB went by and the server grew by {grown} MB");

    let events = slow.events("lobby", POSTS);
    assert_eq!(events.len() as u64, POSTS, "every event, in order, without a hole");
    assert!(events.iter().all(|event| matches!(&event.kind, Kind::Post { text, .. } if text.len() == LENGTH)));
    let seq = ann.post("lobby", "and on it goes");
    assert_eq!(slow.events("lobby", seq).len(), 1);
}

#[test]
fn who_does_not_read_holds_nobody_up() {
    let server = Server::start();
    let mut slow: Vec<Client> = (0..5).map(|_| Client::guest(&server)).collect();
    slow.iter_mut().for_each(|client| drop(client.join("lobby")));
    let (mut ann, mut ben) = (Client::guest(&server), Client::guest(&server));
    ben.join("lobby");
    write(&mut ann, 0..2_000);
    assert_eq!(ben.events("lobby", 2_000).len(), 2_000);
}

fn write(client: &mut Client, numbers: std::ops::Range<u64>) {
    let text = "x".repeat(LENGTH);
    let (mut sent, end) = (numbers.start, numbers.end);
    for answered in numbers {
        while sent < end && sent - answered < WINDOW {
            client.send(&json!({"type": "post", "id": sent.to_string(), "room": "lobby", "text": text}));
            sent += 1;
        }
        let ok = client.want("ok");
        assert_eq!(ok["seq"], answered + 1, "{ok}");
    }
}
