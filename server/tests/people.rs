//! The people of a room: who is away, who was here and when, page by page.

use serde_json::{Value, json};

use crate::support::{Client, Person, Server};

fn members(server: &Server, room: &str, query: &str) -> Value {
    server.get(&format!("/api/rooms/{room}/members{query}")).json()
}

fn member(server: &Server, person: &Person) -> Value {
    let list = members(server, "lobby", "");
    let found = list["members"].as_array().unwrap().iter().find(|member| member["id"] == person.id.as_str());
    found.unwrap_or_else(|| panic!("{} is not in {list}", person.name)).clone()
}

/// The next frame that tells of this person: whether they are away.
fn told_away(client: &mut Client, person: &Person) -> bool {
    let of = |frame: &Value| {
        let joined = frame["joined"].as_array()?.iter();
        joined.filter(|user| user["id"] == person.id.as_str()).map(|user| user["away"] == true).next()
    };
    let frame = client.find(|frame| frame["type"] == "presence" && of(frame).is_some());
    of(&frame).unwrap()
}

fn away(client: &mut Client, on: bool) {
    client.send(&json!({"type": "away", "on": on}));
}

#[test]
fn people_are_found_by_how_their_names_begin() {
    let server = Server::start();
    for name in ["Ann Lee", "Anna", "小明", "Ben"] {
        Client::of(&server, &server.person(name)).post("lobby", "hello");
    }
    let found = |begins: &str| {
        let list = members(&server, "lobby", &format!("?named={begins}"));
        let mut names: Vec<String> =
            list["members"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(found("aN"), ["Ann Lee", "Anna"]);
    assert_eq!(found("ann%20lee"), ["Ann Lee"]);
    assert_eq!(found("ann_"), ["Ann Lee"], "as it is written to name her");
    assert_eq!(found("%E5%B0%8F"), ["小明"]);
    assert_eq!(found("nobody"), [""; 0]);
}

#[test]
fn somebody_is_away_when_all_of_their_connections_are() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut here = Client::of(&server, &ann);
    here.join("lobby");
    here.want("presence");
    let mut ben = Client::guest(&server);
    ben.join("lobby");
    assert!(!told_away(&mut ben, &ann));
    away(&mut here, true);
    away(&mut here, true);
    assert!(told_away(&mut ben, &ann));
    assert_eq!((&member(&server, &ann)["online"], &member(&server, &ann)["away"]), (&json!(true), &json!(true)));
    let mut there = Client::of(&server, &ann);
    there.join("lobby");
    assert!(!told_away(&mut ben, &ann), "she sits at another one");
    away(&mut there, true);
    assert!(told_away(&mut ben, &ann));
    away(&mut here, false);
    assert!(!told_away(&mut ben, &ann));
    drop(here);
    assert!(told_away(&mut ben, &ann), "the one that is left has not seen her");
    there.join("dev");
    let mut cat = Client::guest(&server);
    cat.join("dev");
    assert!(told_away(&mut cat, &ann), "in a room that it joins while she is away, too");
    let other = server.post_as(&ann, "/command", &json!({"type": "away", "on": true}));
    assert_eq!((other.status, &other.json()["type"]), (200, &json!("ok")));
}

#[test]
fn who_went_was_last_seen_when_they_went() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let mut client = Client::of(&server, &ann);
    client.join("lobby");
    client.post("lobby", "hi");
    let posted = member(&server, &ann);
    assert!(posted["seen"].is_null() && posted["online"] == true, "{posted}");
    let mut ben = Client::guest(&server);
    ben.join("lobby");
    drop(client);
    ben.find(|frame| frame["left"].as_array().is_some_and(|left| left.contains(&json!(ann.id))));
    // Whatever is answered after it went is on the disk after it.
    ben.post("lobby", "she is gone");
    for _ in 0..2 {
        let gone = member(&server, &ann);
        assert_eq!(gone["online"], false);
        assert!(gone["seen"].as_u64() >= posted["last_post"].as_u64(), "{gone}");
        server.restart();
    }
}

#[test]
fn a_list_of_people_is_read_page_by_page() {
    let server = Server::start();
    let people: Vec<Person> = (0..5).map(|n| server.person(&format!("P{n}"))).collect();
    for person in &people {
        Client::of(&server, person).post("lobby", "hi");
    }
    let mut client = Client::of(&server, &people[2]);
    client.join("lobby");
    client.want("presence");
    let all: Vec<Value> = members(&server, "lobby", "")["members"].as_array().unwrap().clone();
    assert_eq!((all.len(), &all[0]["id"]), (5, &json!(people[2].id)), "who is here comes first");
    let mut read: Vec<Value> = Vec::new();
    loop {
        let after = read.last().map_or(String::new(), |member| format!("&after={}", member["id"].as_str().unwrap()));
        let page = members(&server, "lobby", &format!("?limit=2{after}"));
        read.extend(page["members"].as_array().unwrap().iter().cloned());
        if page["more"] != true {
            break;
        }
    }
    assert_eq!(read, all);
    assert_eq!(members(&server, "lobby", "?after=u_nobody")["members"].as_array().unwrap().len(), 5);
    assert_eq!(server.get("/api/rooms/lobby/members?limit=x").code(), "bad_frame");
}
