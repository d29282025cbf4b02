//! Rooms that not everybody may read: private ones, direct messages, and the ways in.

use serde_json::{Value, json};

use crate::support::pictures::png;
use crate::support::{Answer, Client, Person, Server};

/// Somebody's private room.
fn private(server: &Server, maker: &Person, title: &str) -> String {
    let made = server.post_as(maker, "/api/rooms", &json!({"title": title, "private": true}));
    assert_eq!((made.status, &made.json()["kind"]), (201, &json!("private")), "{}", made.text());
    made.json()["room"].as_str().unwrap().to_owned()
}

fn invite(server: &Server, maker: &Person, room: &str, terms: &Value) -> String {
    let made = server.post_as(maker, &format!("/api/rooms/{room}/invites"), terms);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["invite"].as_str().unwrap().to_owned()
}

fn accept(server: &Server, person: &Person, invite: &str) -> Answer {
    server.post_as(person, &format!("/api/invites/{invite}"), &json!({}))
}

fn delete_as(server: &Server, person: &Person, path: &str) -> Answer {
    server.ask("DELETE", path, &[("Authorization", &person.bearer())], None)
}

fn names(list: &Value) -> Vec<&str> {
    list["rooms"].as_array().unwrap().iter().map(|room| room["room"].as_str().unwrap()).collect()
}

#[test]
fn a_private_room_is_there_for_the_people_in_it_alone() {
    let mut server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let mut client = Client::of(&server, &ann);
    let room = private(&server, &ann, "Plans");
    let line = client.want("room");
    assert_eq!(
        line,
        json!({"type": "room", "room": room, "title": "Plans", "kind": "private", "head": 0, "read": 0}),
        "her connections learn of it at once"
    );
    client.join(&room);
    assert_eq!(client.post(&room, "hush"), 1);
    for _ in 0..2 {
        assert_eq!(names(&server.get_as(&ann, "/api/rooms").json()), ["lobby", room.as_str()]);
        assert_eq!(names(&server.get_as(&ben, "/api/rooms").json()), ["lobby"]);
        assert_eq!(names(&server.get("/api/rooms").json()), ["lobby"]);
        assert_eq!(names(&Client::of(&server, &ben).welcome), ["lobby"]);
        assert_eq!(names(&Client::of(&server, &ann).welcome), ["lobby", room.as_str()]);
        assert_eq!(server.get_as(&ann, &format!("/api/rooms/{room}")).json()["head"], 1);
        server.restart();
    }
}

/// What somebody is told who asks for this room in every way there is, with its name masked.
fn told(server: &Server, person: Option<&Person>, room: &str) -> Vec<String> {
    let mut told = Vec::new();
    let bearer = person.map(Person::bearer);
    let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("Authorization", bearer.as_str())).collect();
    for (method, path) in [
        ("GET", "/api/rooms/ROOM"),
        ("GET", "/api/rooms/ROOM/messages"),
        ("GET", "/api/rooms/ROOM/messages?around=1"),
        ("GET", "/api/rooms/ROOM/members"),
        ("GET", "/api/rooms/ROOM/invites"),
        ("POST", "/api/rooms/ROOM/invites"),
        ("DELETE", "/api/rooms/ROOM/invites/i_none"),
        ("DELETE", "/api/rooms/ROOM/members/me"),
        ("GET", "/ws/7?room=ROOM"),
        ("GET", "/api/rooms"),
        ("GET", "/metrics"),
    ] {
        let answer = server.ask(method, &path.replace("ROOM", room), &headers, Some("{}".into()));
        let text = if path == "/metrics" { answer.text().contains(room).to_string() } else { answer.text().to_owned() };
        told.push(format!("{method} {path}: {} {text}", answer.status));
    }
    let made = server.ask("POST", "/api/rooms", &headers, Some(json!({"room": room}).to_string()));
    told.push(format!("made: {} {}", made.status, made.text()));
    let events = server.ask(
        "GET",
        &format!("/events?join={room}&welcome=1"),
        &[&headers[..], &[("Accept", "application/json")]].concat(),
        None,
    );
    let frames = events.json()["frames"].as_array().unwrap().clone();
    told.extend(frames.iter().filter(|frame| frame["type"] == "error").map(Value::to_string));
    let mut client = Client::open(server, "/ws", &headers);
    assert!(!client.welcome.to_string().contains(room));
    for command in [
        json!({"type": "join"}),
        json!({"type": "join", "after": 0}),
        json!({"type": "post", "text": "hi"}),
        json!({"type": "edit", "target": 1, "text": "hi"}),
        json!({"type": "remove", "target": 1}),
        json!({"type": "react", "target": 1, "emoji": "👍", "on": true}),
        json!({"type": "pin", "target": 1, "on": true}),
        json!({"type": "set", "title": "Mine"}),
        json!({"type": "typing"}),
        json!({"type": "read", "seq": 1}),
        json!({"type": "unread", "seq": 1}),
    ] {
        let mut command = command;
        (command["room"], command["id"]) = (room.into(), "c1".into());
        let answer = server.ask("POST", "/command", &headers, Some(command.to_string()));
        told.push(format!("{command}: {} {}", answer.status, answer.text()));
        client.send(&command);
        told.push(client.want("error").to_string());
    }
    told.iter().map(|line| line.replace(room, "ROOM")).collect()
}

/// What somebody is told who asks for a file.
fn file_told(server: &Server, person: Option<&Person>, file: &str) -> Vec<(u16, Vec<u8>)> {
    let ask = |path: String| person.map_or_else(|| server.get(&path), |person| server.get_as(person, &path));
    ["", "?size=small", "?size=medium"]
        .map(|size| ask(format!("{file}{size}")))
        .map(|told| (told.status, told.body))
        .into()
}

#[test]
fn to_who_may_not_read_it_a_room_is_as_if_it_were_not_there_whatever_they_ask() {
    for open in ["true", "false"] {
        let server = Server::with(&["--open-rooms", open]);
        let [ann, ben, cat] = ["Ann", "Ben", "Cat"].map(|name| server.person(name));
        let room = private(&server, &ann, "Plans");
        let direct = server.post_as(&ann, "/api/direct", &json!({"users": [cat.id]})).json();
        let direct = direct["room"].as_str().unwrap();
        let mut client = Client::of(&server, &ann);
        client.post(&room, "hush");
        client.post(direct, "hush");
        let file = |room: &str, client: &mut Client| {
            let id = server.uploaded(&ann, "plan.png", &png(640, 480))["id"].clone();
            client.command(json!({"type": "post", "room": room, "text": "", "files": [id]}));
            format!("/files/{}", id.as_str().unwrap())
        };
        let files = [file(&room, &mut client), file(direct, &mut client)];
        accept(&server, &cat, &invite(&server, &ann, &room, &json!({})));
        delete_as(&server, &cat, &format!("/api/rooms/{room}/members/me"));
        let nowhere = "x-aaaaaaaaaaaaaaaaaaaaaaaa";
        for person in [None, Some(&ben)] {
            assert_eq!(told(&server, person, &room), told(&server, person, nowhere));
            assert_eq!(told(&server, person, direct), told(&server, person, nowhere));
            assert!(
                files.iter().all(|file| file_told(&server, person, file) == file_told(&server, person, "/files/f_0"))
            );
        }
        assert_eq!(file_told(&server, Some(&ann), &files[0])[0].0, 200);
        assert_eq!(file_told(&server, Some(&cat), &files[1])[0].0, 200, "who is in a room has what is in its files");
        assert_eq!(
            file_told(&server, Some(&cat), &files[0]),
            file_told(&server, Some(&cat), "/files/f_0"),
            "who left not"
        );
        let known = |lines: Vec<String>| -> Vec<String> {
            lines.into_iter().filter(|line| !line.starts_with("GET /api/rooms:")).collect()
        };
        assert_eq!(
            known(told(&server, Some(&cat), &room)),
            known(told(&server, Some(&cat), nowhere)),
            "nor after leaving"
        );
        let page = server.get_as(&ann, &format!("/api/rooms/{room}/messages")).json();
        assert_eq!(page["head"], 2, "and none of it left a trace: {page}");
    }
}

#[test]
fn an_invitation_leads_in_and_says_where_before() {
    let server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let room = private(&server, &ann, "Plans");
    Client::of(&server, &ann).post(&room, "before you came");
    let id = invite(&server, &ann, &room, &json!({"expires_ms": 60_000, "uses": 2}));
    assert_eq!(server.get(&format!("/api/invites/{id}")).json(), json!({"title": "Plans", "people": 1}));
    let refused = server.post(&format!("/api/invites/{id}"), &json!({}));
    assert_eq!((refused.status, refused.code().as_str()), (401, "not_signed_in"));
    let mut client = Client::of(&server, &ben);
    let line = accept(&server, &ben, &id).json();
    assert_eq!(
        line,
        json!({"room": room, "title": "Plans", "kind": "private", "head": 1, "read": 1}),
        "what was there before is not unread"
    );
    assert_eq!(client.want("room")["room"], room.as_str());
    client.join(&room);
    assert_eq!(client.post(&room, "hello"), 2);
    let members = server.get_as(&ben, &format!("/api/rooms/{room}/members")).json();
    let of = |name: &str| members["members"].as_array().unwrap().iter().find(|member| member["name"] == name).cloned();
    assert_eq!(of("Ben").unwrap()["online"], true, "{members}");
    assert_eq!(of("Ann").unwrap()["online"], false, "she is in it though she is not here");
    let list = server.get_as(&ben, &format!("/api/rooms/{room}/invites")).json();
    let listed = &list["invites"][0];
    assert_eq!((&listed["invite"], &listed["uses"], &listed["user"]["name"]), (&json!(id), &json!(1), &json!("Ann")));
    assert!((1..=60_000).contains(&listed["expires_ms"].as_u64().unwrap()), "{list}");
}

#[test]
fn an_invitation_counts_each_person_once_and_two_who_come_at_once_cannot_both_be_the_last() {
    let server = Server::start();
    let ann = server.person("Ann");
    let room = private(&server, &ann, "Plans");
    let id = invite(&server, &ann, &room, &json!({"uses": 3}));
    let people: Vec<Person> = (0..8).map(|n| server.person(&format!("Guest of {n}"))).collect();
    let (port, path) = (server.port, format!("/api/invites/{id}"));
    let ask = |person: &Person| Answer::to(port, "POST", &path, &[("Authorization", &person.bearer())], b"{}").status;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asks: Vec<_> = people.iter().map(|person| scope.spawn(|| ask(person))).collect();
        asks.into_iter().map(|ask| ask.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3, "{statuses:?}");
    for (person, status) in people.iter().zip(statuses) {
        assert_eq!(accept(&server, person, &id).status, status, "once more is no other answer");
        if status == 200 {
            assert_eq!(delete_as(&server, person, &format!("/api/rooms/{room}/members/me")).status, 204);
            assert_eq!(accept(&server, person, &id).status, 200, "who was counted may come back by it");
        }
    }
    assert_eq!(server.get_as(&ann, &format!("/api/rooms/{room}/invites")).json(), json!({"invites": []}));
    assert_eq!(server.get(&format!("/api/invites/{id}")).status, 404);
}

#[test]
fn an_invitation_that_was_taken_back_leads_nowhere() {
    let server = Server::start();
    let [ann, ben, cat] = ["Ann", "Ben", "Cat"].map(|name| server.person(name));
    let room = private(&server, &ann, "Plans");
    let other = private(&server, &cat, "Other");
    let id = invite(&server, &ann, &room, &json!({}));
    let path = format!("/api/rooms/{room}/invites/{id}");
    assert_eq!(delete_as(&server, &ben, &path).code(), "no_such_room");
    assert_eq!(delete_as(&server, &cat, &format!("/api/rooms/{other}/invites/{id}")).status, 404);
    assert_eq!(server.get(&format!("/api/invites/{id}")).status, 200);
    assert_eq!(delete_as(&server, &ann, &path).status, 204);
    assert_eq!(delete_as(&server, &ann, &path).status, 404);
    let refused = accept(&server, &ben, &id);
    assert_eq!(refused.status, 404);
    assert_eq!(refused.json()["message"], "This invitation leads nowhere any more. Ask for a new one.");
    assert_eq!(refused.text(), accept(&server, &ben, "i_never").text());
    for terms in [
        json!({"uses": 0}),
        json!({"expires_ms": 0}),
        json!({"uses": -1}),
        json!({"expires_ms": u64::MAX}),
        json!("once"),
    ] {
        let refused = server.post_as(&ann, &format!("/api/rooms/{room}/invites"), &terms);
        assert_eq!((refused.status, refused.code().as_str()), (400, "bad_frame"), "{terms}");
    }
    let refused = server.post_as(&ann, "/api/rooms/lobby/invites", &json!({}));
    assert_eq!((refused.status, refused.code().as_str()), (403, "forbidden"));
}

#[test]
fn who_leaves_loses_their_seat_and_comes_back_by_no_invitation_of_their_own() {
    let server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let room = private(&server, &ann, "Plans");
    accept(&server, &ben, &invite(&server, &ann, &room, &json!({})));
    let own = invite(&server, &ben, &room, &json!({}));
    let (mut first, mut second) = (Client::of(&server, &ben), Client::of(&server, &ben));
    first.join(&room);
    second.join(&room);
    assert_eq!(delete_as(&server, &ben, &format!("/api/rooms/{room}/members/me")).status, 204);
    Client::of(&server, &ann).post(&room, "they are gone");
    for client in [&mut first, &mut second] {
        assert_eq!(client.want("gone"), json!({"type": "gone", "room": room}));
        client.settle();
        assert!(!client.has_waiting("events"), "nothing of the room is heard any more");
    }
    assert_eq!(accept(&server, &ben, &own).status, 404);
    let refused = delete_as(&server, &ann, "/api/rooms/lobby/members/me");
    assert_eq!((refused.status, refused.code().as_str()), (403, "forbidden"));
}

#[test]
fn a_direct_room_is_made_on_first_use_and_found_again_by_its_people() {
    let mut server = Server::start();
    let [ann, ben, cat] = ["Ann", "Ben", "Cat"].map(|name| server.person(name));
    let mut client = Client::of(&server, &ben);
    let made = server.post_as(&ann, "/api/direct", &json!({"users": [ben.id]}));
    assert_eq!(made.status, 201);
    let line = made.json();
    let room = line["room"].as_str().unwrap().to_owned();
    assert_eq!((&line["kind"], &line["title"]), (&json!("direct"), &json!("")));
    let mut people: Vec<&str> =
        line["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    people.sort_unstable();
    assert_eq!(people, ["Ann", "Ben"]);
    let heard = client.want("room");
    assert_eq!((&heard["room"], &heard["people"]), (&line["room"], &line["people"]), "the other learns of it at once");
    assert_eq!(client.post(&room, "hi"), 1);
    for _ in 0..2 {
        for (person, users) in [(&ann, vec![&ben.id]), (&ben, vec![&ann.id]), (&ben, vec![&ann.id, &ben.id, &ann.id])] {
            let found = server.post_as(person, "/api/direct", &json!({"users": users}));
            assert_eq!((found.status, &found.json()["room"]), (200, &json!(room)));
        }
        assert_eq!(server.get_as(&ann, &format!("/api/rooms/{room}")).json()["people"], line["people"]);
        assert_eq!(names(&server.get_as(&cat, "/api/rooms").json()), ["lobby"]);
        server.restart();
    }
    let three = server.post_as(&ann, "/api/direct", &json!({"users": [ben.id, cat.id]}));
    assert_eq!((three.status, three.json()["room"] == room.as_str()), (201, false), "other people are another room");
    let refused = delete_as(&server, &ann, &format!("/api/rooms/{room}/members/me"));
    assert_eq!(refused.code(), "forbidden");
}

#[test]
fn a_direct_room_is_between_two_and_eight_people_with_names() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut guest = Client::guest(&server);
    guest.post("lobby", "I am kept now");
    let guest = guest.welcome["user"]["id"].clone();
    let others: Vec<String> = (0..8).map(|n| server.person(&format!("P{n}")).id).collect();
    let ask = |users: &Value| server.post_as(&ann, "/api/direct", &json!({"users": users}));
    for (users, code) in [
        (json!([]), "bad_frame"),
        (json!([ann.id]), "bad_frame"),
        (json!(others), "bad_frame"),
        (json!(["u_nobody"]), "no_such_message"),
        (json!([others[0], guest]), "no_such_message"),
        (json!("u_1"), "bad_frame"),
    ] {
        assert_eq!(ask(&users).code(), code, "{users}");
    }
    assert_eq!(ask(&json!(others[..7])).status, 201);
    assert_eq!(server.post("/api/direct", &json!({"users": [ann.id]})).code(), "not_signed_in");
}

#[test]
fn what_is_private_outlives_a_backup() {
    use crate::support::copies::{backup, folder, restore};
    let mut server = Server::start();
    let [ann, ben] = ["Ann", "Ben"].map(|name| server.person(name));
    let room = private(&server, &ann, "Plans");
    let direct = server.post_as(&ann, "/api/direct", &json!({"users": [ben.id]})).json();
    let id = invite(&server, &ann, &room, &json!({"uses": 1}));
    let (folder, _) = folder();
    let file = folder.path().join("copy.db");
    backup(&server, &file).unwrap();
    accept(&server, &ben, &id);
    server.stop();
    restore(&file, &server).unwrap();
    server.begin();
    assert_eq!(names(&server.get_as(&ben, "/api/rooms").json()), ["lobby", direct["room"].as_str().unwrap()]);
    assert_eq!(accept(&server, &ben, &id).json()["room"], room.as_str(), "the invitation counts as it did then");
}
