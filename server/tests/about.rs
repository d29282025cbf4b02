//! A room's title and topic: who may change them, and who sees it.

use serde_json::{Value, json};

use crate::support::{Client, Person, Server};

fn set(client: &mut Client, room: &str, title: &str) -> Value {
    client.command(json!({"type": "set", "room": room, "title": title}))
}

/// Gives somebody a role, on the disk of a server that does not run.
fn promote(server: &mut Server, person: &Person, role: &str) {
    server.stop();
    let database = rusqlite::Connection::open(server.data().join("stonechat.db")).unwrap();
    assert_eq!(database.execute("UPDATE users SET role = ? WHERE id = ?", [role, &person.id]), Ok(1));
    drop(database);
    server.begin();
}

#[test]
fn a_new_title_is_an_event_and_stands_in_the_rooms_line() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    client.join("lobby");
    let topic = json!({"type": "set", "id": "t1", "room": "lobby", "title": " The\n hall ", "topic": "Anything"});
    let ok = client.command(topic.clone());
    assert_eq!(ok["seq"], 1);
    let event = client.want("events")["events"][0].clone();
    assert_eq!(
        (&event["kind"], &event["title"], &event["topic"]),
        (&json!("room"), &json!("The hall"), &json!("Anything"))
    );
    assert_eq!(client.command(topic)["again"], true);
    let ok = client.command(json!({"type": "set", "room": "lobby", "title": "The hall"}));
    assert!(ok["type"] == "ok" && ok["seq"].is_null(), "it stands already: {ok}");
    let ok = client.command(json!({"type": "set", "room": "lobby", "topic": "  "}));
    assert_eq!(ok["seq"], 2);
    let event = client.want("events")["events"][0].clone();
    assert_eq!((&event["title"], &event["topic"]), (&Value::Null, &json!("")));
    for _ in 0..2 {
        let line = json!({"room": "lobby", "title": "The hall", "head": 2, "read": 0});
        assert_eq!(server.get("/api/rooms/lobby").json(), line);
        assert_eq!(Client::guest(&server).welcome["rooms"][0], line);
        server.restart();
    }
}

#[test]
fn what_is_no_title_is_refused_and_leaves_no_trace() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    let long = "x".repeat(81);
    for (fields, code) in [
        (json!({}), "empty"),
        (json!({"title": " \u{200b}"}), "empty"),
        (json!({"title": long}), "too_long"),
        (json!({"title": "fine", "topic": long}), "too_long"),
        (json!({"title": 7}), "bad_frame"),
    ] {
        let mut command = json!({"type": "set", "room": "lobby"});
        command.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(client.command(command)["code"], code, "{fields}");
    }
    assert_eq!(server.get("/api/rooms/lobby").json()["title"], "Lobby");
    assert_eq!(client.post("lobby", "hi"), 1);
}

#[test]
fn who_made_a_room_may_change_it_and_so_may_moderators_and_owners() {
    let mut server = Server::start();
    let [ann, ben, cat] = ["Ann", "Ben", "Cat"].map(|name| server.person(name));
    server.post_as(&ann, "/api/rooms", &json!({"room": "garden"}));
    Client::of(&server, &ann).join("made-by-joining");
    promote(&mut server, &cat, "moderator");
    let mut clients = [&ann, &ben, &cat].map(|person| Client::of(&server, person));
    for (title, room) in [("Garden", "garden"), ("Joined", "made-by-joining")] {
        let refused = set(&mut clients[1], room, "Ben's");
        assert_eq!(refused["code"], "forbidden");
        assert_eq!(refused["message"], "Only who made this room may do that, or a moderator. Ask one of them.");
        assert_eq!(set(&mut clients[0], room, title)["seq"], 1);
        assert_eq!(set(&mut clients[2], room, "Cat's")["seq"], 2);
    }
    assert_eq!(set(&mut Client::guest(&server), "lobby", "Ours")["code"], "forbidden");
}

#[test]
fn rooms_that_nobody_made_are_anybodys_until_the_server_has_an_owner() {
    let mut server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    Client::guest(&server).join("made-by-a-guest");
    for room in ["lobby", "made-by-a-guest"] {
        assert_eq!(set(&mut Client::of(&server, &ann), room, "Ann's")["seq"], 1);
    }
    promote(&mut server, &ben, "owner");
    for room in ["lobby", "made-by-a-guest"] {
        assert_eq!(set(&mut Client::of(&server, &ann), room, "Ann's again")["code"], "forbidden");
        assert_eq!(set(&mut Client::of(&server, &ben), room, "Ben's")["seq"], 2);
    }
}

#[test]
fn people_in_a_private_room_hear_of_its_new_title_wherever_they_are_and_direct_rooms_have_none() {
    let server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let made = server.post_as(&ann, "/api/rooms", &json!({"title": "Plans", "private": true})).json();
    let room = made["room"].as_str().unwrap();
    let made = server.post_as(&ann, &format!("/api/rooms/{room}/invites"), &json!({})).json();
    let mut client = Client::of(&server, &ben);
    server.post_as(&ben, &format!("/api/invites/{}", made["invite"].as_str().unwrap()), &json!({}));
    assert_eq!(client.want("room")["title"], "Plans");
    assert_eq!(set(&mut client, room, "Ben's")["code"], "forbidden");
    let mut maker = Client::of(&server, &ann);
    assert_eq!(set(&mut maker, room, "Better plans")["seq"], 1);
    assert_eq!(client.want("room")["title"], "Better plans");
    let direct = server.post_as(&ann, "/api/direct", &json!({"users": [ben.id]})).json();
    let refused = set(&mut maker, direct["room"].as_str().unwrap(), "Us");
    assert_eq!(refused["message"], "A direct message has no title and no topic.");
}
