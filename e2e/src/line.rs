//! A connection without a browser, as frames: it dials again and again, for servers that die.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use stonechat_shared::{Command, Frame};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::plain_http;

/// Longer than a server on a busy machine is ever silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody with a name.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub(crate) bearer: String,
}

impl Person {
    pub fn signs_in(server: SocketAddr, name: &str) -> Self {
        let session = plain_http::json(server, "POST", "/api/session", "", &json!({ "name": name }));
        let session = session.expect("the name is free");
        let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
        Self { id: text(&session["user"]["id"]), bearer: format!("Bearer {}", text(&session["token"])) }
    }
}

#[derive(Debug)]
pub struct Line {
    socket: WebSocket<TcpStream>,
}

impl Line {
    /// Opens a socket; nothing where that does not succeed.
    pub fn open(server: SocketAddr, person: Option<&Person>) -> Option<Self> {
        Self::open_within(PATIENCE, server, person)
    }

    /// The same where silence, while it opens and later, is an end as soon as it has lasted so long.
    pub fn open_within(silence: Duration, server: SocketAddr, person: Option<&Person>) -> Option<Self> {
        let mut request = format!("ws://{server}/ws").into_client_request().expect("it is an address");
        if let Some(person) = person {
            request.headers_mut().insert("Authorization", person.bearer.parse().expect("a token fits into a header"));
        }
        let stream = TcpStream::connect(server).ok()?;
        stream.set_read_timeout(Some(silence)).ok()?;
        stream.set_nodelay(true).ok()?;
        let (socket, _) = tungstenite::client(request, stream).ok()?;
        Some(Self { socket })
    }

    /// From now on silence is an end as soon as it has lasted so long.
    pub fn ends_after(&mut self, silence: Duration) {
        self.socket.get_ref().set_read_timeout(Some(silence)).expect("a socket can have a deadline");
    }

    /// Answers whether it left; whether it arrived, only an answer tells.
    pub fn says(&mut self, command: &Command) -> bool {
        self.socket.send(Message::text(command.encode())).is_ok()
    }

    /// The next frame; nothing where the connection is over.
    pub fn hears(&mut self) -> Option<Frame> {
        loop {
            match self.socket.read().ok()? {
                Message::Text(text) => return Some(Frame::decode(&text).expect("frames can be read")),
                Message::Close(_) => return None,
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }
}
