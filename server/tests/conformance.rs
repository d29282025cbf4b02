//! The WebSocket protocol (RFC 6455) to the letter: what `cargo xtask conformance` asks at length, against the chat
//! itself. What is plainly wrong is in `bad_sockets`, what is plainly right in `transport`.

use crate::bad_sockets::unharmed;
use crate::support::{Client, Raw, Server, opcode};

const FIN: u8 = 0x80;

/// The code that the server closes with after these frames.
fn closed_after(server: &Server, frames: &[(u8, &[u8])]) -> Option<u16> {
    let mut raw = Raw::connect(server);
    for (first, payload) in frames {
        raw.frame(*first, payload);
    }
    raw.close_code()
}

/// What a close frame carries.
fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes(), reason].concat()
}

fn ok(seq: u64) -> String {
    format!(r#"{{"type":"ok","id":"c{seq}","room":"lobby","seq":{seq}}}"#)
}

#[test]
fn each_ping_between_fragments_is_answered_at_once_and_in_order() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, br#"{"type":"post","id":"c1","#);
    for n in 0..10 {
        raw.frame(FIN | opcode::PING, &[n; 125]);
        assert_eq!(raw.read(), Some((opcode::PONG, vec![n; 125])), "before the message is whole");
    }
    raw.frame(opcode::CONTINUATION, br#""room":"lobby","#);
    raw.frame(FIN | opcode::PONG, b"nobody asked");
    raw.frame(FIN | opcode::CONTINUATION, br#""text":"hi"}"#);
    assert_eq!(raw.text(), Some(ok(1)));
}

#[test]
fn a_fragment_may_be_empty() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    let command = br#"{"type":"post","id":"c1","room":"lobby","text":"hi"}"#;
    raw.frame(opcode::TEXT, b"");
    raw.frame(opcode::CONTINUATION, b"");
    raw.frame(opcode::CONTINUATION, command);
    raw.frame(FIN | opcode::CONTINUATION, b"");
    assert_eq!(raw.text(), Some(ok(1)));
    raw.frame(opcode::TEXT, b"");
    raw.frame(FIN | opcode::CONTINUATION, b"");
    assert!(raw.text().unwrap().contains(r#""code":"bad_frame""#), "nothing at all is a message, but no command");
}

#[test]
fn a_message_after_one_in_fragments_is_a_message_of_its_own() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(opcode::TEXT, br#"{"type":"post","id":"c1","room":"lobby","#);
    raw.frame(FIN | opcode::CONTINUATION, br#""text":"one"}"#);
    raw.say(r#"{"type":"post","id":"c2","room":"lobby","text":"two"}"#);
    assert_eq!((raw.text(), raw.text()), (Some(ok(1)), Some(ok(2))));
    raw.frame(FIN | opcode::CONTINUATION, b"and more");
    assert_eq!(raw.close_code(), Some(1002), "what is ended is not continued");
}

#[test]
fn a_character_may_be_split_over_fragments_at_each_of_its_bytes() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    let command = |seq| format!(r#"{{"type":"post","id":"c{seq}","room":"lobby","text":"é你👋"}}"#);
    let (start, end) = (command(1).find('é').unwrap(), command(1).find("\"}").unwrap());
    for (seq, middle) in (1..).zip(start..=end) {
        let bytes = command(seq).into_bytes();
        raw.frame(opcode::TEXT, &bytes[..middle]);
        raw.frame(FIN | opcode::CONTINUATION, &bytes[middle..]);
        assert_eq!(raw.text(), Some(ok(seq)), "split before byte {middle}");
    }
}

#[test]
fn bad_utf_8_in_a_fragment_closes_with_1007_before_the_message_ends() {
    let server = Server::start();
    for bad in [&b"\xf4\x90\x80\x80"[..], b"\xed\xa0\x80", b"\xc0\xaf", b"\xfe"] {
        let frames = [(opcode::TEXT, &b"{\"text\":\""[..]), (opcode::CONTINUATION, bad)];
        assert_eq!(closed_after(&server, &frames), Some(1007), "{bad:02x?}");
    }
    unharmed(&server);
}

#[test]
fn each_reserved_bit_closes_with_1002_in_every_kind_of_frame() {
    let server = Server::start();
    for bit in [0x40, 0x20, 0x10] {
        for kind in [opcode::TEXT, opcode::BINARY, opcode::PING, opcode::PONG, opcode::CLOSE] {
            let code = closed_after(&server, &[(FIN | bit | kind, b"")]);
            assert_eq!(code, Some(1002), "bit {bit:#x}, opcode {kind}");
        }
        let code = closed_after(&server, &[(opcode::TEXT, b"{"), (FIN | bit | opcode::CONTINUATION, b"}")]);
        assert_eq!(code, Some(1002), "bit {bit:#x} in a later fragment");
    }
    unharmed(&server);
}

#[test]
fn each_reserved_opcode_closes_with_1002() {
    let server = Server::start();
    for kind in (3..=7).chain(11..=15) {
        assert_eq!(closed_after(&server, &[(FIN | kind, b"")]), Some(1002), "opcode {kind}");
        let between = [(opcode::TEXT, &b"{"[..]), (FIN | kind, b"")];
        assert_eq!(closed_after(&server, &between), Some(1002), "opcode {kind} between fragments");
    }
    unharmed(&server);
}

#[test]
fn a_frame_without_a_mask_closes_with_1002_whatever_its_kind() {
    let server = Server::start();
    for kind in [opcode::TEXT, opcode::BINARY, opcode::PING, opcode::PONG, opcode::CLOSE] {
        let mut raw = Raw::connect(&server);
        raw.unmasked(FIN | kind, b"");
        assert_eq!(raw.close_code(), Some(1002), "opcode {kind}");
    }
    unharmed(&server);
}

#[test]
fn a_control_frame_over_125_bytes_or_in_fragments_closes_with_1002() {
    let server = Server::start();
    for kind in [opcode::PING, opcode::PONG, opcode::CLOSE] {
        let long = close(1000, &[b'x'; 124]);
        assert_eq!(closed_after(&server, &[(FIN | kind, &long)]), Some(1002), "opcode {kind}, 126 bytes");
        assert_eq!(closed_after(&server, &[(kind, b"")]), Some(1002), "opcode {kind}, a first fragment");
        let between = [(opcode::TEXT, &b"{"[..]), (kind, b"")];
        assert_eq!(closed_after(&server, &between), Some(1002), "opcode {kind}, a fragment between fragments");
    }
    unharmed(&server);
}

#[test]
fn a_message_that_begins_inside_another_closes_with_1002() {
    let server = Server::start();
    for kind in [opcode::TEXT, opcode::BINARY] {
        for last in [0, FIN] {
            let frames = [(opcode::TEXT, &b"{"[..]), (opcode::CONTINUATION, b""), (last | kind, b"}")];
            assert_eq!(closed_after(&server, &frames), Some(1002), "opcode {kind}");
        }
    }
    for last in [0, FIN] {
        let code = closed_after(&server, &[(last | opcode::CONTINUATION, b"")]);
        assert_eq!(code, Some(1002), "nothing was begun that is continued");
    }
    unharmed(&server);
}

#[test]
fn a_close_is_answered_with_its_own_code() {
    let server = Server::start();
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        assert_eq!(closed_after(&server, &[(FIN | opcode::CLOSE, &close(code, b"goodbye"))]), Some(code));
    }
    let longest = close(1000, &[b'x'; 123]);
    assert_eq!(closed_after(&server, &[(FIN | opcode::CLOSE, &longest)]), Some(1000), "125 bytes are allowed");
    let between = [(opcode::TEXT, &b"{"[..]), (FIN | opcode::CLOSE, &close(1000, b""))];
    assert_eq!(closed_after(&server, &between), Some(1000), "a close may stand between fragments");
}

#[test]
fn a_close_without_a_code_is_answered_and_the_connection_ends() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(FIN | opcode::CLOSE, b"");
    assert_eq!(raw.read().map(|(kind, _)| kind), Some(opcode::CLOSE));
    assert_eq!(raw.read(), None);
}

#[test]
fn a_close_with_a_code_that_nobody_may_send_closes_with_1002() {
    let server = Server::start();
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        let answer = closed_after(&server, &[(FIN | opcode::CLOSE, &close(code, b""))]);
        assert_eq!(answer, Some(1002), "{code}");
    }
    unharmed(&server);
}

#[test]
fn a_close_with_half_a_code_closes_with_1002() {
    let server = Server::start();
    assert_eq!(closed_after(&server, &[(FIN | opcode::CLOSE, b"\x03")]), Some(1002));
}

#[test]
fn a_close_whose_reason_is_not_utf_8_closes_with_1007() {
    let server = Server::start();
    for bad in [&b"\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80"[..], b"\xff", b"goodbye \xe4\xbd"] {
        let answer = closed_after(&server, &[(FIN | opcode::CLOSE, &close(1000, bad))]);
        assert_eq!(answer, Some(1007), "{bad:02x?}");
    }
}

#[test]
fn what_comes_after_a_close_is_not_heard() {
    let server = Server::start();
    let mut raw = Raw::connect(&server);
    raw.frame(FIN | opcode::CLOSE, &close(1000, b""));
    raw.say(r#"{"type":"post","id":"c1","room":"lobby","text":"one more thing"}"#);
    raw.frame(FIN | opcode::PING, b"");
    raw.frame(FIN | opcode::CLOSE, &close(1001, b""));
    assert_eq!(raw.read(), Some((opcode::CLOSE, close(1000, b""))));
    assert_eq!(raw.read(), None);
    let mut ann = Client::guest(&server);
    assert_eq!(ann.join("lobby")["head"], 0);
}
