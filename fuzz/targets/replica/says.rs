//! What a server may say, in few bytes, so that frames that fit each other are found often.

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use stonechat_shared::event::Reaction;
use stonechat_shared::frame::{Joined, Limits, Presence, Refusal, Role, RoomHead, Server, User, Welcome};
use stonechat_shared::{Author, Code, CommandId, Event, Frame, Kind, Message, RoomName, UserId};

pub(crate) const ROOMS: u8 = 3;
const PEOPLE: u8 = 3;
const IDS: u8 = 16;

#[derive(Arbitrary, Debug)]
pub(crate) enum Says {
    Welcome { who: u8, guest: bool, heads: Vec<(u8, u8)> },
    Snapshot { room: u8, head: u8, messages: Vec<Old>, more: bool },
    Joined { room: u8, head: u8, after: u8 },
    Events { room: u8, after: u8, events: Vec<Happened> },
    Ok { id: u8, room: u8, seq: Option<u8>, again: bool },
    Error { id: Option<u8>, room: Option<u8>, passes: bool, retry_ms: Option<u64> },
    Presence { room: u8, online: u16, joined: Vec<u8>, left: Vec<u8>, full: bool },
    Typing { room: u8, users: Vec<u8> },
    Read { room: u8, seq: u8 },
    Ping { heads: Vec<(u8, u8)> },
}

/// A message of a snapshot or a page.
#[derive(Arbitrary, Debug)]
pub(crate) struct Old {
    seq: u8,
    who: u8,
    id: Option<u8>,
    likes: Option<u32>,
}

#[derive(Arbitrary, Debug)]
pub(crate) struct Happened {
    /// Seqs that are left out before it.
    lost: bool,
    who: u8,
    id: Option<u8>,
    what: What,
}

#[derive(Arbitrary, Debug)]
enum What {
    Post,
    Edit { target: u8 },
    Remove { target: u8 },
    React { target: u8, on: bool },
    Pin { target: u8, on: bool },
    Unknown,
}

/// The first is the lobby, of which the golden frames speak.
pub(crate) fn room(number: u8) -> RoomName {
    match number % ROOMS {
        0 => RoomName::LOBBY.into(),
        other => format!("room-{other}").into(),
    }
}

pub(crate) fn id(number: u8) -> CommandId {
    format!("c{}", number % IDS).into()
}

pub(crate) fn heads(heads: &[(u8, u8)]) -> Vec<RoomHead> {
    let head = |&(name, head): &(u8, u8)| RoomHead { room: room(name), head: head.into(), ..RoomHead::default() };
    heads.iter().map(head).collect()
}

fn user_id(number: u8) -> UserId {
    format!("u_{}", number % PEOPLE).into()
}

fn user(number: u8) -> User {
    User { id: user_id(number), name: "Ann".to_owned(), role: Role::Member, away: false }
}

fn author(number: u8) -> Author {
    user(number).author()
}

impl Says {
    pub(crate) fn frame(self) -> Frame {
        match self {
            Self::Welcome { who, guest, heads: list } => Frame::Welcome(Welcome {
                user: User { role: if guest { Role::Guest } else { Role::Member }, ..user(who) },
                server: Server { name: "stonechat".to_owned(), version: "0".to_owned() },
                rooms: heads(&list),
                limits: Limits { text: 4000, frame: 65_536, file: 0, edit_ms: 0 },
                ping_ms: 25_000,
            }),
            Self::Snapshot { room: name, head, messages, more } => Frame::Joined(Joined {
                messages: Some(messages.into_iter().map(Old::message).collect()),
                more: Some(more),
                ..joined(name, head)
            }),
            Self::Joined { room: name, head, after } => {
                Frame::Joined(Joined { after: Some(after.into()), ..joined(name, head) })
            }
            Self::Events { room: name, after, events: happened } => {
                let mut seq = u64::from(after);
                let event = |what: Happened| {
                    seq += if what.lost { 2 } else { 1 };
                    what.event(seq)
                };
                Frame::Events { room: room(name), events: happened.into_iter().map(event).collect() }
            }
            Self::Ok { id: which, room: name, seq, again } => {
                Frame::Ok { id: id(which), room: room(name), seq: seq.map(u64::from), again }
            }
            Self::Error { id: which, room: name, passes, retry_ms } => Frame::Error(Refusal {
                id: which.map(id),
                room: name.map(room),
                code: if passes { Code::RateLimited } else { Code::Muted },
                message: String::new(),
                retry_ms,
            }),
            Self::Presence { room: name, online, joined, left, full } => Frame::Presence(Presence {
                room: room(name),
                online: online.into(),
                joined: joined.into_iter().map(user).collect(),
                left: left.into_iter().map(user_id).collect(),
                full,
            }),
            Self::Typing { room: name, users } => {
                Frame::Typing { room: room(name), users: users.into_iter().map(author).collect() }
            }
            Self::Read { room: name, seq } => {
                Frame::Read { room: room(name), seq: seq.into(), back: u32::from(seq % 2), unread: 0, mentions: 0 }
            }
            Self::Ping { heads } => {
                Frame::Ping { heads: heads.into_iter().map(|(name, head)| (room(name), head.into())).collect() }
            }
        }
    }
}

fn joined(name: u8, head: u8) -> Joined {
    Joined { room: room(name), epoch: "a9".to_owned(), head: head.into(), after: None, messages: None, more: None }
}

impl Old {
    pub(crate) fn message(self) -> Message {
        let reaction = |count| Reaction { emoji: "👍".to_owned(), count, mine: false };
        Message {
            seq: self.seq.into(),
            at: 0,
            user: author(self.who),
            id: self.id.map(id),
            text: "hi".to_owned(),
            reply: None,
            edited: None,
            removed: false,
            reactions: self.likes.filter(|count| *count > 0).map(reaction).into_iter().collect(),
            pinned: false,
            files: Vec::new(),
        }
    }
}

impl Happened {
    fn event(self, seq: u64) -> Event {
        let text = || "hi!".to_owned();
        let kind = match self.what {
            What::Post => Kind::Post { text: text(), reply: None, files: Vec::new() },
            What::Edit { target } => Kind::Edit { target: target.into(), text: text() },
            What::Remove { target } => Kind::Remove { target: target.into() },
            What::React { target, on } => Kind::React { target: target.into(), emoji: "👍".to_owned(), on },
            What::Pin { target, on } => Kind::Pin { target: target.into(), on },
            What::Unknown => Kind::Unknown,
        };
        Event { seq, at: 0, user: author(self.who), id: self.id.map(id), kind }
    }
}
