//! What a client says, and how its text is read.

use serde::{Deserialize, Serialize};

use crate::frame::Code;
use crate::ids::{CommandId, FileId, RoomName, Seq, UserId};
use crate::json;

/// One command, in one text frame. Every command that changes a room carries an `id`: sent again, it is answered again
/// and does nothing a second time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// "I have everything up to `after` of the log that is called `epoch`." Without both: a snapshot, please.
    Join {
        room: RoomName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
    },
    Leave {
        room: RoomName,
    },
    /// A new message. `text`: 1 to [`TEXT_CHARS`](crate::limits::TEXT_CHARS) characters, not white space alone; with
    /// files it may be empty. `files`: up to [`FILES`](crate::limits::FILES) that the sender uploaded and has not sent yet.
    Post {
        id: CommandId,
        room: RoomName,
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
    },
    /// New text for one's own message.
    Edit {
        id: CommandId,
        room: RoomName,
        target: Seq,
        text: String,
    },
    /// Takes a message's text away for good; its place stays.
    Remove {
        id: CommandId,
        room: RoomName,
        target: Seq,
    },
    React {
        id: CommandId,
        room: RoomName,
        target: Seq,
        emoji: String,
        on: bool,
    },
    Pin {
        id: CommandId,
        room: RoomName,
        target: Seq,
        on: bool,
    },
    /// Removes everything that this person wrote here. With `upto`, what they wrote after that message stays: a command may
    /// wait for a line while they go on writing elsewhere.
    Purge {
        id: CommandId,
        room: RoomName,
        user: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        upto: Option<Seq>,
    },
    /// Another title or topic for the room; what is left out stays. An empty topic is none.
    Set {
        id: CommandId,
        room: RoomName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
    },
    Typing {
        room: RoomName,
    },
    /// "I have read up to here": never goes back. `back` is what the sender knows of the mark's: where the server knows
    /// better, this comes too late and changes nothing.
    Read {
        room: RoomName,
        seq: Seq,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back: Option<u32>,
    },
    /// "Everything from this message on is new to me": goes back.
    Unread {
        room: RoomName,
        seq: Seq,
    },
    /// "I have not touched anything for a while", or have again: of this connection. A person is away when all of theirs
    /// are.
    Away {
        on: bool,
    },
    /// "Do you hear me?" Answered with `pong` and the same id; changes nothing.
    Ping {
        id: CommandId,
    },
    Pong,
}

/// Why a frame is not a command. `id` is there where the frame had one, so that the sender knows which of its commands
/// was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// [`Code::BadFrame`] or [`Code::UnknownCommand`].
    pub code: Code,
    pub id: Option<CommandId>,
    /// What the reader of JSON had to say, in English, for a developer.
    pub detail: String,
}

impl Command {
    /// Reads one frame's text.
    ///
    /// # Errors
    /// [`Malformed`] with `BadFrame` for text that is not JSON or not of a command's shape, and with `UnknownCommand`
    /// where `type` names none of ours.
    pub fn decode(text: &str) -> Result<Self, Malformed> {
        // Only an object is a command. Without this the derived reader would take `["pong"]` for one too.
        if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| Malformed::explain(text, &error))
        } else {
            Err(Malformed { code: Code::BadFrame, id: None, detail: "a frame is a JSON object".to_owned() })
        }
    }

    /// The frame's text.
    pub fn encode(&self) -> String {
        json::Write::write(self)
    }

    pub fn room(&self) -> Option<&RoomName> {
        match self {
            Self::Join { room, .. }
            | Self::Leave { room }
            | Self::Post { room, .. }
            | Self::Edit { room, .. }
            | Self::Remove { room, .. }
            | Self::React { room, .. }
            | Self::Pin { room, .. }
            | Self::Purge { room, .. }
            | Self::Set { room, .. }
            | Self::Typing { room }
            | Self::Read { room, .. }
            | Self::Unread { room, .. } => Some(room),
            Self::Away { .. } | Self::Ping { .. } | Self::Pong => None,
        }
    }

    pub fn id(&self) -> Option<&CommandId> {
        match self {
            Self::Post { id, .. }
            | Self::Edit { id, .. }
            | Self::Remove { id, .. }
            | Self::React { id, .. }
            | Self::Pin { id, .. }
            | Self::Purge { id, .. }
            | Self::Set { id, .. }
            | Self::Ping { id } => Some(id),
            Self::Join { .. }
            | Self::Leave { .. }
            | Self::Typing { .. }
            | Self::Read { .. }
            | Self::Unread { .. }
            | Self::Away { .. }
            | Self::Pong => None,
        }
    }
}

/// Every `type` that [`Command`] has; held to it by a test.
const TYPES: [&str; 15] = [
    "join", "leave", "post", "edit", "remove", "react", "pin", "purge", "set", "typing", "read", "unread", "away",
    "ping", "pong",
];

impl Malformed {
    /// A second, patient look at a frame that was refused: which command did it mean to be?
    fn explain(text: &str, error: &serde_json::Error) -> Self {
        let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let field = |name: &str| value.get(name).and_then(serde_json::Value::as_str);
        let unknown = field("type").is_some_and(|name| !TYPES.contains(&name));
        Self {
            code: if unknown { Code::UnknownCommand } else { Code::BadFrame },
            id: field("id").map(CommandId::from).filter(CommandId::is_valid),
            detail: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_command_is_named() {
        for bad in
            ["", "hello", "[]", "[\"pong\"]", "null", "7", "{}", "{\"type\":7}", "{\"type\":\"post\"}", "{\"type\""]
        {
            assert_eq!(Command::decode(bad).unwrap_err().code, Code::BadFrame, "{bad}");
        }
        assert_eq!(Command::decode(r#"{"type":"dance"}"#).unwrap_err().code, Code::UnknownCommand);
    }

    #[test]
    fn a_refused_frame_keeps_its_id() {
        let refused = Command::decode(r#"{"type":"post","id":"c1","room":"lobby","text":7}"#).unwrap_err();
        assert_eq!((refused.code, refused.id), (Code::BadFrame, Some("c1".into())));
        let unknown = Command::decode(r#"{"type":"dance","id":"c2"}"#).unwrap_err();
        assert_eq!((unknown.code, unknown.id), (Code::UnknownCommand, Some("c2".into())));
    }

    #[test]
    fn fields_that_are_not_known_are_ignored() {
        assert_eq!(Command::decode(r#"{"type":"pong","later":true}"#), Ok(Command::Pong));
    }

    #[test]
    fn every_type_of_a_command_is_in_the_list() {
        for name in TYPES {
            let refused = Command::decode(&format!(r#"{{"type":"{name}","room":7}}"#));
            assert!(refused.is_ok() || refused.unwrap_err().code == Code::BadFrame, "{name}");
        }
    }
}
