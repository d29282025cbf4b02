//! The bodies of plain HTTP answers.

use serde::{Deserialize, Serialize};

use crate::event::{Author, Message};
use crate::frame::{Frame, Role, RoomHead, User};
use crate::ids::{Millis, RoomName, Seq, UserId};

/// `GET /api/rooms/{room}/messages`: a page of history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct History {
    pub messages: Vec<Message>,
    /// Whether there is more in the direction that was asked for.
    pub more: bool,
    /// The room's newest seq when the page was read: what happened later is not in it.
    pub head: Seq,
}

/// `GET /api/search`: what was found, newest first. More is asked for with `before=` the last one's `room:seq`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    pub messages: Vec<Hit>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hit {
    pub room: RoomName,
    #[serde(flatten)]
    pub message: Message,
    /// Where in the text the words stand that were searched for: from and to, the end not included, counted in
    /// characters (Unicode scalar values); in order, and apart from each other.
    #[serde(default)]
    pub marks: Vec<[usize; 2]>,
}

/// `GET|POST /api/session`: who is asking. `token` is there only once, when the session is made: it goes into
/// `Authorization: Bearer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    pub user: User,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The body of `POST /api/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewSession {
    pub name: String,
}

/// `GET /api/rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rooms {
    pub rooms: Vec<RoomHead>,
}

/// The body of `POST /api/rooms`. Without a title the name is the title. A private room is given a name that nobody can
/// guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewRoom {
    #[serde(default)]
    pub room: RoomName,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub topic: Option<String>,
    #[serde(default)]
    pub private: bool,
}

/// The body of `POST /api/direct`: whom to talk with. The answer is the room of exactly these people and oneself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewDirect {
    pub users: Vec<UserId>,
}

/// The body of `POST /api/rooms/{room}/invites`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewInvite {
    /// For how long it is good; for ever where it is left out.
    #[serde(default)]
    pub expires_ms: Option<Millis>,
    /// How many people may come by it; as many as like to where it is left out.
    #[serde(default)]
    pub uses: Option<u32>,
}

/// A way into a private room: whoever knows it may come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invite {
    pub invite: String,
    /// Who made it.
    pub user: Author,
    /// For how much longer it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<Millis>,
    /// How many more people may come by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
}

/// `GET /api/rooms/{room}/invites`: those that still lead in, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invites {
    pub invites: Vec<Invite>,
}

/// `GET /api/invites/{invite}`: where it leads, for who has not come in yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// How many are in it.
    pub people: u64,
}

/// `GET /api/rooms/{room}/members`: those who are here come first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Members {
    pub members: Vec<Member>,
    /// Whether there are more after the last one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub online: bool,
    /// They are here, and have not been seen for a while.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
    /// When they last wrote here; missing where they never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_post: Option<Millis>,
    /// When they were last connected, where they are not and that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Millis>,
}

/// `POST /api/ticket`: a credential for one connection, for pages that cannot send a header or a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    pub ticket: String,
    pub expires_ms: Millis,
}

/// `GET /events` with `Accept: application/json`: what came, in order, and where to ask on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Heard {
    pub frames: Vec<Frame>,
    /// `lobby:1041,dev:17`: each room, and how far it is known now.
    pub cursor: String,
}
