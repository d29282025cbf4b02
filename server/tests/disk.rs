//! A full disk: what cannot be kept is refused in a sentence, what was answered is there, and nothing else changes.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Client, Process, Server, SmallDisk, messages};

fn post(client: &mut Client, n: u64) -> Value {
    client.command(json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": "x".repeat(2_000)}))
}

/// Posts until the disk is full; answers how many were taken, and the refusal.
fn post_until_full(client: &mut Client) -> (u64, Value) {
    for n in 1..10_000 {
        let answer = post(client, n);
        if answer["type"] == "error" {
            return (n - 1, answer);
        }
        assert_eq!(answer["seq"], n);
    }
    panic!("the disk does not fill");
}

fn all_there(server: &Server, posts: u64) {
    let mut after = 0;
    loop {
        let page = server.get(&format!("/api/rooms/lobby/messages?after={after}&limit=200")).json();
        let messages = messages(&page);
        assert!(
            messages.iter().zip(after + 1..).all(|(message, seq)| message.seq == seq && message.text.len() == 2_000)
        );
        after += messages.len() as u64;
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(after, posts, "all that was answered, and nothing else");
}

#[test]
fn on_a_full_disk_posts_are_refused_and_nothing_is_lost() {
    let disk = SmallDisk::new();
    let mut server = Server::on(&disk.data(), &[]);
    let person = server.person("Ann");
    disk.fill(600_000);
    let (mut ann, mut ben) = (Client::of(&server, &person), Client::guest(&server));
    ben.join("lobby");
    let (taken, refused) = post_until_full(&mut ann);
    assert!(taken > 3, "{taken} were taken before the disk was full");
    assert_eq!((&refused["code"], &refused["room"]), (&json!("overloaded"), &json!("lobby")));
    assert!(refused["retry_ms"].as_u64().unwrap() > 0, "{refused}");
    let message = refused["message"].as_str().unwrap();
    assert!(message.starts_with("The server could not save this, so it was not sent"), "{message}");
    for _ in 0..20 {
        assert_eq!(post(&mut ann, taken + 1)["type"], "error", "and again, while it stays full");
    }
    // Everything else goes on: reading, joining, coming and going.
    all_there(&server, taken);
    assert_eq!(Client::guest(&server).join("lobby")["head"], taken);
    assert_eq!(ben.events("lobby", taken).len() as u64, taken);
    assert_eq!(server.get("/healthz").status, 200);

    disk.free();
    assert_eq!(post(&mut ann, taken + 1)["seq"], taken + 1, "no seq was used, and it works again by itself");
    assert_eq!(ben.events("lobby", taken + 1).len(), 1, "who listened missed nothing");
    server.restart();
    all_there(&server, taken + 1);
    let again = post(&mut Client::of(&server, &person), taken);
    assert_eq!((&again["seq"], &again["again"]), (&json!(taken), &json!(true)));
}

#[test]
fn a_server_killed_on_a_full_disk_has_lost_nothing() {
    let disk = SmallDisk::new();
    let mut server = Server::on(&disk.data(), &[]);
    disk.fill(600_000);
    let (taken, _) = post_until_full(&mut Client::guest(&server));
    server.kill();
    disk.free();
    server.begin();
    all_there(&server, taken);
    assert_eq!(Client::guest(&server).post("lobby", "and on"), taken + 1);
}

#[test]
fn a_server_stopped_on_a_full_disk_has_lost_nothing() {
    let disk = SmallDisk::new();
    let mut server = Server::on(&disk.data(), &[]);
    disk.fill(600_000);
    let (taken, _) = post_until_full(&mut Client::guest(&server));
    assert_eq!(server.stop().code, Some(0));
    disk.free();
    server.begin();
    all_there(&server, taken);
}

#[test]
fn on_a_full_disk_names_and_rooms_are_refused_too() {
    let disk = SmallDisk::new();
    let server = Server::on(&disk.data(), &[]);
    let ann = server.person("Ann");
    disk.fill(0);
    let mut client = Client::of(&server, &ann);
    post_until_full(&mut client);
    let name = server.post("/api/session", &json!({"name": "Ben"}));
    assert_eq!((name.status, name.code().as_str()), (503, "overloaded"));
    let room = server.post_as(&ann, "/api/rooms", &json!({"room": "garden"}));
    assert_eq!((room.status, room.code().as_str()), (503, "overloaded"));
    client.send(&json!({"type": "join", "room": "garden"}));
    assert_eq!(client.want("error")["code"], "overloaded");
    assert_eq!(server.get("/api/rooms/garden").status, 404, "a room that is not kept is not there");
    disk.free();
    server.person("Ben");
    assert_eq!(server.post_as(&ann, "/api/rooms", &json!({"room": "garden"})).status, 201);
}

#[test]
fn a_server_does_not_start_on_a_full_disk_and_says_why() {
    let disk = SmallDisk::new();
    disk.fill(0);
    let start = |data: &Path| {
        let mut process = Process::serve(["--addr", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
        assert_eq!(process.line(), None, "it started");
        process.end()
    };
    let ended = start(&disk.data());
    assert_eq!(ended.code, Some(1));
    assert!(ended.log.contains(disk.data().to_str().unwrap()) && ended.log.trim_end().ends_with('.'), "{}", ended.log);
    disk.free();
    let server = Server::on(&disk.data(), &[]);
    assert_eq!(Client::guest(&server).post("lobby", "now it does"), 1);
}
