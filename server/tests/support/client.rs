//! A client: sends commands, and finds the frames that a test waits for among those that come.

use std::collections::VecDeque;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use stonechat_shared::{Event, Message};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::http::{HeaderName, HeaderValue};
use tungstenite::{HandshakeError, Message as Carried, WebSocket};

use super::{PATIENCE, Person, Server};

#[derive(Debug)]
pub(crate) struct Client {
    socket: WebSocket<TcpStream>,
    pub(crate) welcome: Value,
    /// Frames that came while another was waited for.
    waiting: VecDeque<Value>,
}

/// The connection is closed: with this code, where there was a close frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gone(pub(crate) Option<u16>);

impl Client {
    /// Somebody without a name.
    pub(crate) fn guest(server: &Server) -> Self {
        Self::open(server, "/ws", &[])
    }

    pub(crate) fn of(server: &Server, person: &Person) -> Self {
        Self::open(server, "/ws", &[("Authorization", &person.bearer())])
    }

    /// Connects and reads `welcome`.
    pub(crate) fn open(server: &Server, path: &str, headers: &[(&str, &str)]) -> Self {
        let mut client = Self::dial(server, path, headers).unwrap_or_else(|status| panic!("{path}: status {status}"));
        client.welcome = client.next().expect("the server says welcome");
        assert_eq!(client.welcome["type"], "welcome", "the first frame is the welcome: {}", client.welcome);
        client
    }

    /// Connects and reads nothing.
    ///
    /// # Errors
    /// The status with which the server refused the upgrade.
    pub(crate) fn dial(server: &Server, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket can have a deadline");
        stream.set_nodelay(true).expect("a socket can be without delay");
        let mut request =
            format!("ws://127.0.0.1:{}{path}", server.port).into_client_request().expect("the address is one");
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).expect("the header is one");
            request.headers_mut().insert(name, HeaderValue::try_from(*value).expect("the value is one"));
        }
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self { socket, welcome: Value::Null, waiting: VecDeque::new() }),
            Err(HandshakeError::Failure(tungstenite::Error::Http(answer))) => Err(answer.status().as_u16()),
            Err(error) => panic!("the server answered no upgrade: {error}"),
        }
    }

    pub(crate) fn send(&mut self, command: &Value) {
        self.say(&command.to_string());
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.carry(Carried::text(text));
    }

    pub(crate) fn carry(&mut self, message: Carried) {
        self.socket.send(message).expect("the connection is open");
    }

    /// Sends a command, with an id where it has none, and waits for its `ok` or `error`.
    pub(crate) fn command(&mut self, mut command: Value) -> Value {
        if command["id"].is_null() {
            command["id"] = new_id().into();
        }
        self.send(&command);
        let id = command["id"].clone();
        self.find(|frame| frame["id"] == id && (frame["type"] == "ok" || frame["type"] == "error"))
    }

    /// Posts, and answers the seq.
    pub(crate) fn post(&mut self, room: &str, text: &str) -> u64 {
        let ok = self.command(json!({"type": "post", "room": room, "text": text}));
        ok["seq"].as_u64().unwrap_or_else(|| panic!("the post was not taken: {ok}"))
    }

    /// Posts "1" to "count".
    pub(crate) fn posts(&mut self, room: &str, count: u64) {
        for n in 1..=count {
            self.post(room, &n.to_string());
        }
    }

    /// Joins without a cursor.
    pub(crate) fn join(&mut self, room: &str) -> Value {
        self.send(&json!({"type": "join", "room": room}));
        self.want("joined")
    }

    pub(crate) fn join_after(&mut self, room: &str, after: u64, epoch: &str) -> Value {
        self.send(&json!({"type": "join", "room": room, "after": after, "epoch": epoch}));
        self.want("joined")
    }

    /// The next frame of this type.
    pub(crate) fn want(&mut self, kind: &str) -> Value {
        self.find(|frame| frame["type"] == kind)
    }

    /// The first frame that it is true of, of those that came and those that come.
    pub(crate) fn find(&mut self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        if let Some(index) = self.waiting.iter().position(&mut wanted) {
            return self.waiting.remove(index).expect("it was found there");
        }
        loop {
            let frame = self.next().unwrap_or_else(|gone| panic!("closed ({gone:?}), after {:?}", self.waiting));
            if wanted(&frame) {
                return frame;
            }
            self.waiting.push_back(frame);
        }
    }

    /// The events of this room from the next one up to this seq; they have no hole.
    pub(crate) fn events(&mut self, room: &str, up_to: u64) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        while events.last().is_none_or(|event| event.seq < up_to) {
            let frame = self.find(|frame| frame["type"] == "events" && frame["room"] == room);
            let more: Vec<Event> = serde_json::from_value(frame["events"].clone()).expect("they are events");
            assert!(!more.is_empty(), "a frame of no events");
            events.extend(more);
        }
        assert!(events.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq), "a hole in {:?}", seqs(&events));
        events
    }

    /// Whether a frame of this type has come that nobody asked for.
    pub(crate) fn has_waiting(&self, kind: &str) -> bool {
        self.waiting.iter().any(|frame| frame["type"] == kind)
    }

    /// Waits until the server has read all that was sent so far.
    pub(crate) fn settle(&mut self) {
        let answer = self.command(json!({"type": "no_such_command"}));
        assert_eq!(answer["code"], "unknown_command");
    }

    /// Reads on until the connection is closed, and answers the last frame and how it was closed.
    pub(crate) fn closed(&mut self) -> (Value, Gone) {
        let mut last = self.waiting.pop_back().unwrap_or_default();
        loop {
            match self.next() {
                Ok(frame) => last = frame,
                Err(gone) => return (last, gone),
            }
        }
    }

    /// The next frame on the wire.
    pub(crate) fn next(&mut self) -> Result<Value, Gone> {
        let text = self.line()?;
        let frame: Value = serde_json::from_str(&text).expect("a frame is JSON");
        assert!(text.starts_with(r#"{"type":""#), "`type` comes first: {text}");
        Ok(frame)
    }

    /// The next text on the wire, whatever it says.
    pub(crate) fn line(&mut self) -> Result<String, Gone> {
        loop {
            match self.socket.read() {
                Ok(Carried::Text(text)) => return Ok(text.to_string()),
                Ok(Carried::Close(frame)) => return Err(Gone(frame.map(|frame| frame.code.into()))),
                Ok(Carried::Ping(_) | Carried::Pong(_)) => {}
                Ok(other @ (Carried::Binary(_) | Carried::Frame(_))) => panic!("the server sent {other:?}"),
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("nothing came for {} s; before that came {:?}", PATIENCE.as_secs(), self.waiting);
                }
                Err(_) => return Err(Gone(None)),
            }
        }
    }
}

/// An id that no command had before.
fn new_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("c{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq).collect()
}

/// The messages of a snapshot or a page of history.
pub(crate) fn messages(page: &Value) -> Vec<Message> {
    serde_json::from_value(page["messages"].clone()).unwrap_or_else(|error| panic!("{error}: {page}"))
}
