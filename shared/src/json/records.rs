//! Which fields each of our types has on the wire.

use super::{Error, Read, Value};
use crate::event::{Author, Event, File, Kind, Message, Reaction};
use crate::frame::{Code, Frame, Joined, Limits, Presence, Refusal, Role, RoomHead, RoomKind, Server, User, Welcome};
use crate::ids::{CommandId, FileId, RoomName, UserId};
use crate::page::{Found, Heard, History, Hit, Invitation, Invite, Invites, Member, Members, Rooms, Session};
use crate::replica::{Pending, Status};
use crate::settings::{Clock, Density, Notify, RoomSettings, Settings, Theme};

/// What a field is called on the wire, where that is not its name here.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// An object of these fields. After `or`: what may be left out, and is then empty.
macro_rules! record {
    ($name:ident { $($field:ident $(= $key:literal)?),* } $(or { $($spare:ident),* })?) => {
        impl Read for $name {
            fn read(mut value: Value) -> Result<Self, Error> {
                Ok(Self {
                    $($field: value.field(key!($field $($key)?))?,)*
                    $($($spare: value.spare(stringify!($spare))?,)*)?
                })
            }
        }
    };
}

record!(Author { id, name });
record!(Server { name, version });
record!(User { id, name } or { role, away });
record!(RoomHead { room, title, head } or { topic, kind, people, read, back, unread, mentions });
record!(Limits { text, frame } or { file, edit_ms });
record!(Reaction { emoji, count, mine });
record!(File { id, name, kind = "type", size, width, height });
record!(Refusal { id, room, code, message, retry_ms });
record!(Message { seq, at, user, id, text, reply, edited } or { removed, pinned, reactions, files });
record!(History { messages, more, head });
record!(Found { messages, more });
record!(Session { user, token });
record!(Rooms { rooms });
record!(Heard { frames, cursor });
record!(Members { members } or { more });
record!(Member { id, name, role, online, last_post, seen } or { away });
record!(Invites { invites });
record!(Invite { invite, user, expires_ms, uses });
record!(Invitation { title, people } or { topic });
record!(Settings { language } or { theme, density, clock, notify, rooms });
record!(RoomSettings { notify } or { muted });
record!(Welcome { user, server, rooms, limits, ping_ms });
record!(Joined { room, epoch, head, after, messages, more });
record!(Presence { room, online, joined, left } or { full });

/// A message that was found, with what stands beside it.
impl Read for Hit {
    fn read(mut value: Value) -> Result<Self, Error> {
        Ok(Self { room: value.field("room")?, marks: value.spare("marks")?, message: Message::read(value)? })
    }
}

macro_rules! name {
    ($($name:ident),*) => {
        $(impl Read for $name {
            fn read(value: Value) -> Result<Self, Error> {
                value.text().map(Self::from)
            }
        })*
    };
}
name!(RoomName, UserId, CommandId, FileId);

/// A word for each of these; what no word stands for is read as `else`, or refused.
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* } else $unknown:expr) => {
        impl $name {
            /// What it is called on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl Read for $name {
            fn read(value: Value) -> Result<Self, Error> {
                match value.text()?.as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => $unknown,
                }
            }
        }
    };
}

words!(Role { Guest = "guest", Member = "member", Moderator = "moderator", Owner = "owner" } else Err(Error::new("a role")));
words!(RoomKind { Open = "open", Private = "private", Direct = "direct" } else Err(Error::new("a kind of room")));
words!(Theme { System = "system", Light = "light", Dark = "dark", Contrast = "contrast" } else Err(Error::new("a theme")));
words!(Density { Comfortable = "comfortable", Compact = "compact" } else Err(Error::new("a density")));
words!(Clock { Auto = "auto", Twelve = "12", TwentyFour = "24" } else Err(Error::new("a clock")));
words!(Notify { All = "all", Mentions = "mentions", None = "none" } else Err(Error::new("what to be told")));
words!(Code {
    BadFrame = "bad_frame",
    UnknownCommand = "unknown_command",
    BadId = "bad_id",
    Empty = "empty",
    TooLong = "too_long",
    NoSuchRoom = "no_such_room",
    NoSuchMessage = "no_such_message",
    NoSuchFile = "no_such_file",
    Forbidden = "forbidden",
    Muted = "muted",
    Banned = "banned",
    SlowMode = "slow_mode",
    RateLimited = "rate_limited",
    NameTaken = "name_taken",
    NotSignedIn = "not_signed_in",
    Overloaded = "overloaded",
    Unknown = "unknown"
} else Ok(Self::Unknown));

impl Read for Status {
    fn read(mut value: Value) -> Result<Self, Error> {
        if let Some(seq) = value.field("Sent")? {
            return Ok(Self::Sent(seq));
        }
        if let Some(Refusal { code, message, .. }) = value.field("Refused")? {
            return Ok(Self::Refused { code, message });
        }
        // Whatever else an earlier version has kept, it is sent again.
        Ok(if value.text().is_ok_and(|name| name == "Sending") { Self::Sending } else { Self::Queued })
    }
}

impl Read for Pending {
    fn read(mut value: Value) -> Result<Self, Error> {
        Ok(Self {
            kind: kind(&mut value)?,
            id: value.field("id")?,
            room: value.field("room")?,
            at: value.field("at")?,
            status: value.field("status")?,
            wait_until: value.field("wait_until")?,
        })
    }
}

impl Read for Event {
    fn read(mut value: Value) -> Result<Self, Error> {
        Ok(Self {
            kind: kind(&mut value)?,
            seq: value.field("seq")?,
            at: value.field("at")?,
            user: value.field("user")?,
            id: value.field("id")?,
        })
    }
}

fn kind(value: &mut Value) -> Result<Kind, Error> {
    Ok(match value.field::<String>("kind")?.as_str() {
        "post" => Kind::Post { text: value.field("text")?, reply: value.field("reply")?, files: value.spare("files")? },
        "edit" => Kind::Edit { target: value.field("target")?, text: value.field("text")? },
        "remove" => Kind::Remove { target: value.field("target")? },
        "react" => Kind::React { target: value.field("target")?, emoji: value.field("emoji")?, on: value.field("on")? },
        "pin" => Kind::Pin { target: value.field("target")?, on: value.field("on")? },
        "purge" => Kind::Purge { author: value.field("author")?, upto: value.field("upto")? },
        "room" => Kind::Room { title: value.field("title")?, topic: value.field("topic")? },
        _ => Kind::Unknown,
    })
}

impl Read for Frame {
    fn read(mut value: Value) -> Result<Self, Error> {
        Ok(match value.field::<String>("type")?.as_str() {
            "welcome" => Self::Welcome(Read::read(value)?),
            "joined" => Self::Joined(Read::read(value)?),
            "events" => Self::Events { room: value.field("room")?, events: value.field("events")? },
            "ok" => Self::Ok {
                id: value.field("id")?,
                room: value.field("room")?,
                seq: value.field("seq")?,
                again: value.spare("again")?,
            },
            "error" => Self::Error(Read::read(value)?),
            "presence" => Self::Presence(Read::read(value)?),
            "typing" => Self::Typing { room: value.field("room")?, users: value.field("users")? },
            "read" => Self::Read {
                room: value.field("room")?,
                seq: value.field("seq")?,
                back: value.spare("back")?,
                unread: value.spare("unread")?,
                mentions: value.spare("mentions")?,
            },
            "room" => Self::Room(Read::read(value)?),
            "heads" => Self::Heads { heads: value.field("heads")? },
            "gone" => Self::Gone { room: value.field("room")? },
            "settings" => Self::Settings,
            "ping" => Self::Ping { heads: value.field("heads")? },
            "pong" => Self::Pong { id: value.field("id")? },
            "bye" => Self::Bye {
                code: value.field("code")?,
                message: value.field("message")?,
                retry_ms: value.field("retry_ms")?,
            },
            _ => Self::Unknown,
        })
    }
}
