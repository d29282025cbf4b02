//! The bodies of plain HTTP answers.

use serde::{Deserialize, Serialize};

use crate::event::Message;
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

/// The body of `POST /api/rooms`. Without a title the name is the title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewRoom {
    pub room: RoomName,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub topic: Option<String>,
}

/// `GET /api/rooms/{room}/members`: those who are here come first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Members {
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub online: bool,
    /// When they last wrote here; missing where they never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_post: Option<Millis>,
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
