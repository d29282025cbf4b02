//! Who is here, and who is typing: told at most once a second, never stored.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Client, Server};

fn online(client: &mut Client, online: u64) -> Value {
    client.find(|frame| frame["type"] == "presence" && frame["online"] == online)
}

#[test]
fn who_joins_is_told_who_is_there() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    client.join("lobby");
    let presence = client.want("presence");
    assert_eq!((&presence["online"], &presence["full"], &presence["left"]), (&json!(1), &json!(true), &json!([])));
    assert_eq!(presence["joined"], json!([{"id": ann.id, "name": "Ann", "role": "member"}]));
}

#[test]
fn everybody_is_told_who_comes_and_who_goes() {
    let server = Server::start();
    let ben = server.person("Ben");
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    online(&mut ann, 1);
    let mut client = Client::of(&server, &ben);
    client.join("lobby");
    let came = online(&mut ann, 2);
    assert!(came["joined"].as_array().unwrap().iter().any(|user| user["id"] == ben.id), "{came}");
    client.send(&json!({"type": "leave", "room": "lobby"}));
    assert_eq!(online(&mut ann, 1)["left"], json!([ben.id]));
    client.join("lobby");
    online(&mut ann, 2);
    drop(client);
    assert_eq!(online(&mut ann, 1)["left"], json!([ben.id]), "a connection that is gone is as good as leaving");
}

#[test]
fn somebody_with_two_windows_is_here_once_until_the_last_is_closed() {
    let server = Server::start();
    let ben = server.person("Ben");
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let (mut first, mut second) = (Client::of(&server, &ben), Client::of(&server, &ben));
    first.join("lobby");
    second.join("lobby");
    online(&mut ann, 2);
    drop(first);
    // Somebody else's coming is told in a later frame than Ben's going would have been.
    let mut cat = Client::guest(&server);
    cat.join("lobby");
    let cat = cat.welcome["user"]["id"].clone();
    let has_cat =
        |frame: &Value| frame["joined"].as_array().is_some_and(|users| users.iter().any(|user| user["id"] == cat));
    let presence = ann.find(has_cat);
    assert_eq!((&presence["online"], &presence["left"]), (&json!(3), &json!([])), "Ben is counted once, and is here");
    drop(second);
    assert_eq!(online(&mut ann, 2)["left"], json!([ben.id]));
}

#[test]
fn however_many_come_and_go_one_connection_is_told_at_most_once_a_second() {
    const PING: Duration = Duration::from_secs(3);
    let server = Server::with(&["--ping-ms", "3000"]);
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    ann.want("ping");
    let began = Instant::now();
    let mut told = 0;
    // Somebody comes and goes with each frame that comes, and with each answer.
    loop {
        let mut ben = Client::guest(&server);
        ben.join("lobby");
        ann.send(&json!({"type": "no_such_command"}));
        let frame = ann.find(|frame| ["presence", "ping", "error"].iter().any(|kind| frame["type"] == *kind));
        if frame["type"] == "ping" {
            break;
        }
        told += u64::from(frame["type"] == "presence");
    }
    let seconds = began.elapsed().max(PING).as_secs();
    // One may have waited before the first ping was read, and one comes at each end.
    assert!((1..=seconds + 2).contains(&told), "{told} times in {seconds} s");
}

#[test]
fn members_are_those_who_are_here_and_those_who_wrote() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    Client::of(&server, &ann).post("lobby", "hi");
    let mut here = Client::of(&server, &ben);
    here.join("lobby");
    let members = server.get("/api/rooms/lobby/members").json()["members"].take();
    let of = |person: &crate::support::Person| {
        members.as_array().unwrap().iter().find(|member| member["id"] == person.id).unwrap().clone()
    };
    assert_eq!(of(&ben), json!({"id": ben.id, "name": "Ben", "role": "member", "online": true}));
    let ann = of(&ann);
    assert_eq!((&ann["name"], &ann["online"]), (&json!("Ann"), &json!(false)));
    assert!(ann["last_post"].as_u64().is_some());
    assert_eq!(members[0]["name"], "Ben", "who is here comes first");
}

#[test]
fn who_types_is_told_until_they_post() {
    let server = Server::start();
    let ben = server.person("Ben");
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let mut client = Client::of(&server, &ben);
    client.join("lobby");
    client.send(&json!({"type": "typing", "room": "lobby"}));
    let typing = ann.want("typing");
    assert_eq!(typing, json!({"type": "typing", "room": "lobby", "users": [{"id": ben.id, "name": "Ben"}]}));
    client.post("lobby", "hi");
    assert_eq!(ann.want("typing")["users"], json!([]));
}

#[test]
fn who_goes_types_no_more() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let mut ben = Client::guest(&server);
    ben.join("lobby");
    ben.send(&json!({"type": "typing", "room": "lobby"}));
    assert_eq!(ann.want("typing")["users"].as_array().map(Vec::len), Some(1));
    drop(ben);
    assert_eq!(ann.want("typing")["users"], json!([]));
}

#[test]
fn typing_and_presence_take_no_seq() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    ann.send(&json!({"type": "typing", "room": "lobby"}));
    ann.want("presence");
    assert_eq!(ann.post("lobby", "the first"), 1);
}

#[test]
fn how_far_somebody_has_read_is_told_to_their_other_windows_and_kept() {
    let server = Server::start();
    let ann = server.person("Ann");
    let (mut here, mut there) = (Client::of(&server, &ann), Client::of(&server, &ann));
    here.posts("lobby", 3);
    let mut read = |seq: u64| {
        here.send(&json!({"type": "read", "room": "lobby", "seq": seq}));
        there.want("read")
    };
    assert_eq!(read(2), json!({"type": "read", "room": "lobby", "seq": 2}));
    assert_eq!(read(1)["seq"], 2, "it never goes back");
    assert_eq!(read(u64::MAX)["seq"], 3, "nor beyond the head");
    assert!(!here.has_waiting("read"), "who says it is not told");
    assert_eq!(Client::of(&server, &ann).welcome["rooms"][0]["read"], 3);
    let rooms = server.get_as(&ann, "/api/rooms").json();
    assert_eq!(rooms["rooms"][0]["read"], 3);
}
