//! What is new to somebody: how far they have read, what came since, and what of it names them.

use serde_json::{Value, json};

use crate::support::{Client, Person, Server};

/// How far they have read, how much is new, and how much of that is meant for them.
fn mark(server: &Server, person: &Person, room: &str) -> (u64, u64, u64) {
    let line = server.get_as(person, &format!("/api/rooms/{room}")).json();
    let number = |field: &str| line[field].as_u64().unwrap_or_default();
    (number("read"), number("unread"), number("mentions"))
}

fn read(client: &mut Client, room: &str, seq: u64) {
    client.send(&json!({"type": "read", "room": room, "seq": seq}));
}

/// The next `read` frame: seq, back, unread.
fn told(client: &mut Client) -> (Value, Value, Value) {
    let frame = client.want("read");
    (frame["seq"].clone(), frame["back"].clone(), frame["unread"].clone())
}

/// Waits until what this client sent is on the disk.
fn kept(client: &mut Client) {
    client.post("elsewhere", "on the disk");
}

#[test]
fn what_others_wrote_since_is_counted_and_what_one_wrote_or_was_removed_is_not() {
    let mut server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let (mut a, mut b) = (Client::of(&server, &ann), Client::of(&server, &ben));
    b.join("elsewhere");
    a.posts("lobby", 3);
    b.post("lobby", "4");
    let gone = a.post("lobby", "5");
    assert_eq!(mark(&server, &ben, "lobby"), (0, 4, 0));
    assert_eq!(mark(&server, &ann, "lobby"), (0, 1, 0));
    a.command(json!({"type": "remove", "room": "lobby", "target": gone}));
    a.command(json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}));
    assert_eq!(mark(&server, &ben, "lobby"), (0, 3, 0), "neither a removal nor a reaction is a message");
    read(&mut b, "lobby", 2);
    assert_eq!(told(&mut b), (json!(2), Value::Null, json!(1)), "who has not read all is told what is left");
    read(&mut b, "lobby", 1);
    kept(&mut b);
    for _ in 0..2 {
        assert_eq!(mark(&server, &ben, "lobby"), (2, 1, 0));
        let welcome = Client::of(&server, &ben).welcome;
        assert_eq!((&welcome["rooms"][0]["read"], &welcome["rooms"][0]["unread"]), (&json!(2), &json!(1)));
        server.restart();
    }
}

#[test]
fn a_count_ends_at_a_hundred() {
    let server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    Client::guest(&server).posts("lobby", 99);
    assert_eq!(mark(&server, &ben, "lobby"), (0, 99, 0));
    let mut a = Client::of(&server, &ann);
    for _ in 0..30 {
        a.post("lobby", "@Ben");
    }
    assert_eq!(mark(&server, &ben, "lobby"), (0, 100, 30));
    for _ in 0..80 {
        a.post("lobby", "@Ben");
    }
    assert_eq!(mark(&server, &ben, "lobby"), (0, 100, 100));
}

#[test]
fn who_is_new_has_missed_nothing() {
    let server = Server::start();
    Client::guest(&server).posts("lobby", 5);
    let ann = server.person("Ann");
    assert_eq!(mark(&server, &ann, "lobby"), (5, 0, 0));
    let mut guest = Client::guest(&server);
    guest.join("later");
    guest.posts("later", 2);
    guest.post("lobby", "6");
    assert_eq!((mark(&server, &ann, "lobby"), mark(&server, &ann, "later")), ((5, 1, 0), (0, 2, 0)));
    let renamed = server.post_as(&ann, "/api/session", &json!({"name": "Anna"})).json();
    let anna = Person { token: renamed["token"].as_str().unwrap().into(), ..ann };
    assert_eq!(mark(&server, &anna, "later"), (0, 2, 0), "another name makes nobody new");
}

#[test]
fn who_is_named_hears_of_it_wherever_they_are() {
    let mut server = Server::start();
    let [ann, ben, cat] = ["Ann", "Ben Lee", "Cat"].map(|name| server.person(name));
    let mut a = Client::of(&server, &ann);
    a.join("dev");
    let (mut b, mut c) = (Client::of(&server, &ben), Client::of(&server, &cat));
    let seq = a.post("dev", "hello @ben_lee and @Nobody and @Ann");
    let line = b.want("room");
    assert_eq!((&line["room"], &line["unread"], &line["mentions"]), (&json!("dev"), &json!(1), &json!(1)));
    assert_eq!(mark(&server, &cat, "dev"), (0, 1, 0));
    a.command(json!({"type": "edit", "room": "dev", "target": seq, "text": "hello @cat"}));
    assert_eq!(c.want("room")["mentions"], 1);
    for _ in 0..2 {
        assert_eq!((mark(&server, &ben, "dev"), mark(&server, &cat, "dev")), ((0, 1, 0), (0, 1, 1)), "an edit counts");
        server.restart();
    }
    let mut a = Client::of(&server, &ann);
    a.command(json!({"type": "remove", "room": "dev", "target": seq}));
    assert_eq!(mark(&server, &cat, "dev"), (0, 0, 0));
    a.post("dev", "@cat");
    server.post_as(&cat, "/api/session", &json!({"name": "Kat"}));
    let dan = server.person("Cat");
    assert_eq!(mark(&server, &dan, "dev").2, 0, "who takes a name was not meant by what was written before");
}

#[test]
fn every_message_of_a_direct_room_is_meant_for_one() {
    let server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let direct = server.post_as(&ann, "/api/direct", &json!({"users": [ben.id]})).json();
    let room = direct["room"].as_str().unwrap();
    let (mut a, mut b) = (Client::of(&server, &ann), Client::of(&server, &ben));
    a.post(room, "hi");
    let line = b.want("room");
    assert_eq!((&line["head"], &line["unread"], &line["mentions"]), (&json!(1), &json!(1), &json!(1)));
    b.join(room);
    a.post(room, "are you here?");
    b.events(room, 2);
    b.settle();
    assert!(!b.has_waiting("room"), "who has joined it hears it there");
    assert_eq!(mark(&server, &ben, room), (0, 2, 2));
}

#[test]
fn a_private_room_calls_nobody_who_is_not_in_it() {
    let server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let made = server.post_as(&ann, "/api/rooms", &json!({"title": "Plans", "private": true})).json();
    let mut b = Client::of(&server, &ben);
    Client::of(&server, &ann).post(made["room"].as_str().unwrap(), "what do we give @Ben?");
    b.settle();
    assert!(!b.has_waiting("room") && !b.has_waiting("gone"));
}

#[test]
fn a_message_marked_as_new_stays_new_though_another_window_reads_on() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let mut guest = Client::guest(&server);
    guest.posts("lobby", 5);
    let mut here = Client::of(&server, &ann);
    here.join("elsewhere");
    read(&mut here, "lobby", 5);
    kept(&mut here);
    let mut there = Client::of(&server, &ann);
    here.send(&json!({"type": "unread", "room": "lobby", "seq": 3}));
    let went_back = (json!(2), json!(1), json!(3));
    assert_eq!((told(&mut here), told(&mut there)), (went_back.clone(), went_back.clone()), "both windows hear of it");
    guest.post("lobby", "6");
    let late = json!({"type": "read", "room": "lobby", "seq": 6, "back": 0});
    there.send(&late);
    assert_eq!(told(&mut there), (json!(2), json!(1), json!(4)), "it was sent before it had heard");
    for _ in 0..2 {
        let line = server.get_as(&ann, "/api/rooms/lobby").json();
        assert_eq!((&line["read"], &line["back"], &line["unread"]), (&json!(2), &json!(1), &json!(4)));
        server.restart();
    }
    let (mut here, mut there) = (Client::of(&server, &ann), Client::of(&server, &ann));
    there.send(&json!({"type": "read", "room": "lobby", "seq": 6, "back": 1}));
    assert_eq!(told(&mut here), (json!(6), json!(1), Value::Null), "and reading on does what it always does");
    here.send(&json!({"type": "unread", "room": "lobby", "seq": 0}));
    assert_eq!(told(&mut here), (json!(0), json!(2), json!(6)));
    here.send(&json!({"type": "unread", "room": "lobby", "seq": u64::MAX}));
    assert_eq!(told(&mut here), (json!(6), json!(3), Value::Null));
    read(&mut here, "lobby", 1);
    guest = Client::guest(&server);
    guest.send(&json!({"type": "unread", "room": "lobby", "seq": 1}));
    assert_eq!(guest.want("error")["code"], "forbidden");
}

#[test]
fn what_is_new_in_rooms_that_one_has_not_joined_is_heard_within_a_moment() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    let mut guest = Client::guest(&server);
    client.join("lobby");
    guest.join("dev");
    client.find(|frame| frame["type"] == "heads" && frame["heads"]["dev"] == 0);
    guest.join("lobby");
    guest.posts("lobby", 3);
    client.events("lobby", 3);
    guest.posts("dev", 3);
    let dev = client.find(|frame| frame["type"] == "heads" && frame["heads"]["dev"] == 3);
    assert!(dev["heads"]["dev"] == 3, "{dev}");
    guest.settle();
    assert!(!guest.has_waiting("heads"), "a guest has no rooms in which something could be new");
    let made = server.post_as(&ann, "/api/rooms", &json!({"title": "Plans", "private": true})).json();
    let room = made["room"].as_str().unwrap().to_owned();
    let ben = server.person("Ben");
    let invite = server.post_as(&ann, &format!("/api/rooms/{room}/invites"), &json!({})).json();
    server.post_as(&ben, &format!("/api/invites/{}", invite["invite"].as_str().unwrap()), &json!({}));
    let mut other = Client::of(&server, &server.person("Cat"));
    let mut ben = Client::of(&server, &ben);
    ben.post(&room, "hush");
    let line = client.find(|frame| frame["type"] == "room" && frame["head"] == 1);
    assert_eq!((&line["room"], &line["unread"], &line["mentions"]), (&json!(room), &json!(1), &Value::Null));
    guest.post("dev", "4");
    other.find(|frame| {
        assert!(!frame.to_string().contains(&room), "nobody else hears of it: {frame}");
        frame["type"] == "heads" && frame["heads"]["dev"] == 4
    });
}
