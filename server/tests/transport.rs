//! The socket itself: who may open one, and how it is closed.

use serde_json::json;

use crate::support::{Client, Gone, Raw, Server, opcode};

const UPGRADE: [(&str, &str); 4] = [
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade, close"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// The status of an upgrade with this `Origin` and `Host`.
fn upgrade(server: &Server, origin: &str, host: &str) -> u16 {
    let own = server.port.to_string();
    let (origin, host) = (origin.replace("PORT", &own), host.replace("PORT", &own));
    // An upgrade that is accepted has no end to read to: a client that speaks it asks the same.
    match Client::dial(server, "/ws", &[("Origin", &origin), ("Host", &host)]) {
        Ok(_) => 101,
        Err(status) => status,
    }
}

#[test]
fn a_page_of_our_own_may_open_a_socket_and_a_foreign_one_may_not() {
    let server = Server::with(&["--allow-origin", "https://site.example"]);
    for (origin, host, status) in [
        ("http://127.0.0.1:PORT", "127.0.0.1:PORT", 101),
        ("https://chat.example", "chat.example", 101),
        ("https://site.example", "127.0.0.1:PORT", 101),
        ("https://evil.example", "127.0.0.1:PORT", 403),
        ("https://evil.example", "chat.example", 403),
        ("https://chat.example.evil.example", "chat.example", 403),
        ("http://127.0.0.1:1", "127.0.0.1:PORT", 403),
        ("null", "127.0.0.1:PORT", 403),
        ("", "127.0.0.1:PORT", 403),
    ] {
        assert_eq!(upgrade(&server, origin, host), status, "{origin} at {host}");
    }
    assert!(Client::dial(&server, "/ws", &[]).is_ok(), "a program sends no Origin");
}

#[test]
fn a_page_behind_the_development_proxy_may_open_a_socket() {
    let server = Server::start();
    // The proxy rewrites Host to the server's address and drops the port.
    assert_eq!(upgrade(&server, "http://127.0.0.1:8081", "127.0.0.1"), 101);
    assert_eq!(upgrade(&server, "http://localhost:8081", "127.0.0.1"), 101);
    assert_eq!(upgrade(&server, "https://evil.example", "127.0.0.1"), 403);
}

#[test]
fn a_foreign_page_is_refused_in_a_sentence_and_changes_nothing() {
    let server = Server::start();
    let foreign = ("Origin", "https://evil.example");
    let headers: Vec<(&str, &str)> = UPGRADE.into_iter().chain([foreign]).collect();
    let refused = server.ask("GET", "/ws", &headers, None);
    assert_eq!((refused.status, refused.code().as_str()), (403, "forbidden"));
    assert!(refused.json()["message"].as_str().unwrap().contains("Open the chat at the server's own address"));
    let ann = server.person("Ann");
    let bearer = ann.bearer();
    for (method, path) in [("POST", "/api/session"), ("DELETE", "/api/session"), ("POST", "/api/rooms")] {
        let body = Some(json!({"name": "Eve", "room": "eve"}).to_string());
        let answer = server.ask(method, path, &[foreign, ("Authorization", &bearer)], body);
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    assert_eq!(server.get_as(&ann, "/api/session").json()["user"]["name"], "Ann");
    assert_eq!(server.get("/api/rooms/eve").status, 404);
}

#[test]
fn a_version_that_is_not_spoken_is_closed_with_a_sentence() {
    let server = Server::start();
    Client::open(&server, "/ws?v=1", &[]);
    for version in ["2", "0", "", "one", "1.0"] {
        let (bye, gone) = Client::dial(&server, &format!("/ws?v={version}"), &[]).unwrap().closed();
        assert_eq!((&bye["type"], &bye["code"]), (&json!("bye"), &json!(4001)), "{version}");
        assert_eq!(bye["message"], "This server speaks version 1 only. Reload the page.");
        assert_eq!(gone, Gone(Some(4001)));
    }
}

#[test]
fn an_address_that_is_not_a_socket_is_not_upgraded() {
    let server = Server::start();
    assert_eq!(Client::dial(&server, "/wss", &[]).err(), Some(404));
    for path in ["/ws", "/ws/1"] {
        let plain = server.get(path);
        assert_eq!((plain.status, plain.header("upgrade"), plain.code().as_str()), (426, "websocket", "bad_frame"));
        let sentence = "This address speaks WebSocket. Connect to it with a WebSocket client.";
        assert_eq!(plain.json()["message"], sentence, "{path}");
    }
}

#[test]
fn an_address_that_says_something_twice_is_refused_in_a_sentence() {
    let server = Server::start();
    let refused = server.ask("GET", "/ws?v=1&v=2", &UPGRADE, None);
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_frame"));
    assert!(refused.json()["message"].as_str().unwrap().ends_with('.'), "{}", refused.text());
}

#[test]
fn a_close_is_answered_with_a_close() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(0x80 | opcode::CLOSE, &1000_u16.to_be_bytes());
    assert_eq!(raw.close_code(), Some(1000));
}

#[test]
fn a_ping_of_the_socket_is_answered() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(0x80 | opcode::PING, b"are you there?");
    assert_eq!(raw.read(), Some((opcode::PONG, b"are you there?".to_vec())));
}

#[test]
fn a_command_may_come_in_fragments_and_in_single_bytes() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    let command = r#"{"type":"post","id":"c1","room":"lobby","text":"你好 👋"}"#.as_bytes();
    for (index, byte) in command.iter().enumerate() {
        let first = if index == 0 { opcode::TEXT } else { opcode::CONTINUATION };
        let last = if index + 1 == command.len() { 0x80 } else { 0 };
        raw.frame(first | last, &[*byte]);
        // A ping may stand between the fragments.
        if index == 10 {
            raw.frame(0x80 | opcode::PING, b"");
        }
    }
    assert_eq!(raw.read(), Some((opcode::PONG, vec![])));
    assert_eq!(raw.text().unwrap(), r#"{"type":"ok","id":"c1","room":"lobby","seq":1}"#);
}

#[test]
fn a_connection_that_breaks_off_leaves_the_others_alone() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    for _ in 0..20 {
        let mut raw = Raw::connect(&server);
        raw.say(r#"{"type":"join","room":"lobby"}"#);
        raw.bytes(&[0x81, 0xfe, 0xff]);
    }
    assert_eq!(ann.post("lobby", "still here"), 1);
}

#[test]
fn a_post_whose_sender_has_gone_is_still_delivered() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.join("lobby");
    let mut raw = Raw::connect(&server);
    raw.say(r#"{"type":"post","id":"c1","room":"lobby","text":"and off I go"}"#);
    raw.frame(0x80 | opcode::CLOSE, &1001_u16.to_be_bytes());
    drop(raw);
    assert_eq!(ann.events("lobby", 1).len(), 1);
}
