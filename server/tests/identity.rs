//! Who somebody is: guests, names, sessions, tickets.

use serde_json::{Value, json};

use crate::support::{Answer, Client, Gone, Server};

fn sign_in(server: &Server, name: &Value) -> Answer {
    server.post("/api/session", &json!({"name": name}))
}

fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[test]
fn two_guests_are_two_people() {
    let server = Server::start();
    let (one, two) = (Client::guest(&server).welcome, Client::guest(&server).welcome);
    assert_ne!(one["user"]["id"], two["user"]["id"]);
}

#[test]
fn a_name_makes_a_member_with_a_token_and_a_cookie() {
    let server = Server::start();
    let answer = sign_in(&server, &json!("  Ann Lee "));
    let session = answer.json();
    assert_eq!(session["user"]["name"], "Ann Lee", "without the white space around it");
    assert_eq!(session["user"]["role"], "member");
    let set = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure"), "this was plain http: {set}");
    let token = session["token"].as_str().unwrap();
    assert!(token.len() >= 32 && set.contains(token));
    let bearer = format!("Bearer {token}");
    let cookie = cookie(&answer);
    for header in [("Authorization", bearer.as_str()), ("Cookie", cookie.as_str())] {
        let known = server.ask("GET", "/api/session", &[header], None).json();
        assert_eq!(known, json!({"user": session["user"]}), "the token is told once");
        assert_eq!(Client::open(&server, "/ws", &[header]).welcome["user"], session["user"]);
    }
}

#[test]
fn a_page_that_came_by_https_gets_a_cookie_that_never_travels_without() {
    let server = Server::start();
    let host = ("Host", "chat.example");
    let body = Some(json!({"name": "Ann"}).to_string());
    let answer = server.ask("POST", "/api/session", &[host, ("Origin", "https://chat.example")], body);
    assert!(answer.header("set-cookie").contains("; Secure"), "{}", answer.header("set-cookie"));
}

#[test]
fn a_ticket_is_good_for_one_connection() {
    let server = Server::start();
    let ann = server.person("Ann");
    let ticket = server.post_as(&ann, "/api/ticket", &json!({})).json();
    assert_eq!(ticket["expires_ms"], 30_000);
    let path = format!("/ws?ticket={}", ticket["ticket"].as_str().unwrap());
    assert_eq!(Client::open(&server, &path, &[]).welcome["user"]["id"], ann.id);
    assert_eq!(Client::dial(&server, &path, &[]).err(), Some(401));
    assert_eq!(Client::dial(&server, "/ws?ticket=made-up", &[]).err(), Some(401));
}

#[test]
fn a_ticket_is_for_who_is_signed_in() {
    let server = Server::start();
    let refused = server.post("/api/ticket", &json!({}));
    assert_eq!((refused.status, refused.code().as_str()), (401, "not_signed_in"));
}

#[test]
fn a_bearer_token_that_is_not_valid_is_refused_and_a_cookie_is_as_good_as_none() {
    let server = Server::start();
    let made_up = ("Authorization", "Bearer made-up");
    assert_eq!(Client::dial(&server, "/ws", &[made_up]).err(), Some(401));
    assert_eq!(server.ask("GET", "/api/rooms", &[made_up], None).status, 401);
    let stale = ("Cookie", "stonechat_session=made-up");
    assert_eq!(Client::open(&server, "/ws", &[stale]).welcome["user"]["role"], "guest");
    assert_eq!(server.ask("GET", "/api/session", &[stale], None).code(), "not_signed_in");
}

#[test]
fn a_bearer_token_counts_before_a_cookie() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let cookie = format!("theme=dark; stonechat_session={}", ben.token);
    let headers = [("Authorization", ann.bearer()), ("Cookie", cookie)];
    let both = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(Client::open(&server, "/ws", &both).welcome["user"]["name"], "Ann");
}

#[test]
fn a_name_is_given_once_whatever_its_capitals() {
    let server = Server::start();
    server.person("Ann");
    server.person("Éva");
    for taken in ["Ann", "ann", "ANN", " Ann ", "éva", "ÉVA"] {
        let refused = sign_in(&server, &json!(taken));
        assert_eq!((refused.status, refused.code().as_str()), (409, "name_taken"), "{taken}");
        assert_eq!(refused.json()["message"], "Somebody here has that name already. Choose another one.");
    }
    server.person("Anne");
}

#[test]
fn a_name_has_one_to_thirty_two_characters_that_can_be_seen() {
    let server = Server::start();
    for (name, status, code) in [
        (json!(""), 400, "empty"),
        (json!("   "), 400, "empty"),
        (json!("\u{3000}\n\t"), 400, "empty"),
        (json!("\u{0}\u{7}"), 400, "empty"),
        (json!("\u{200d}\u{2800} \u{fe0f}"), 400, "empty"),
        (json!("x".repeat(33)), 413, "too_long"),
        (json!("字".repeat(33)), 413, "too_long"),
        (json!(7), 400, "bad_frame"),
        (json!(null), 400, "bad_frame"),
    ] {
        let refused = sign_in(&server, &name);
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{name}");
        assert!(!refused.json()["message"].as_str().unwrap().is_empty());
    }
    server.person(&"字".repeat(32));
    server.person("🦜");
    assert_eq!(sign_in(&server, &json!("two\nlines")).json()["user"]["name"], "twolines");
}

#[test]
fn somebody_with_a_session_takes_another_name_and_stays_who_they_are() {
    let server = Server::start();
    let ann = server.person("Ann");
    Client::of(&server, &ann).post("lobby", "as Ann");
    let renamed = server.post_as(&ann, "/api/session", &json!({"name": "Anna"})).json();
    assert_eq!((&renamed["user"]["id"], &renamed["user"]["name"]), (&json!(ann.id), &json!("Anna")));
    let mut client = Client::of(&server, &ann);
    assert_eq!(client.welcome["user"]["name"], "Anna");
    client.post("lobby", "as Anna");
    let joined = client.join("lobby");
    assert_eq!(joined["messages"][0]["user"]["name"], "Ann", "a message keeps the name of its time");
    assert_eq!(joined["messages"][1]["user"]["name"], "Anna");
    assert_eq!(server.get(&format!("/api/users/{}", ann.id)).json(), json!({"id": ann.id, "name": "Anna"}));
    server.person("Ann");
}

#[test]
fn a_new_name_renews_the_persons_open_connections_and_nobody_elses() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let (mut one, mut two, mut bens) =
        (Client::of(&server, &ann), Client::of(&server, &ann), Client::of(&server, &ben));
    assert_eq!(server.post_as(&ann, "/api/session", &json!({"name": "Anna"})).status, 200);
    for client in [&mut one, &mut two] {
        let (bye, gone) = client.closed();
        assert_eq!((&bye["code"], &bye["retry_ms"], gone), (&json!(4201), &json!(0), Gone(Some(4201))));
    }
    bens.settle();
    assert_eq!(Client::of(&server, &ann).welcome["user"]["name"], "Anna");
}

#[test]
fn who_signs_out_is_nobody_any_more() {
    let server = Server::start();
    let ann = server.person("Ann");
    let bearer = ann.bearer();
    let out = server.ask("DELETE", "/api/session", &[("Authorization", &bearer)], None);
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(server.get_as(&ann, "/api/session").status, 401);
    assert_eq!(Client::dial(&server, "/ws", &[("Authorization", &bearer)]).err(), Some(401));
}

#[test]
fn where_guests_are_not_admitted_a_name_comes_first() {
    let server = Server::with(&["--guests", "false"]);
    let (bye, gone) = Client::dial(&server, "/ws", &[]).unwrap().closed();
    assert_eq!((&bye["code"], &bye["message"]), (&json!(4003), &json!("Sign in first.")));
    assert_eq!(gone, Gone(Some(4003)));
    for path in ["/api/rooms", "/api/rooms/lobby", "/api/rooms/lobby/messages", "/api/rooms/lobby/members"] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
    let ann = server.person("Ann");
    assert_eq!(Client::of(&server, &ann).join("lobby")["head"], 0);
    assert_eq!(server.get_as(&ann, "/api/rooms").status, 200);
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn a_user_is_found_by_id_and_a_stranger_is_not() {
    let server = Server::start();
    let ann = server.person("Ann");
    assert_eq!(server.get(&format!("/api/users/{}", ann.id)).json(), json!({"id": ann.id, "name": "Ann"}));
    assert_eq!(server.get("/api/users/u_nobody").status, 404);
    let mut guest = Client::guest(&server);
    guest.post("lobby", "hi");
    let id = guest.welcome["user"]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("/api/users/{id}")).json()["name"], guest.welcome["user"]["name"]);
}

#[test]
fn a_token_is_kept_as_a_digest_only() {
    let mut server = Server::start();
    let ann = server.person("Ann");
    server.stop();
    for entry in std::fs::read_dir(server.data()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(ann.token.len()).any(|window| window == ann.token.as_bytes()));
    }
}

#[test]
fn who_signs_out_leaves_their_open_connections_too_and_nobody_elses() {
    let server = Server::start();
    let (ann, ben) = (server.person("Ann"), server.person("Ben"));
    let (mut anns, mut bens) = (Client::of(&server, &ann), Client::of(&server, &ben));
    server.ask("DELETE", "/api/session", &[("Authorization", &ann.bearer())], None);
    let (bye, gone) = anns.closed();
    assert_eq!((&bye["code"], gone), (&json!(4003), Gone(Some(4003))));
    bens.settle();
}

#[test]
fn a_name_that_only_looks_different_to_a_computer_is_taken() {
    let server = Server::start();
    server.person("Ann");
    for name in ["Ann\u{200b}", "\u{202e}Ann", "A\u{200d}nn", " aNN\u{feff} "] {
        let refused = sign_in(&server, &json!(name));
        assert_eq!((refused.status, refused.code().as_str()), (409, "name_taken"), "{name:?}");
    }
}

#[test]
fn the_word_bearer_has_no_case() {
    let server = Server::start();
    let lower = server.person("Ann").bearer().replace("Bearer", "bearer");
    assert_eq!(Client::open(&server, "/ws", &[("Authorization", &lower)]).welcome["user"]["name"], "Ann");
}
