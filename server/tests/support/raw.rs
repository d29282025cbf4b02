//! WebSocket frames made by hand, for what no library sends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::{PATIENCE, Server};

/// What kind of frame it is.
pub(crate) mod opcode {
    pub(crate) const CONTINUATION: u8 = 0;
    pub(crate) const TEXT: u8 = 1;
    pub(crate) const BINARY: u8 = 2;
    pub(crate) const CLOSE: u8 = 8;
    pub(crate) const PING: u8 = 9;
    pub(crate) const PONG: u8 = 10;
}

#[derive(Debug)]
pub(crate) struct Raw {
    stream: TcpStream,
}

impl Raw {
    /// A connection on which nothing was said yet.
    pub(crate) fn bare(server: &Server) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket can have a deadline");
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket can have a deadline");
        Self { stream }
    }

    /// Upgrades a connection and reads `welcome`.
    pub(crate) fn connect(server: &Server) -> Self {
        let mut raw = Self::upgrade(server, "/ws");
        let welcome = raw.text().expect("the server says welcome");
        assert!(welcome.starts_with(r#"{"type":"welcome""#), "{welcome}");
        raw
    }

    /// Upgrades a connection and reads nothing.
    pub(crate) fn upgrade(server: &Server, path: &str) -> Self {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            server.port
        );
        Self::upgrade_by(server, &request)
    }

    /// The same with a request of one's own.
    pub(crate) fn upgrade_by(server: &Server, request: &str) -> Self {
        let mut raw = Self::bare(server);
        raw.bytes(request.as_bytes());
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            raw.fill(&mut byte).expect("the server answers");
            answer.extend(byte);
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
        raw
    }

    /// A whole text frame.
    pub(crate) fn say(&mut self, text: &str) {
        self.frame(0x80 | opcode::TEXT, text.as_bytes());
    }

    /// One frame, masked as a client's must be; `first` is its first byte: 0x80 for the last fragment, 0x70 for the
    /// reserved bits, and the opcode.
    pub(crate) fn frame(&mut self, first: u8, payload: &[u8]) {
        const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
        let mut bytes = header(first, 0x80, payload.len());
        bytes.extend(MASK);
        bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        self.bytes(&bytes);
    }

    /// The same without a mask, as only a server may send it.
    pub(crate) fn unmasked(&mut self, first: u8, payload: &[u8]) {
        let mut bytes = header(first, 0, payload.len());
        bytes.extend(payload);
        self.bytes(&bytes);
    }

    /// What comes out of a socket that the server may have closed by now.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        drop(self.stream.write_all(bytes));
    }

    /// The next text frame; `None` where the connection is closed.
    pub(crate) fn text(&mut self) -> Option<String> {
        let (kind, payload) = self.read()?;
        (kind == opcode::TEXT).then(|| String::from_utf8(payload).expect("the server sends UTF-8"))
    }

    /// Reads on until the close frame, and answers its code; `None` where the connection ended without one.
    pub(crate) fn close_code(&mut self) -> Option<u16> {
        loop {
            let (kind, payload) = self.read()?;
            if kind == opcode::CLOSE {
                return Some(u16::from_be_bytes([*payload.first()?, *payload.get(1)?]));
            }
        }
    }

    /// What comes until the server closes, whatever it is.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        // Nothing more is said from here: who waits for more hears that.
        drop(self.stream.shutdown(std::net::Shutdown::Write));
        let mut bytes = Vec::new();
        drop(self.stream.read_to_end(&mut bytes));
        bytes
    }

    /// The next frame: its opcode and what it carries. `None` where the connection is closed.
    pub(crate) fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.fill(&mut head)?;
        let length = match head[1] {
            126 => {
                let mut bytes = [0; 2];
                self.fill(&mut bytes)?;
                u64::from(u16::from_be_bytes(bytes))
            }
            127 => {
                let mut bytes = [0; 8];
                self.fill(&mut bytes)?;
                u64::from_be_bytes(bytes)
            }
            length => u64::from(length),
        };
        let mut payload = vec![0; usize::try_from(length).expect("it fits into memory")];
        self.fill(&mut payload)?;
        Some((head[0] & 0x0f, payload))
    }

    /// `None` where the connection is closed. Silence is a failure.
    fn fill(&mut self, bytes: &mut [u8]) -> Option<()> {
        self.stream
            .read_exact(bytes)
            .map_err(|error| {
                assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "the server neither answered nor closed");
            })
            .ok()
    }
}

fn header(first: u8, mask: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![first];
    if let Ok(length) = u8::try_from(length)
        && length < 126
    {
        bytes.push(mask | length);
    } else if let Ok(length) = u16::try_from(length) {
        bytes.push(mask | 126);
        bytes.extend(length.to_be_bytes());
    } else {
        bytes.push(mask | 127);
        bytes.extend((length as u64).to_be_bytes());
    }
    bytes
}
