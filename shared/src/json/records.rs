//! Which fields each of our types has on the wire.

use std::collections::BTreeMap;

use super::{Error, Read, Reader};
use crate::event::{Author, Event, Kind, Message, Reaction};
use crate::frame::{Code, Frame, Joined, Limits, Presence, Refusal, Role, RoomHead, Server, User, Welcome};
use crate::ids::{CommandId, Millis, RoomName, Seq, UserId};
use crate::page::{Heard, History, Member, Members, Rooms, Session};
use crate::replica::{Pending, Status};

/// An object of these fields. After `or`: what may be left out, and is then empty.
macro_rules! record {
    ($name:ident { $($field:ident),* } $(or { $($spare:ident),* })?) => {
        impl Read for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
                $(let mut $field = None;)*
                $($(let mut $spare = None;)*)?
                reader.object(&mut |key, reader| {
                    match key {
                        $(stringify!($field) => $field = Some(Read::read(reader)?),)*
                        $($(stringify!($spare) => $spare = Some(Read::read(reader)?),)*)?
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
                Ok(Self {
                    $($field: $field.or_else(Read::missing).ok_or_else(|| reader.error(stringify!($field)))?,)*
                    $($($spare: $spare.unwrap_or_default(),)*)?
                })
            }
        }
    };
}

record!(Author { id, name });
record!(Server { name, version });
record!(User { id, name } or { role });
record!(RoomHead { room, title, head } or { topic, read });
record!(Limits { text, frame });
record!(Reaction { emoji, count, mine });
record!(Refusal { id, room, code, message, retry_ms });
record!(Message { seq, at, user, id, text, reply, edited, removed, pinned } or { reactions, files });
record!(History { messages, more, head });
record!(Session { user, token });
record!(Rooms { rooms });
record!(Heard { frames, cursor });
record!(Members { members });
record!(Member { id, name, role, online, last_post });
record!(Pending { id, room, text, reply, at, status, wait_until });

macro_rules! name {
    ($($name:ident),*) => {
        $(impl Read for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
                reader.string().map(Self::from)
            }
        })*
    };
}
name!(RoomName, UserId, CommandId);

impl Read for Role {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(match reader.string()?.as_str() {
            "guest" => Self::Guest,
            "member" => Self::Member,
            "moderator" => Self::Moderator,
            "owner" => Self::Owner,
            _ => return Err(reader.error("a role")),
        })
    }
}

impl Read for Code {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(match reader.string()?.as_str() {
            "bad_frame" => Self::BadFrame,
            "unknown_command" => Self::UnknownCommand,
            "bad_id" => Self::BadId,
            "empty" => Self::Empty,
            "too_long" => Self::TooLong,
            "no_such_room" => Self::NoSuchRoom,
            "no_such_message" => Self::NoSuchMessage,
            "forbidden" => Self::Forbidden,
            "muted" => Self::Muted,
            "banned" => Self::Banned,
            "slow_mode" => Self::SlowMode,
            "rate_limited" => Self::RateLimited,
            "name_taken" => Self::NameTaken,
            "not_signed_in" => Self::NotSignedIn,
            "overloaded" => Self::Overloaded,
            _ => Self::Unknown,
        })
    }
}

impl Read for Status {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut status = Self::Queued;
        if reader.peek() == Some(b'{') {
            reader.object(&mut |key, reader| {
                match key {
                    "Sent" => status = Self::Sent(Read::read(reader)?),
                    "Refused" => {
                        let Refusal { code, message, .. } = Read::read(reader)?;
                        status = Self::Refused { code, message };
                    }
                    _ => reader.skip()?,
                }
                Ok(())
            })?;
        } else if reader.string()? == "Sending" {
            status = Self::Sending;
        }
        Ok(status)
    }
}

impl Read for Event {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Flat::read(reader)?.event(reader)
    }
}

impl Read for Frame {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Flat::read(reader)?.frame(reader)
    }
}

/// Everything that any frame or event may have. Which it is, is known when all is read: the fields of an object have no
/// order.
#[derive(Default)]
struct Flat {
    name: String,
    kind: String,
    user: Option<User>,
    server: Option<Server>,
    rooms: Option<Vec<RoomHead>>,
    limits: Option<Limits>,
    ping_ms: Option<u64>,
    room: Option<RoomName>,
    epoch: Option<String>,
    head: Option<Seq>,
    after: Option<Seq>,
    messages: Option<Vec<Message>>,
    more: Option<bool>,
    events: Option<Vec<Event>>,
    id: Option<CommandId>,
    seq: Option<Seq>,
    at: Option<Millis>,
    again: bool,
    /// An error's code is a word, a close code is a number.
    code: Option<Code>,
    close: Option<u16>,
    message: Option<String>,
    retry_ms: Option<u64>,
    online: Option<usize>,
    joined: Vec<User>,
    left: Vec<UserId>,
    full: bool,
    users: Option<Vec<Author>>,
    heads: Option<BTreeMap<RoomName, Seq>>,
    text: Option<String>,
    reply: Option<Seq>,
    target: Option<Seq>,
    emoji: Option<String>,
    on: Option<bool>,
}

impl Flat {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut flat = Self::default();
        reader.object(&mut |key, reader| flat.field(key, reader))?;
        Ok(flat)
    }

    fn field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), Error> {
        match key {
            "type" => self.name = Read::read(reader)?,
            "kind" => self.kind = Read::read(reader)?,
            "user" => self.user = Read::read(reader)?,
            "server" => self.server = Read::read(reader)?,
            "rooms" => self.rooms = Read::read(reader)?,
            "limits" => self.limits = Read::read(reader)?,
            "ping_ms" => self.ping_ms = Read::read(reader)?,
            "room" => self.room = Read::read(reader)?,
            "epoch" => self.epoch = Read::read(reader)?,
            "head" => self.head = Read::read(reader)?,
            "after" => self.after = Read::read(reader)?,
            "messages" => self.messages = Read::read(reader)?,
            "more" => self.more = Read::read(reader)?,
            "events" => self.events = Read::read(reader)?,
            "id" => self.id = Read::read(reader)?,
            "seq" => self.seq = Read::read(reader)?,
            "at" => self.at = Read::read(reader)?,
            "again" => self.again = Read::read(reader)?,
            "code" if reader.peek() == Some(b'"') => self.code = Read::read(reader)?,
            "code" => self.close = Read::read(reader)?,
            "message" => self.message = Read::read(reader)?,
            "retry_ms" => self.retry_ms = Read::read(reader)?,
            "online" => self.online = Read::read(reader)?,
            "joined" => self.joined = Read::read(reader)?,
            "left" => self.left = Read::read(reader)?,
            "full" => self.full = Read::read(reader)?,
            "users" => self.users = Read::read(reader)?,
            "heads" => self.heads = Read::read(reader)?,
            "text" => self.text = Read::read(reader)?,
            "reply" => self.reply = Read::read(reader)?,
            "target" => self.target = Read::read(reader)?,
            "emoji" => self.emoji = Read::read(reader)?,
            "on" => self.on = Read::read(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    }

    fn event(self, reader: &Reader<'_>) -> Result<Event, Error> {
        let lacks = |field| move || reader.error(field);
        let target = self.target.ok_or_else(lacks("target"));
        let kind = match self.kind.as_str() {
            "post" => Kind::Post { text: self.text.ok_or_else(lacks("text"))?, reply: self.reply },
            "edit" => Kind::Edit { target: target?, text: self.text.ok_or_else(lacks("text"))? },
            "remove" => Kind::Remove { target: target? },
            "react" => Kind::React {
                target: target?,
                emoji: self.emoji.ok_or_else(lacks("emoji"))?,
                on: self.on.ok_or_else(lacks("on"))?,
            },
            "pin" => Kind::Pin { target: target?, on: self.on.ok_or_else(lacks("on"))? },
            "" => return Err(reader.error("kind")),
            _ => Kind::Unknown,
        };
        Ok(Event {
            seq: self.seq.ok_or_else(lacks("seq"))?,
            at: self.at.ok_or_else(lacks("at"))?,
            user: self.user.ok_or_else(lacks("user"))?.author(),
            id: self.id,
            kind,
        })
    }

    fn frame(self, reader: &Reader<'_>) -> Result<Frame, Error> {
        let lacks = |field| move || reader.error(field);
        let room = self.room.clone().ok_or_else(lacks("room"));
        let message = self.message.ok_or_else(lacks("message"));
        Ok(match self.name.as_str() {
            "welcome" => Frame::Welcome(Welcome {
                user: self.user.ok_or_else(lacks("user"))?,
                server: self.server.ok_or_else(lacks("server"))?,
                rooms: self.rooms.ok_or_else(lacks("rooms"))?,
                limits: self.limits.ok_or_else(lacks("limits"))?,
                ping_ms: self.ping_ms.ok_or_else(lacks("ping_ms"))?,
            }),
            "joined" => Frame::Joined(Joined {
                room: room?,
                epoch: self.epoch.ok_or_else(lacks("epoch"))?,
                head: self.head.ok_or_else(lacks("head"))?,
                after: self.after,
                messages: self.messages,
                more: self.more,
            }),
            "events" => Frame::Events { room: room?, events: self.events.ok_or_else(lacks("events"))? },
            "ok" => Frame::Ok { id: self.id.ok_or_else(lacks("id"))?, room: room?, seq: self.seq, again: self.again },
            "error" => Frame::Error(Refusal {
                id: self.id,
                room: self.room,
                code: self.code.ok_or_else(lacks("code"))?,
                message: message?,
                retry_ms: self.retry_ms,
            }),
            "presence" => Frame::Presence(Presence {
                room: room?,
                online: self.online.ok_or_else(lacks("online"))?,
                joined: self.joined,
                left: self.left,
                full: self.full,
            }),
            "typing" => Frame::Typing { room: room?, users: self.users.ok_or_else(lacks("users"))? },
            "read" => Frame::Read { room: room?, seq: self.seq.ok_or_else(lacks("seq"))? },
            "ping" => Frame::Ping { heads: self.heads.ok_or_else(lacks("heads"))? },
            "pong" => Frame::Pong { id: self.id.ok_or_else(lacks("id"))? },
            "bye" => {
                Frame::Bye { code: self.close.ok_or_else(lacks("code"))?, message: message?, retry_ms: self.retry_ms }
            }
            "" => return Err(reader.error("type")),
            _ => Frame::Unknown,
        })
    }
}
