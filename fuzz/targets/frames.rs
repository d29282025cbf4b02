//! Text from the wire: our reader of JSON against serde's, and what is read is written as it was.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use stonechat_shared::json::{self, Read};
use stonechat_shared::page::{Heard, History};
use stonechat_shared::{Command, Frame};

fuzz_target!(|text: &str| {
    frame(text);
    agree(json::read::<History>(text), serde_json::from_str(text));
    agree(json::read::<Heard>(text), serde_json::from_str(text));
    command(text);
});

fn frame(text: &str) {
    let ours = json::read::<Frame>(text);
    let serdes = serde_json::from_str::<Frame>(text);
    for frame in [ours.as_ref().ok(), serdes.as_ref().ok()].into_iter().flatten() {
        let written = frame.encode();
        assert_eq!(json::read::<Frame>(&written).as_ref(), Ok(frame), "ours reads what is written: {written}");
        assert_eq!(serde_json::from_str::<Frame>(&written).ok().as_ref(), Some(frame), "and so does serde: {written}");
    }
    agree(ours, serdes);
}

/// Each may refuse what the other takes: serde takes arrays for objects, and ours passes over the insides of what it
/// does not know. What both take means the same to both.
fn agree<T: Read + PartialEq + Debug>(ours: Result<T, json::Error>, serdes: serde_json::Result<T>) {
    if let (Ok(ours), Ok(serdes)) = (ours, serdes) {
        assert_eq!(ours, serdes);
    }
}

fn command(text: &str) {
    match Command::decode(text) {
        Ok(command) => assert_eq!(Command::decode(&command.encode()), Ok(command)),
        Err(malformed) => assert!(malformed.id.is_none_or(|id| id.is_valid()), "a refusal names an id that can be one"),
    }
}
