//! Readers that stop reading: each costs a cursor for a while, then it is let go.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpSocket;

use crate::support::{Client, PATIENCE, Server};

const KILOBYTE: u64 = 1024;
const MEGABYTE: u64 = 1024 * KILOBYTE;
/// Bytes that a reader's own side takes before it is full: little, so that a stall begins soon.
const RECEIVES: u32 = 4 * 1024;
/// Characters in each post.
const LENGTH: usize = 3_000;
/// Commands under way at once: fewer than the server holds for a connection.
const WINDOW: u64 = 50;

/// What a reader asks for before it stops reading.
#[derive(Clone, Copy, Debug)]
enum Way {
    Socket,
    Events,
}

impl Way {
    fn request(self) -> &'static str {
        match self {
            Self::Socket => {
                "GET /ws HTTP/1.1\r\nHost: a:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            }
            Self::Events => "GET /events?join=lobby HTTP/1.1\r\nHost: a:1\r\nAccept: text/event-stream\r\n\r\n",
        }
    }
}

/// Joins the lobby, hears that it has, and reads nothing from then on.
fn stalled(server: &Server, way: Way) -> TcpStream {
    let mut stream = narrow(server);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(way.request().as_bytes()).unwrap();
    match way {
        Way::Socket => {
            // `{"type":"join","room":"lobby"}`, masked with zeros.
            let join = br#"{"type":"join","room":"lobby"}"#;
            let mut frame = vec![0x81, 0x80 | join.len() as u8, 0, 0, 0, 0];
            frame.extend(join);
            stream.write_all(&frame).unwrap();
        }
        Way::Events => {}
    }
    let mut heard = Vec::new();
    while !heard.ends_with(br#""joined""#) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        heard.extend(byte);
    }
    stream
}

/// A connection with a small buffer at this end.
fn narrow(server: &Server) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(RECEIVES).unwrap();
        socket.connect(([127, 0, 0, 1], server.port).into()).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
}

fn connections(server: &Server) -> u64 {
    let metrics = server.get("/metrics");
    let line = metrics.text().lines().find_map(|line| line.strip_prefix("stonechat_connections "));
    line.and_then(|count| count.parse().ok()).unwrap()
}

/// Goes on writing until so many connections are left.
fn write_until_left(server: &Server, writer: &mut Client, left: u64) {
    let start = Instant::now();
    let mut from = writer.post("lobby", "begin");
    while connections(server) > left {
        assert!(start.elapsed() < PATIENCE, "{} connections are left", connections(server));
        from = write(writer, from, 50);
    }
}

/// Writes so many posts after this seq, and answers the last seq.
fn write(writer: &mut Client, from: u64, count: u64) -> u64 {
    let text = "x".repeat(LENGTH);
    let (mut sent, end) = (from, from + count);
    for answered in from..end {
        while sent < end && sent - answered < WINDOW {
            writer.send(&json!({"type": "post", "id": format!("s{sent}"), "room": "lobby", "text": text}));
            sent += 1;
        }
        let ok = writer.want("ok");
        assert_eq!(ok["seq"], answered + 1, "{ok}");
    }
    end
}

fn is_let_go(way: Way) {
    let server = Server::with(&["--stall-ms", "300"]);
    let mut ann = Client::guest(&server);
    let mut stalled = stalled(&server, way);
    assert_eq!(connections(&server), 2);
    write_until_left(&server, &mut ann, 1);
    // What was under way when it stalled can still be read; then there is an end.
    let mut rest = Vec::new();
    let end = stalled.read_to_end(&mut rest);
    assert!(end.is_ok() || end.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock), "there is no end");
    assert!(!rest.is_empty());
}

#[test]
fn a_socket_that_is_not_read_is_closed() {
    is_let_go(Way::Socket);
}

#[test]
fn a_stalled_reader_who_reads_on_within_a_moment_hears_4100() {
    // Nothing follows the close: its opcode, its length, the code, the sentence.
    let sentence = b"Nothing was read for a long time.";
    let close = [&[0x88, sentence.len() as u8 + 2], &4100_u16.to_be_bytes()[..], sentence].concat();
    // The moment is a sixth of what counts as stalled: long enough for a busy machine.
    let server = Server::with(&["--stall-ms", "6000"]);
    let mut ann = Client::guest(&server);
    let mut stalled = stalled(&server, Way::Socket);
    assert_eq!(connections(&server), 2);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            // It is in the room no more, though it has not heard so yet.
            while connections(&server) > 1 {}
            let mut heard = Vec::new();
            while !heard.ends_with(&close) {
                let mut some = [0; 32 * 1024];
                let read = stalled.read(&mut some).unwrap();
                assert!(read > 0, "it ended without a word after {} bytes", heard.len());
                heard.extend(&some[..read]);
            }
        });
        let mut from = ann.post("lobby", "begin");
        while !reading.is_finished() {
            from = write(&mut ann, from, 50);
        }
    });
}

#[test]
fn a_stream_of_events_that_is_not_read_is_closed() {
    is_let_go(Way::Events);
}

#[test]
fn who_reads_slowly_but_reads_is_not_stalled() {
    let server = Server::with(&["--stall-ms", "300"]);
    let mut ann = Client::guest(&server);
    let mut slow = stalled(&server, Way::Events);
    let seq = write(&mut ann, 0, 500);
    let begun = Instant::now();
    let last = format!("id: lobby:{seq}");
    let mut heard = Vec::new();
    // A little at a time, for longer than a stall lasts.
    while !heard.windows(last.len()).any(|window| window == last.as_bytes()) {
        let mut some = [0; 32 * 1024];
        let read = slow.read(&mut some).unwrap();
        assert!(read > 0, "it was closed after {:?}", begun.elapsed());
        heard = [&heard[heard.len().saturating_sub(last.len())..], &some[..read]].concat();
        if begun.elapsed() < Duration::from_millis(900) {
            // No test waits for time: this is how slowly somebody reads.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_thousand_readers_that_do_not_read_keep_memory_flat() {
    const READERS: usize = 1_000;
    const ROUNDS: usize = 5;
    /// A tenth of what goes by in a round.
    const FLAT: u64 = MEGABYTE + MEGABYTE / 4;
    raise_the_limit_of_files(READERS);
    let server = Server::start();
    let mut ann = Client::guest(&server);
    let empty = server.memory();
    let ways = [Way::Socket, Way::Events];
    let readers: Vec<TcpStream> = ways.iter().cycle().take(READERS).map(|way| stalled(&server, *way)).collect();
    let joined = server.memory();
    // The first few fill what a stalled reader has under way; the next, at their leisure, the ring and SQLite's caches.
    // What grows with the traffic grows in every round.
    let mut seq = write(&mut ann, 0, 2_000);
    let stalled = server.memory();
    let each = stalled.saturating_sub(joined) / READERS as u64 / KILOBYTE;
    let mut sizes = vec![stalled];
    let mut grown = u64::MAX;
    while grown >= FLAT && sizes.len() <= ROUNDS {
        seq = write(&mut ann, seq, 4_000);
        grown = server.memory().saturating_sub(sizes[sizes.len() - 1]);
        sizes.push(server.memory());
    }
    let shown: Vec<u64> = sizes.iter().map(|size| size / MEGABYTE).collect();
    eprintln!(
        "empty {} MB, joined {} MB, then {shown:?} MB, 12 MB of posts apart",
        empty / MEGABYTE,
        joined / MEGABYTE
    );
    assert_eq!(connections(&server), READERS as u64 + 1, "nobody was let go meanwhile");
    assert!(each < 48, "a stalled reader costs {each} KB, more than the frame that it was told last");
    assert!(grown < FLAT, "the server grows with what went by: {shown:?} MB, 12 MB apart");
    drop(readers);
}

/// Two files for each reader are in this process and its server's: what is usual, 1,024, is too few.
fn raise_the_limit_of_files(readers: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    assert!(limit.maximum.is_none_or(|maximum| maximum > readers as u64 + 100), "raise `ulimit -Hn` for this test");
}
