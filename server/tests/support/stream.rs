//! Server-sent events over a plain connection: frames, and how far each of them leads.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::{PATIENCE, Person, Server};

#[derive(Debug)]
pub(crate) struct Stream {
    connection: BufReader<TcpStream>,
    /// What came and is no whole line yet.
    rest: Vec<u8>,
    /// Frames that came while another was waited for.
    waiting: VecDeque<Value>,
    /// The `id:` of the last event that came.
    pub(crate) cursor: String,
    ended: bool,
}

impl Stream {
    pub(crate) fn of(server: &Server, person: &Person, query: &str) -> Self {
        Self::open(server, query, &[("Authorization", &person.bearer())])
    }

    /// Opens `GET /events?…`, which must be answered with a stream.
    pub(crate) fn open(server: &Server, query: &str, headers: &[(&str, &str)]) -> Self {
        let mut connection = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
        connection.set_read_timeout(Some(PATIENCE)).expect("a socket can have a deadline");
        let mut request = format!("GET /events?{query} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", server.port);
        for (name, value) in [("Accept", "text/event-stream")].iter().chain(headers) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        connection.write_all(request.as_bytes()).expect("the server takes a request");
        let (connection, rest, waiting) = (BufReader::new(connection), Vec::new(), VecDeque::new());
        let mut stream = Self { connection, rest, waiting, cursor: String::new(), ended: false };
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(stream.connection.read_line(&mut head).expect("the server answers"), 0, "{head}");
        }
        let head = head.to_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        for line in ["content-type: text/event-stream", "transfer-encoding: chunked", "x-accel-buffering: no"] {
            assert!(head.contains(line), "{head}");
        }
        stream
    }

    /// The next frame; `None` once the stream has ended as it should.
    pub(crate) fn next(&mut self) -> Option<Value> {
        let mut frame = Value::Null;
        loop {
            let line = self.line()?;
            match line.split_once(": ") {
                Some(("data", text)) => {
                    assert!(text.starts_with(r#"{"type":""#), "`type` comes first: {text}");
                    frame = serde_json::from_str(text).expect("a frame is JSON");
                }
                Some(("id", cursor)) => cursor.clone_into(&mut self.cursor),
                Some(_) | None if line.is_empty() && !frame.is_null() => return Some(frame),
                Some(_) | None => panic!("no line of an event: {line:?}"),
            }
        }
    }

    /// The next frame of this type.
    pub(crate) fn want(&mut self, kind: &str) -> Value {
        if let Some(index) = self.waiting.iter().position(|frame| frame["type"] == kind) {
            return self.waiting.remove(index).expect("it was found there");
        }
        loop {
            let frame = self.next().unwrap_or_else(|| panic!("ended without {kind}, after {:?}", self.waiting));
            if frame["type"] == kind {
                return frame;
            }
            self.waiting.push_back(frame);
        }
    }

    /// The events from the next one up to this seq; they have no hole.
    pub(crate) fn events(&mut self, up_to: u64) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        while events.last().is_none_or(|event| event["seq"] != up_to) {
            let frame = self.want("events");
            events.extend(frame["events"].as_array().expect("it is a list").iter().cloned());
        }
        let seqs: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
        assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "a hole in {seqs:?}");
        events
    }

    /// Reads on to the end, and answers the last frame.
    pub(crate) fn last(&mut self) -> Value {
        let mut last = Value::Null;
        while let Some(frame) = self.next() {
            last = frame;
        }
        last
    }

    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Some(String::from_utf8(line).expect("the server sends UTF-8").trim_end().to_owned());
            }
            self.chunk()?;
        }
    }

    /// RFC 9112, 7.1: its size in hexadecimal, a line's end, the bytes, a line's end. The last one has no bytes.
    fn chunk(&mut self) -> Option<()> {
        if self.ended {
            return None;
        }
        let mut size = String::new();
        let read = self.connection.read_line(&mut size);
        assert!(read.is_ok_and(|bytes| bytes > 0), "broke off or fell silent, after {:?}", self.waiting);
        let size = usize::from_str_radix(size.trim(), 16).expect("a chunk begins with its size");
        let mut bytes = vec![0; size + 2];
        self.connection.read_exact(&mut bytes).expect("a chunk is whole");
        assert!(bytes.ends_with(b"\r\n"));
        self.rest.extend(&bytes[..size]);
        self.ended = size == 0;
        (!self.ended).then_some(())
    }
}
