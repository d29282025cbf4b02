//! What the server says.

use serde::{Deserialize, Serialize};

use crate::event::{Author, Event, Message};
use crate::few::Few;
use crate::ids::{CommandId, RoomName, Seq, UserId};
use crate::json;

/// One frame, in one text frame of the socket, `type` first so that a person can read it in the devtools.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Frame {
    /// The first frame of every connection.
    Welcome(Welcome),
    /// The answer to a join.
    Joined(Joined),
    /// One or many, in the order of their seq, without a hole.
    Events {
        room: RoomName,
        events: Vec<Event>,
    },
    /// On disk. `seq` is missing where nothing had to change; `again` marks the answer to a repeat.
    Ok {
        id: CommandId,
        room: RoomName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seq: Option<Seq>,
        #[serde(default, skip_serializing_if = "is_false")]
        again: bool,
    },
    Error(Refusal),
    Presence(Presence),
    /// Who is typing now; empty once nobody is.
    Typing {
        room: RoomName,
        users: Vec<Author>,
    },
    /// How far this person has read, told to their other connections: as in [`RoomHead`].
    Read {
        room: RoomName,
        seq: Seq,
        #[serde(default, skip_serializing_if = "is_zero")]
        back: u32,
        #[serde(default, skip_serializing_if = "is_zero")]
        unread: u32,
        #[serde(default, skip_serializing_if = "is_zero")]
        mentions: u32,
    },
    /// Answer with `pong`. A client whose cursor is behind a head joins again from its cursor.
    Ping {
        #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<RoomName, Seq>"))]
        heads: Few<RoomName, Seq>,
    },
    /// The answer to a client's own `ping`.
    Pong {
        id: CommandId,
    },
    /// How far rooms have come that this connection has not joined: at most one a second.
    Heads {
        #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<RoomName, Seq>"))]
        heads: Few<RoomName, Seq>,
    },
    /// A room that this person may read from now on, or whose line in their list changed.
    Room(RoomHead),
    /// A room that this person may not read any more: their place in it is given up.
    Gone {
        room: RoomName,
    },
    /// This person's settings are others now: they can be asked for.
    Settings,
    /// Said before the close frame that carries the same code.
    Bye {
        code: u16,
        message: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_ms: Option<u64>,
    },
    /// A frame that this version does not know; it is ignored.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Welcome {
    pub user: User,
    pub server: Server,
    pub rooms: Vec<RoomHead>,
    pub limits: Limits,
    /// The server's `ping` comes this often.
    pub ping_ms: u64,
}

/// Somebody, as the server knows them now.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User {
    pub id: UserId,
    pub name: String,
    #[serde(default)]
    pub role: Role,
    /// In presence: none of their connections has seen them for a while.
    #[serde(default, skip_serializing_if = "is_false")]
    pub away: bool,
}

impl User {
    pub fn author(&self) -> Author {
        Author { id: self.id.clone(), name: self.name.clone() }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Came without a name of their own.
    #[default]
    Guest,
    Member,
    Moderator,
    Owner,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Server {
    pub name: String,
    pub version: String,
}

/// A line of the room list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoomHead {
    pub room: RoomName,
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    #[serde(default, skip_serializing_if = "RoomKind::is_open")]
    pub kind: RoomKind,
    /// Who is in a direct room, the reader included: it has no title, and is called by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Author>,
    /// The newest seq.
    pub head: Seq,
    /// How far this person has read. The mark is this and `back`: one that went back more often is the later one, and
    /// of two that went back as often, the one that is further.
    #[serde(default)]
    pub read: Seq,
    /// How often they went back to an earlier message on purpose.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub back: u32,
    /// Messages of others after that, up to [`UNREAD`](crate::limits::UNREAD).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unread: u32,
    /// Those of them that name the person, or all of them where the room is a direct one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mentions: u32,
}

/// Who may read a room, and write in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Everybody.
    #[default]
    Open,
    /// The people in it; others come by invitation.
    Private,
    /// The people whom it was made for.
    Direct,
}

impl RoomKind {
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

/// What the server accepts: characters in a message, bytes in a frame, bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    pub text: usize,
    pub frame: usize,
    /// 0 where it takes no files.
    #[serde(default)]
    pub file: u64,
    /// Milliseconds for which people may edit and remove what they wrote; 0 for as long as they like.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edit_ms: u64,
}

/// With `messages` it is a snapshot: the newest messages at `head`, oldest first, and whether there are older ones.
/// With `after` the events that follow it come next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Joined {
    pub room: RoomName,
    pub epoch: String,
    pub head: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<bool>,
}

/// Why a command was not carried out. It left no trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refusal {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommandId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomName>,
    pub code: Code,
    /// A sentence for a person, in their language, that says what to do.
    pub message: String,
    /// Where waiting helps: how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_ms: Option<u64>,
}

/// Who is here. At most one a second a room, and any may be lost: `online` is right in each, `joined` and `left` are
/// what changed since the one before; with `full`, `joined` is everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Presence {
    pub room: RoomName,
    pub online: usize,
    pub joined: Vec<User>,
    pub left: Vec<UserId>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub full: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    BadFrame,
    UnknownCommand,
    BadId,
    Empty,
    TooLong,
    NoSuchRoom,
    NoSuchMessage,
    NoSuchFile,
    Forbidden,
    Muted,
    Banned,
    SlowMode,
    RateLimited,
    NameTaken,
    NotSignedIn,
    Overloaded,
    /// A code that this version does not know.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

impl Code {
    /// Whether the same command is expected to succeed after `retry_ms`, so that a client waits and sends it again
    /// rather than showing a refusal.
    pub fn passes(self) -> bool {
        match self {
            Self::RateLimited | Self::SlowMode | Self::Overloaded => true,
            Self::BadFrame
            | Self::UnknownCommand
            | Self::BadId
            | Self::Empty
            | Self::TooLong
            | Self::NoSuchRoom
            | Self::NoSuchMessage
            | Self::NoSuchFile
            | Self::Forbidden
            | Self::Muted
            | Self::Banned
            | Self::NameTaken
            | Self::NotSignedIn
            | Self::Unknown => false,
        }
    }
}

/// Close codes of the socket. The hundreds say whether to come back: 40 no, 41 later, 42 at once.
pub mod close {
    pub const TOO_BIG: u16 = 1009;
    pub const NOT_UTF8: u16 = 1007;
    pub const VERSION: u16 = 4001;
    pub const SIGNED_OUT: u16 = 4003;
    pub const STALLED: u16 = 4100;
    pub const FLOOD: u16 = 4101;
    pub const NO_PONG: u16 = 4102;
    pub const FULL: u16 = 4103;
    pub const RESTART: u16 = 4200;
    pub const RENEWED: u16 = 4201;
}

impl Frame {
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("a frame has only string keys")
    }

    /// # Errors
    /// [`json::Error`] where the text is not a frame.
    pub fn decode(text: &str) -> Result<Self, json::Error> {
        json::read(text)
    }
}

/// An `events` frame from events that are encoded already, as [`Event::encode`] does it: each is encoded once in its
/// life, however many read it.
pub fn events_frame<'a>(room: &RoomName, encoded: impl Iterator<Item = &'a str>) -> String {
    // A room's name needs no escaping: see `RoomName::is_valid`.
    let mut text = format!(r#"{{"type":"events","room":"{room}","events":["#);
    for (i, event) in encoded.enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(event);
    }
    text.push_str("]}");
    text
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_false(value: &bool) -> bool {
    !value
}
