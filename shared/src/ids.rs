//! The names of rooms, people, commands, and places in a room's log.
//!
//! Each decodes from any string: whether a name is acceptable is judged where its own error code can be given,
//! not in the JSON reader, which could only call the whole frame bad.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// A place in a room's log: 1 for its first event, without holes. 0 is "before everything".
/// A message is named by the `Seq` of its post.
pub type Seq = u64;

/// Unix time in milliseconds.
pub type Millis = u64;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// A room's name: `[a-z0-9][a-z0-9-]{0,63}`, so that it stands unescaped in an address and is typed on any keyboard.
    RoomName
}

name! {
    /// A person: `u_` and a random part that the server chose. Never given to anybody else.
    UserId
}

name! {
    /// A command: chosen by the client, kept over retries, so that the server can tell a repeat. 1 to 64 characters.
    CommandId
}

name! {
    /// A file: `f_` and a random part that the server chose, so long that nobody comes upon it.
    FileId
}

impl RoomName {
    /// The room that every server has.
    pub const LOBBY: &'static str = "lobby";

    /// Whether a room of this name may exist.
    pub fn is_valid(&self) -> bool {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = self.0.as_bytes();
        bytes.len() <= limits::ROOM_CHARS
            && bytes.first().is_some_and(|&first| plain(first))
            && bytes.iter().all(|&b| plain(b) || b == b'-')
    }
}

impl CommandId {
    /// Whether a command of this id is accepted.
    pub fn is_valid(&self) -> bool {
        !self.0.is_empty() && self.0.chars().count() <= limits::ID_CHARS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_name_is_lower_case_letters_digits_and_inner_hyphens() {
        for good in ["lobby", "a", "7", "dev-2", "a-", &"a".repeat(64)] {
            assert!(RoomName::from(good).is_valid(), "{good}");
        }
        for bad in ["", "-a", "Lobby", "a b", "a_b", "房间", "a/b", "..", &"a".repeat(65)] {
            assert!(!RoomName::from(bad).is_valid(), "{bad}");
        }
    }

    #[test]
    fn a_command_id_is_counted_in_characters() {
        assert!(CommandId::from("字".repeat(64)).is_valid());
        assert!(!CommandId::from("字".repeat(65)).is_valid());
        assert!(!CommandId::from("").is_valid());
    }
}
