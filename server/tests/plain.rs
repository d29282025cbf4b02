//! Plain text over a socket: any WebSocket tool is a chat client.

use serde_json::json;
use tungstenite::Message;

use crate::support::{Client, Gone, Raw, Server, opcode};

/// Connects as a tool would, and reads the greeting.
fn enter(server: &Server, path: &str, headers: &[(&str, &str)]) -> (Client, String) {
    let mut client = Client::dial(server, path, headers).unwrap();
    let greeting = client.line().unwrap();
    (client, greeting)
}

#[test]
fn a_client_is_welcomed_and_hears_what_it_and_others_say() {
    let server = Server::start();
    let (mut one, greeting) = enter(&server, "/ws/1", &[]);
    assert_eq!(greeting, "Welcome, client 1!");
    let (mut two, greeting) = enter(&server, "/ws/-20", &[]);
    assert_eq!(greeting, "Welcome, client -20!");
    one.say("hello");
    for client in [&mut one, &mut two] {
        assert_eq!(client.line().unwrap(), "client 1 says: hello");
    }
    two.say("多字节 👋\nand a second line");
    for client in [&mut one, &mut two] {
        assert_eq!(client.line().unwrap(), "client -20 says: 多字节 👋\nand a second line");
    }
}

#[test]
fn the_three_lines_that_everybody_writes_first_work() {
    // To the byte what Python's `websockets` 17.4 sends for the three lines in README.md; its key is made up.
    let server = Server::start();
    let request = format!(
        "GET /ws/1 HTTP/1.1\r\nHost: localhost:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: odUxV3UlqnGvgHq/WITw/w==\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\
         User-Agent: Python/3.11 websockets/17.4\r\n\r\n",
        server.port
    );
    let mut python = Raw::upgrade_by(&server, &request);
    // `await ws.send("hello")`, before anything was read.
    python.say("hello");
    assert_eq!(python.text().unwrap(), "Welcome, client 1!");
    assert_eq!(python.text().unwrap(), "client 1 says: hello");
    // Leaving `async with`: a close of their own, which they wait to be answered, and then for the end.
    python.frame(0x80 | opcode::CLOSE, &1000_u16.to_be_bytes());
    assert_eq!(python.close_code(), Some(1000));
    assert!(python.read().is_none());
}

#[test]
fn what_was_said_before_is_not_said_again() {
    let server = Server::start();
    Client::guest(&server).posts("lobby", 3);
    let (mut one, _) = enter(&server, "/ws/1", &[]);
    one.say("hello");
    assert_eq!(one.line().unwrap(), "client 1 says: hello");
}

#[test]
fn somebody_with_a_session_is_called_by_their_name() {
    let server = Server::start();
    let ann = server.person("Ann");
    let (mut one, _) = enter(&server, "/ws/1", &[]);
    let (mut anns, greeting) = enter(&server, "/ws/2", &[("Authorization", &ann.bearer())]);
    assert_eq!(greeting, "Welcome, Ann!");
    anns.say("hello");
    assert_eq!(one.line().unwrap(), "Ann says: hello");
    assert_eq!(anns.line().unwrap(), "Ann says: hello");
}

#[test]
fn it_is_the_same_room_as_everybody_elses() {
    let server = Server::start();
    let ann = server.person("Ann");
    let mut page = Client::of(&server, &ann);
    page.join("lobby");
    let (mut one, _) = enter(&server, "/ws/1", &[]);
    one.say("from a terminal");
    let event = &page.want("events")["events"][0];
    assert_eq!(
        (&event["seq"], &event["text"], &event["user"]["name"]),
        (&json!(1), &json!("from a terminal"), &json!("client 1"))
    );
    assert_eq!(one.line().unwrap(), "client 1 says: from a terminal");
    page.post("lobby", "from a page");
    assert_eq!(one.line().unwrap(), "Ann says: from a page");
    // What is not a new message is not shown.
    page.command(json!({"type": "edit", "room": "lobby", "target": 2, "text": "changed"}));
    page.command(json!({"type": "react", "room": "lobby", "target": 1, "emoji": "👍", "on": true}));
    page.command(json!({"type": "remove", "room": "lobby", "target": 2}));
    page.send(&json!({"type": "typing", "room": "lobby"}));
    page.post("lobby", "after all that");
    assert_eq!(one.line().unwrap(), "Ann says: after all that");
}

#[test]
fn another_room_is_named_in_the_address() {
    let server = Server::start();
    let (mut one, _) = enter(&server, "/ws/1?room=dev", &[]);
    let (mut two, _) = enter(&server, "/ws/2", &[]);
    one.say("in dev");
    assert_eq!(one.line().unwrap(), "client 1 says: in dev");
    two.say("in the lobby");
    assert_eq!(two.line().unwrap(), "client 2 says: in the lobby");
    assert_eq!(server.get("/api/rooms/dev").json()["head"], 1);
}

#[test]
fn it_speaks_chinese_where_that_is_asked_for() {
    let server = Server::with(&["--post-rate", "0.2"]);
    let (mut one, greeting) = enter(&server, "/ws/1", &[("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")]);
    assert_eq!(greeting, "欢迎, 客户端 1!");
    let (mut two, greeting) = enter(&server, "/ws/2?lang=zh", &[]);
    assert_eq!(greeting, "欢迎, 客户端 2!");
    let (mut three, _) = enter(&server, "/ws/3", &[]);
    one.say("hello");
    assert_eq!(one.line().unwrap(), "客户端 1 说: hello");
    assert_eq!(two.line().unwrap(), "客户端 1 说: hello");
    assert_eq!(three.line().unwrap(), "client 1 says: hello", "each hears it in their own language");
    one.say("hello");
    assert_eq!(one.line().unwrap(), "太快了：请 5 秒后再试。");
}

#[test]
fn what_cannot_be_said_is_answered_in_a_sentence() {
    let server = Server::with(&["--post-rate", "0.2"]);
    let (mut one, _) = enter(&server, "/ws/1", &[]);
    let mut says = |message: Message| {
        one.carry(message);
        one.line().unwrap()
    };
    assert_eq!(says(Message::text("")), "There is nothing in it. Write something first.");
    assert_eq!(says(Message::text(" \n ")), "There is nothing in it. Write something first.");
    assert_eq!(says(Message::text("字".repeat(4_001))), "That is too long. Keep it to 4000 characters.");
    assert_eq!(says(Message::binary(vec![1, 2, 3])), "Send commands as text frames; this one was binary.");
    let longest = "字".repeat(4_000);
    assert_eq!(says(Message::text(longest.clone())), format!("client 1 says: {longest}"));
    assert_eq!(says(Message::text("too fast")), "Slow down: try again in 5 s.");
    one.carry(Message::text("x".repeat(65_537)));
    assert_eq!(one.line(), Err(Gone(Some(1009))));
}

#[test]
fn a_json_text_is_a_text_like_any_other() {
    let server = Server::start();
    let (mut one, _) = enter(&server, "/ws/1", &[]);
    let text = r#"{"type":"join","room":"secret"}"#;
    one.say(text);
    assert_eq!(one.line().unwrap(), format!("client 1 says: {text}"));
    assert_eq!(server.get("/api/rooms/secret").status, 404);
}

#[test]
fn an_address_that_makes_no_sense_is_refused_before_there_is_a_socket() {
    let server = Server::with(&["--open-rooms", "false"]);
    for (path, status, code) in [
        ("/ws/ann", 400, "bad_frame"),
        ("/ws/1.5", 400, "bad_frame"),
        ("/ws/99999999999999999999", 400, "bad_frame"),
        ("/ws/1?room=a&room=b", 400, "bad_frame"),
        ("/ws/1?room=No%20Room", 400, "no_such_room"),
        ("/ws/1?room=", 400, "no_such_room"),
        ("/ws/1?room=nowhere", 404, "no_such_room"),
        ("/ws/1?ticket=made-up", 401, "not_signed_in"),
    ] {
        let refused = server.get(path);
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{path}");
        assert!(refused.json()["message"].as_str().unwrap().ends_with('.'), "{}", refused.text());
        assert_eq!(Client::dial(&server, path, &[]).err(), Some(status), "{path}");
    }
    let foreign = [("Origin", "https://evil.example")];
    assert_eq!(Client::dial(&server, "/ws/1", &foreign).err(), Some(403));
}

#[test]
fn a_stopping_server_says_so_in_a_sentence_and_closes_with_4200() {
    let mut server = Server::start();
    let (mut one, _) = enter(&server, "/ws/1", &[]);
    let (mut two, _) = enter(&server, "/ws/2?lang=zh", &[]);
    server.terminate();
    assert_eq!(one.line().unwrap(), "The server restarts. You will be back in a moment.");
    assert_eq!(two.line().unwrap(), "服务器正在重启，马上就会恢复连接。");
    assert_eq!((one.line(), two.line()), (Err(Gone(Some(4200))), Err(Gone(Some(4200)))));
    assert_eq!(server.end().code, Some(0));
}

#[test]
fn where_guests_are_not_admitted_a_sentence_says_so() {
    let server = Server::with(&["--guests", "false"]);
    let (mut one, greeting) = enter(&server, "/ws/1", &[]);
    assert_eq!((greeting.as_str(), one.line()), ("Sign in first.", Err(Gone(Some(4003)))));
    let ann = server.person("Ann");
    assert_eq!(enter(&server, "/ws/1", &[("Authorization", &ann.bearer())]).1, "Welcome, Ann!");
}

#[test]
fn it_answers_pings_and_pings_itself_and_lets_go_of_who_does_not_answer() {
    let server = Server::with(&["--ping-ms", "100"]);
    let mut raw = Raw::upgrade(&server, "/ws/1");
    assert_eq!(raw.text().as_deref(), Some("Welcome, client 1!"));
    raw.frame(0x80 | opcode::PING, b"are you there?");
    let (mut pinged, mut answered) = (0, false);
    // A tool answers by itself: four pings are twice as long as anybody is waited for.
    while pinged < 4 || !answered {
        match raw.read().unwrap() {
            (opcode::PING, payload) => {
                pinged += 1;
                raw.frame(0x80 | opcode::PONG, &payload);
            }
            (opcode::PONG, payload) => answered = payload == b"are you there?",
            other => panic!("{other:?}"),
        }
    }
    let mut last = (0, Vec::new());
    let code = loop {
        match raw.read().unwrap() {
            (opcode::CLOSE, payload) => break u16::from_be_bytes([payload[0], payload[1]]),
            frame => last = frame,
        }
    };
    assert_eq!((code, last.0), (4102, opcode::TEXT));
    assert_eq!(String::from_utf8(last.1).unwrap(), "Nothing was heard from you for a while.");
}
