//! Frames that are wrong below the JSON: too large, binary, not UTF-8, not WebSocket.

use serde_json::{Value, json};
use tungstenite::Message;

use crate::support::{Client, Gone, Raw, Server, opcode};

/// A post of exactly so many bytes: white space around JSON is JSON.
fn post_of(bytes: usize) -> String {
    let mut text = json!({"type": "post", "id": "big", "room": "lobby", "text": "hi"}).to_string();
    text.push_str(&" ".repeat(bytes - text.len()));
    text
}

/// The server is well, nothing was written, and no seq was used.
pub(crate) fn unharmed(server: &Server) {
    let mut client = Client::guest(server);
    assert_eq!(client.join("lobby")["head"], 0);
    assert_eq!(client.post("lobby", "all is well"), 1);
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[test]
fn a_frame_of_64_kib_is_read() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.say(&post_of(65_536));
    assert_eq!(ann.want("ok")["seq"], 1);
}

#[test]
fn a_frame_of_one_byte_more_closes_with_1009() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    ann.say(&post_of(65_537));
    assert_eq!(ann.closed().1, Gone(Some(1009)));
    let mut ben = Client::guest(&server);
    ben.carry(Message::binary(vec![0; 65_537]));
    assert_eq!(ben.closed().1, Gone(Some(1009)));
    unharmed(&server);
}

#[test]
fn a_message_that_grows_too_large_in_fragments_closes_with_1009() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, &[b' '; 40_000]);
    raw.frame(0x80 | opcode::CONTINUATION, &[b' '; 40_000]);
    assert_eq!(raw.close_code(), Some(1009));
    unharmed(&server);
}

#[test]
fn fragments_without_end_close_with_1009() {
    let server = Server::start();
    let before = server.memory();
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, b" ");
    for _ in 0..1_000 {
        raw.frame(opcode::CONTINUATION, &[b' '; 10_000]);
    }
    assert!([Some(1009), None].contains(&raw.close_code()), "cut off, if not with a word");
    assert!(server.memory() < before + 8 * 1024 * 1024, "what is too large is not kept");
    unharmed(&server);
}

#[test]
fn a_frame_of_ten_megabytes_is_cut_off_and_never_held() {
    let server = Server::start();
    let before = server.memory();
    let mut raw = Raw::connect(&server);
    raw.frame(0x80 | opcode::TEXT, &vec![b'x'; 10 * 1024 * 1024]);
    assert!([Some(1009), None].contains(&raw.close_code()), "cut off, if not with a word");
    assert!(server.memory() < before + 5 * 1024 * 1024, "it was not read into memory");
    unharmed(&server);
}

#[test]
fn a_frame_that_only_says_that_it_is_huge_is_closed_with_1009() {
    let server = Server::start();
    for length in [1_u64 << 30, 1 << 40, (1 << 63) - 1] {
        let mut raw = Raw::connect(&server);
        raw.bytes(&[0x80 | opcode::TEXT, 0x80 | 127]);
        raw.bytes(&length.to_be_bytes());
        raw.bytes(&[0; 4]);
        assert_eq!(raw.close_code(), Some(1009), "{length}");
    }
    unharmed(&server);
}

#[test]
fn a_binary_frame_is_refused_and_the_socket_stays_open() {
    let server = Server::start();
    let mut ann = Client::guest(&server);
    for bytes in [vec![], vec![0, 159, 146, 150], br#"{"type":"pong"}"#.to_vec(), vec![0; 65_536]] {
        ann.carry(Message::binary(bytes));
        let error = ann.want("error");
        assert_eq!((&error["code"], &error["id"]), (&json!("bad_frame"), &Value::Null));
        assert_eq!(error["message"], "Send commands as text frames; this one was binary.");
    }
    assert_eq!(ann.post("lobby", "still open"), 1);
}

#[test]
fn text_that_is_not_utf_8_closes_with_1007() {
    let server = Server::start();
    let bad: [&[u8]; 5] = [b"\xff", b"{\"a\":\"\xc3\x28\"}", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"];
    for bytes in bad {
        let mut raw = Raw::connect(&server);
        raw.frame(0x80 | opcode::TEXT, bytes);
        assert_eq!(raw.close_code(), Some(1007), "{bytes:02x?}");
    }
    unharmed(&server);
}

#[test]
fn text_that_is_not_utf_8_over_its_fragments_closes_with_1007() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, b"{\"text\":\"\xe4\xbd");
    raw.frame(0x80 | opcode::CONTINUATION, b"\"}");
    assert_eq!(raw.close_code(), Some(1007));
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, b"{\"text\":\"\xe4");
    raw.frame(0x80 | opcode::CONTINUATION, b"\xbd");
    assert_eq!(raw.close_code(), Some(1007), "a character that does not end");
    unharmed(&server);
}

#[test]
fn a_character_may_be_split_over_fragments() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    let command = r#"{"type":"post","id":"c1","room":"lobby","text":"你👋"}"#.as_bytes();
    let middle = command.iter().position(|byte| *byte == 0xf0).unwrap() + 2;
    raw.frame(opcode::TEXT, &command[..middle]);
    raw.frame(0x80 | opcode::CONTINUATION, &command[middle..]);
    assert!(raw.text().unwrap().starts_with(r#"{"type":"ok""#));
}

#[test]
fn what_is_not_the_websocket_protocol_closes_with_1002() {
    let server = Server::start();
    let mut unmasked = Raw::connect(&server);
    unmasked.unmasked(0x80 | opcode::TEXT, br#"{"type":"pong"}"#);
    assert_eq!(unmasked.close_code(), Some(1002), "a client masks");
    for (first, payload, why) in [
        (0xf0 | opcode::TEXT, &b"{}"[..], "the reserved bits are not ours"),
        (0x80 | 3, b"{}", "an opcode that means nothing"),
        (0x80 | 11, b"", "an opcode that means nothing"),
        (0x80 | opcode::CONTINUATION, b"{}", "nothing is continued"),
        (opcode::PING, b"", "a ping has no fragments"),
        (0x80 | opcode::PING, &[0; 126], "a ping is short"),
    ] {
        let mut raw = Raw::connect(&server);
        raw.frame(first, payload);
        assert_eq!(raw.close_code(), Some(1002), "{why}");
    }
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, b"{");
    raw.frame(0x80 | opcode::TEXT, b"}");
    assert_eq!(raw.close_code(), Some(1002), "a message begins while another is not ended");
    unharmed(&server);
}

#[test]
fn what_is_not_http_is_refused() {
    let server = Server::start();
    for bytes in [&b"\x16\x03\x01\x02\x00\x01"[..], b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        let mut raw = Raw::bare(&server);
        raw.bytes(bytes);
        let answer = String::from_utf8_lossy(&raw.rest()).into_owned();
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 505"),
            "{answer}"
        );
    }
    unharmed(&server);
}

#[test]
fn a_body_over_64_kib_is_refused() {
    let server = Server::start();
    let body = json!({"name": "x".repeat(70_000)}).to_string();
    assert_eq!(server.ask("POST", "/api/session", &[], Some(body)).status, 413);
    unharmed(&server);
}
