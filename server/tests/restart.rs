//! What was answered is there: after a stop, and after `kill -9`.

use serde_json::json;

use crate::support::{Client, Gone, Server, messages};

#[test]
fn a_stopping_server_says_bye_and_when_to_come_back() {
    let mut server = Server::start();
    let (mut inside, outside) = (Client::guest(&server), Client::guest(&server));
    inside.join("lobby");
    server.terminate();
    for mut client in [inside, outside] {
        let (bye, gone) = client.closed();
        assert_eq!((&bye["type"], &bye["code"]), (&json!("bye"), &json!(4200)));
        assert!(bye["message"].as_str().unwrap().ends_with('.'), "a sentence: {bye}");
        assert!((500..=10_000).contains(&bye["retry_ms"].as_u64().unwrap()), "{bye}");
        assert_eq!(gone, Gone(Some(4200)));
    }
    assert_eq!(server.end().code, Some(0));
}

#[test]
fn a_server_without_clients_stops_at_once() {
    let mut server = Server::start();
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn every_answered_post_is_there_after_a_stop_in_the_middle_of_it() {
    let mut server = Server::start();
    let person = server.person("Ann");
    let mut ann = Client::of(&server, &person);
    let mut answered = Vec::new();
    for n in 0..2_000 {
        // Some are always under way: the stop meets them.
        ann.send(&json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": n.to_string()}));
        if n == 100 {
            server.terminate();
        }
        if n % 16 == 15 {
            let mut open = true;
            for _ in 0..16 {
                match ann.next() {
                    Ok(frame) if frame["type"] == "ok" => answered.push(frame),
                    Ok(_) => {}
                    Err(_) => open = false,
                }
            }
            if !open {
                break;
            }
        }
    }
    assert!(answered.len() >= 80, "{} were answered before the stop", answered.len());
    assert_eq!(server.end().code, Some(0));
    server.begin();
    let mut back = Client::of(&server, &person);
    for ok in answered {
        let again = back.command(json!({"type": "post", "id": ok["id"], "room": "lobby", "text": "again"}));
        assert_eq!((&again["seq"], &again["again"]), (&ok["seq"], &json!(true)), "{ok}");
    }
}

#[test]
fn a_post_is_there_when_the_server_is_killed_right_after_the_answer() {
    let mut server = Server::start();
    let person = server.person("Ann");
    for round in 1..=5 {
        let post = json!({"type": "post", "id": format!("round{round}"), "room": "lobby", "text": "still here"});
        let ok = Client::of(&server, &person).command(post.clone());
        server.kill();
        assert_eq!(ok["seq"], round);
        server.begin();
        let mut back = Client::of(&server, &person);
        assert_eq!(messages(&back.join("lobby")).len() as u64, round);
        let again = json!({"type": "ok", "id": format!("round{round}"), "room": "lobby", "seq": round, "again": true});
        assert_eq!(back.command(post), again);
        back.settle();
        assert!(!back.has_waiting("events"), "a repeat is no second event");
    }
}

#[test]
fn what_was_under_way_when_the_server_was_killed_can_be_sent_again_and_appears_once() {
    const POSTS: u64 = 200;
    let mut server = Server::start();
    let person = server.person("Ann");
    let post = |n| json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": format!("text {n}")});
    let mut ann = Client::of(&server, &person);
    (0..60).for_each(|n| ann.send(&post(n)));
    ann.want("ok");
    server.kill();
    server.begin();
    let mut back = Client::of(&server, &person);
    for n in 0..POSTS {
        assert_eq!(back.command(post(n))["seq"], n + 1, "in the order in which they were written");
    }
    let page = server.get("/api/rooms/lobby/messages?limit=200").json();
    let texts: Vec<String> = messages(&page).into_iter().map(|message| message.text).collect();
    assert_eq!(texts, (0..POSTS).map(|n| format!("text {n}")).collect::<Vec<_>>());
    assert_eq!(page["head"], POSTS);
}

#[test]
fn a_client_comes_back_to_a_restarted_server_with_its_cursor() {
    let mut server = Server::start();
    let mut ann = Client::guest(&server);
    let epoch = ann.join("lobby")["epoch"].as_str().unwrap().to_owned();
    ann.posts("lobby", 3);
    server.kill();
    server.begin();
    let mut back = Client::guest(&server);
    assert_eq!(back.welcome["rooms"][0]["head"], 3);
    assert_eq!(back.join_after("lobby", 1, &epoch)["after"], 1, "the log has the same name");
    assert_eq!(back.events("lobby", 3).len(), 2);
    assert_eq!(back.post("lobby", "4"), 4, "seq goes on where it was");
    assert_eq!(back.events("lobby", 4).len(), 1);
}

#[test]
fn rooms_and_sessions_outlive_a_restart() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    let made = json!({"room": "garden", "title": "The Garden", "topic": "Roses"});
    assert_eq!(server.post_as(&ann, "/api/rooms", &made).status, 201);
    Client::of(&server, &ann).join("kitchen");
    server.restart();
    let welcome = Client::of(&server, &ann).welcome;
    assert_eq!(welcome["user"], json!({"id": ann.id, "name": "Ann", "role": "member"}));
    let rooms: Vec<&str> =
        welcome["rooms"].as_array().unwrap().iter().filter_map(|room| room["room"].as_str()).collect();
    assert_eq!(rooms, ["lobby", "garden", "kitchen"]);
    assert_eq!((&welcome["rooms"][1]["title"], &welcome["rooms"][1]["topic"]), (&json!("The Garden"), &json!("Roses")));
}

#[test]
fn a_name_stays_taken_over_a_restart() {
    let mut server = Server::start();
    server.person("Ann");
    server.restart();
    assert_eq!(server.post("/api/session", &json!({"name": "ann"})).code(), "name_taken");
}

#[test]
fn a_stopping_server_answers_what_it_has_taken_in_before_it_says_bye() {
    let mut server = Server::start();
    let mut ann = Client::of(&server, &server.person("Ann"));
    for n in 0..50 {
        ann.send(&json!({"type": "post", "id": format!("n{n}"), "room": "lobby", "text": "x"}));
    }
    server.terminate();
    let mut answered = 0;
    while let Ok(frame) = ann.next() {
        answered += u64::from(frame["type"] == "ok");
    }
    assert_eq!(server.end().code, Some(0));
    server.begin();
    assert_eq!(Client::guest(&server).join("lobby")["head"], answered);
}
