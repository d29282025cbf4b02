//! What both ends of Stonechat must agree on. No clock, no IO, no runtime: plain values and plain functions.
//!
//! - [`frame`]: what the server says, and how an error is named.
//! - [`command`]: what a client says, and how its text is read.
//! - [`event`]: what happens to a room for good, and how events fold into messages.
//! - [`few`]: a map for a few keys.
//! - [`ids`]: the names of rooms, people, commands and places in a log.
//! - [`markup`]: how a message's text is read into spans, and who is named in it.
//! - [`page`]: the bodies of plain HTTP answers.
//! - [`json`]: how the page reads and writes all of these.
//! - [`settings`]: what a person likes.
//! - [`replica`]: a client's copy of its rooms and the outbox of what it has not yet seen confirmed.
//!
//! The wire itself is described in `docs/protocol.md`.

pub mod command;
pub mod event;
pub mod few;
pub mod frame;
pub mod ids;
pub mod json;
pub mod markup;
pub mod page;
pub mod replica;
pub mod settings;

pub use command::Command;
pub use event::{Author, Event, File, Kind, Message};
pub use frame::{Code, Frame};
pub use ids::{CommandId, FileId, RoomName, Seq, UserId};
pub use replica::Replica;

/// The version of the wire that this crate speaks, as in `GET /ws?v=1`.
pub const PROTOCOL_VERSION: u32 = 1;

/// How much of anything there may be, and why.
pub mod limits {
    /// Characters (Unicode scalar values) in one message: two screens of a phone; more belongs in a file.
    pub const TEXT_CHARS: usize = 4_000;
    /// Bytes in one frame from a client: a message of [`TEXT_CHARS`] four-byte characters, escaped, and room to spare.
    pub const FRAME_BYTES: usize = 64 * 1024;
    /// Characters in a command's id: a UUID and a prefix fit; a document does not.
    pub const ID_CHARS: usize = 64;
    /// Characters in a room's name: what still reads well in an address bar.
    pub const ROOM_CHARS: usize = 64;
    /// Characters in a person's name: it stands in front of every message.
    pub const NAME_CHARS: usize = 32;
    /// Characters in a room's title and in its topic: one line of a header.
    pub const TITLE_CHARS: usize = 80;
    /// What is new in a room is counted up to here: more is "99+".
    pub const UNREAD: u32 = 100;
    /// People in a direct room, at most: more are a room, which has a title.
    pub const DIRECT: usize = 8;
    /// Characters in one reaction: the longest emoji sequences (families, flags of regions) have ten.
    pub const EMOJI_CHARS: usize = 16;
    /// Files in one message: a row of pictures; more is an album, and belongs into an archive.
    pub const FILES: usize = 10;
    /// Characters in a file's name: it stands in one line of a message.
    pub const FILE_NAME_CHARS: usize = 100;
    /// Messages in the snapshot that answers a join: a tall screen.
    pub const SNAPSHOT: usize = 50;
    /// Messages in one page of history: what a phone lays out without a pause.
    pub const PAGE: usize = 200;
    /// People in one page of a room's members.
    pub const MEMBERS: usize = 200;
    /// Characters in what somebody searches for: a long sentence, copied. A chat is not searched for a document.
    pub const QUERY_CHARS: usize = 200;
    /// Messages in one page of what was found: more than anybody looks through before they ask more precisely.
    pub const SEARCH_PAGE: usize = 50;
    /// Events that a join replays before a snapshot is cheaper for both ends.
    pub const REPLAY: u64 = 1_000;
    /// People in a presence list; beyond it only the number travels, and the list is read over HTTP.
    pub const PRESENCE: usize = 200;
}
