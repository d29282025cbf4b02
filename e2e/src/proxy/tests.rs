//! The faults of the network, against a server of a few lines.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::{Faults, Proxy, Way};

const REQUEST: &[u8] = b"GET /echo HTTP/1.1\r\nHost: a:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
const SWITCHED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\n\r\n";
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads a request's head, answers with this one, and says back what it hears.
fn echo(answer: &'static [u8]) -> Proxy {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    let addr = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || say_back(stream, answer));
        }
    });
    Proxy::before(addr)
}

fn say_back(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let socket = head.windows(8).any(|word| word == b"Upgrade:");
    stream.write_all(if socket { answer } else { b"HTTP/1.1 426 Upgrade Required\r\n\r\n" })?;
    let mut back = stream.try_clone()?;
    std::io::copy(&mut stream, &mut back)?;
    back.shutdown(std::net::Shutdown::Both)
}

fn dial(proxy: &Proxy) -> TcpStream {
    let mut stream = TcpStream::connect(proxy.addr()).expect("the proxy listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket can have a deadline");
    stream.write_all(REQUEST).expect("the proxy reads");
    stream
}

fn hears(stream: &mut TcpStream, what: &[u8]) {
    let mut heard = vec![0; what.len()];
    stream.read_exact(&mut heard).expect("it comes");
    assert_eq!(String::from_utf8_lossy(&heard), String::from_utf8_lossy(what));
}

/// All that comes until the connection ends, in whichever way.
fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    let end = stream.read_to_end(&mut heard);
    assert!(end.is_ok() || end.is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock), "there is no end");
    heard
}

#[test]
fn without_faults_everything_passes_both_ways() {
    let proxy = echo(SWITCHED);
    let mut stream = dial(&proxy);
    hears(&mut stream, SWITCHED);
    stream.write_all(b"hello").expect("the proxy reads");
    hears(&mut stream, b"hello");
    stream.shutdown(std::net::Shutdown::Write).expect("it is open");
    assert_eq!(rest(&mut stream), b"");
}

#[test]
fn a_connection_is_cut_after_so_many_bytes_and_the_next_one_is_not() {
    let proxy = echo(SWITCHED);
    proxy.cuts_after(Way::Down, SWITCHED.len() + 3);
    let mut stream = dial(&proxy);
    hears(&mut stream, SWITCHED);
    stream.write_all(b"hello").expect("the proxy reads");
    assert_eq!(rest(&mut stream), b"hel");
    assert_eq!(proxy.has_cut(), 1);
    hears(&mut dial(&proxy), SWITCHED);
    proxy.cuts_after(Way::Up, 10);
    assert_eq!(rest(&mut dial(&proxy)), b"");
    assert_eq!(proxy.has_cut(), 2);
}

#[test]
fn everything_that_is_open_can_be_cut() {
    let proxy = echo(SWITCHED);
    let mut stream = dial(&proxy);
    hears(&mut stream, SWITCHED);
    proxy.cuts();
    assert_eq!(rest(&mut stream), b"");
    hears(&mut dial(&proxy), SWITCHED);
}

#[test]
fn a_black_hole_says_nothing_and_ends_nothing_and_later_connections_pass() {
    let proxy = echo(SWITCHED);
    let mut stream = dial(&proxy);
    hears(&mut stream, SWITCHED);
    proxy.swallows(Faults { is_black_hole: true, ..Faults::default() }, || {
        stream.write_all(b"hello").expect("the proxy reads");
    });
    proxy.heals();
    // A new connection is answered after everything that the old one could have been.
    hears(&mut dial(&proxy), SWITCHED);
    stream.set_nonblocking(true).expect("a socket can be asked");
    let silence = stream.read(&mut [0]).expect_err("nothing came").kind();
    assert_eq!(silence, std::io::ErrorKind::WouldBlock);
}

#[test]
fn what_is_held_comes_when_it_is_let_go() {
    let proxy = echo(SWITCHED);
    proxy.does(Faults { holds: true, ..Faults::default() });
    let mut stream = dial(&proxy);
    stream.write_all(b"hello").expect("the proxy reads");
    proxy.heals();
    hears(&mut stream, SWITCHED);
    hears(&mut stream, b"hello");
}

#[test]
fn a_stripped_upgrade_is_refused_by_the_server() {
    let proxy = echo(SWITCHED);
    proxy.does(Faults { strips_upgrade: true, ..Faults::default() });
    hears(&mut dial(&proxy), b"HTTP/1.1 426");
}

#[test]
fn a_mute_socket_opens_and_says_nothing() {
    let proxy = echo(SWITCHED);
    proxy.does(Faults { mutes_sockets: true, ..Faults::default() });
    let mut stream = dial(&proxy);
    hears(&mut stream, SWITCHED);
    stream.write_all(b"hello").expect("the proxy reads");
    proxy.cuts();
    assert_eq!(rest(&mut stream), b"");
}

#[test]
fn a_deaf_socket_opens_and_takes_nothing_from_its_client() {
    let proxy = echo(SWITCHED);
    proxy.does(Faults { deafens_sockets: true, ..Faults::default() });
    let mut stream = dial(&proxy);
    hears(&mut stream, SWITCHED);
    stream.write_all(b"hello").expect("the proxy reads");
    stream.shutdown(std::net::Shutdown::Write).expect("it is open");
    assert_eq!(rest(&mut stream), b"", "nothing was there to be said back");
}

#[test]
fn buffered_events_come_when_the_stream_has_ended() {
    let proxy = echo(SWITCHED);
    proxy.does(Faults { buffers_streams: true, ..Faults::default() });
    let mut stream = TcpStream::connect(proxy.addr()).expect("the proxy listens");
    let request = "GET /events HTTP/1.1\r\nAccept: text/event-stream\r\n\r\ndata: 1\n\n";
    stream.write_all(request.as_bytes()).expect("the proxy reads");
    stream.shutdown(std::net::Shutdown::Write).expect("it is open");
    hears(&mut stream, b"HTTP/1.1 426 Upgrade Required\r\n\r\n");
    assert_eq!(rest(&mut stream), b"data: 1\n\n");
}
