//! People without a browser: they fill a room as fast as the server commits.

use std::net::TcpStream;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, client::IntoClientRequest};

use crate::plain_http;
use crate::server::Server;

/// How many posts are on their way at once: enough to be committed in groups, less than the server takes from one.
const AHEAD: usize = 50;

/// One person, by name, over a WebSocket of their own.
#[derive(Debug)]
pub struct Writer {
    id: String,
    bearer: String,
    socket: WebSocket<TcpStream>,
    count: usize,
}

impl Writer {
    pub fn comes_in(server: &Server, name: &str) -> Self {
        let named = json!({ "name": name }).to_string();
        let answer = plain_http::request(server.addr(), "POST", "/api/session", "", &named);
        let session: Value =
            answer.as_ref().map_or(Value::Null, |(_, body)| serde_json::from_slice(body).unwrap_or_default());
        let token = session["token"].as_str().unwrap_or_else(|| panic!("{name} gets no session: {answer:?}"));
        let id = session["user"]["id"].as_str().unwrap_or_default().to_owned();
        let mut request = format!("ws://{}/ws", server.addr()).into_client_request().expect("it is an address");
        let bearer = format!("Bearer {token}");
        request.headers_mut().insert("Authorization", bearer.parse().expect("a token fits into a header"));
        let stream = TcpStream::connect(server.addr()).expect("the server listens");
        let (socket, _) = tungstenite::client(request, stream).expect("the server speaks WebSocket");
        Self { id, bearer, socket, count: 0 }
    }

    /// Who this is to the server.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// One plain request under this person's name; nothing where it was refused.
    pub fn asks(&self, server: &Server, method: &str, path: &str, body: &Value) -> Option<Value> {
        plain_http::json(server.addr(), method, path, &format!("Authorization: {}\r\n", self.bearer), body)
    }

    /// Posts one line into a room; returns when it is on disk.
    pub fn says_in(&mut self, room: &str, text: &str) -> u64 {
        self.count += 1;
        self.sends(&json!({ "type": "post", "id": format!("w{}", self.count), "room": room, "text": text }));
        self.waits_for_ok()
    }

    /// Posts one line into the lobby; returns its seq when it is on disk.
    pub fn says(&mut self, text: &str) -> u64 {
        self.says_all(&[text]).pop().unwrap_or_default()
    }

    /// Posts all lines in order; returns when all are on disk.
    pub fn says_all(&mut self, lines: &[&str]) -> Vec<u64> {
        let mut seqs = Vec::with_capacity(lines.len());
        for lines in lines.chunks(AHEAD) {
            for line in lines {
                self.count += 1;
                self.sends(&json!({ "type": "post", "id": format!("w{}", self.count), "room": "lobby", "text": line }));
            }
            for _ in lines {
                seqs.push(self.waits_for_ok());
            }
        }
        seqs
    }

    pub fn makes_room(&self, server: &Server, room: &str, title: &str) {
        let made = self.asks(server, "POST", "/api/rooms", &json!({ "room": room, "title": title }));
        assert!(made.is_some(), "the room {room} cannot be made");
    }

    /// Puts a file on the server; answers the id that a message names it by.
    pub fn uploads(&self, server: &Server, name: &str, content: &str) -> String {
        let authorization = format!("Authorization: {}\r\n", self.bearer);
        let path = format!("/api/files?name={name}");
        let answer = plain_http::request(server.addr(), "POST", &path, &authorization, content);
        let (_, body) = answer.expect("the server answers");
        let file: Value = serde_json::from_slice(&body).expect("a file is JSON");
        file["id"].as_str().expect("a file has an id").to_owned()
    }

    /// Any command, without waiting for what comes of it.
    pub fn sends(&mut self, command: &Value) {
        self.socket.send(Message::text(command.to_string())).expect("the server reads");
    }

    fn waits_for_ok(&mut self) -> u64 {
        loop {
            let Message::Text(text) = self.socket.read().expect("the server answers") else { continue };
            let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
            match frame["type"].as_str() {
                Some("ok") => return frame["seq"].as_u64().unwrap_or_default(),
                Some("error") => panic!("the server refused: {frame}"),
                Some(_) | None => {}
            }
        }
    }
}
