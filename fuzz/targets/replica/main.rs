//! A client's copy of its rooms under any frames in any order: what it promises holds after each.
//!
//! The input is cut at 0xff, which no text has. A piece that is a frame's text is heard as that; any other piece is bytes
//! to choose steps by.

#![no_main]

mod desk;
mod says;

use libfuzzer_sys::arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use stonechat_shared::Frame;

use desk::{Desk, Step};

fuzz_target!(|bytes: &[u8]| {
    let mut desk = Desk::new();
    for piece in bytes.split(|byte| *byte == 0xff) {
        match std::str::from_utf8(piece) {
            Ok(text) if text.starts_with('{') => {
                if let Ok(frame) = Frame::decode(text) {
                    desk.hear(frame);
                }
            }
            Ok(_) | Err(_) => {
                let mut rest = Unstructured::new(piece);
                while !rest.is_empty()
                    && let Ok(step) = Step::arbitrary(&mut rest)
                {
                    desk.take(step);
                }
            }
        }
    }
});
