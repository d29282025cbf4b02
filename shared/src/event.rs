//! What happens to a room for good, and how events fold into messages.
//!
//! A room is a log (see `docs/protocol.md`). *Architecture invariant:* folding the events after N into the messages as
//! they stood at N gives the messages as they stand at the head, field for field; client and server share this fold.

use serde::{Deserialize, Serialize};

use crate::ids::{CommandId, FileId, Millis, Seq, UserId};

/// Who did something, under the name they had then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    pub id: UserId,
    pub name: String,
}

/// One entry of a room's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    pub seq: Seq,
    /// By the server's clock; never less than the event before it in the same room.
    pub at: Millis,
    pub user: Author,
    /// The command that caused it: how its sender knows its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommandId>,
    #[serde(flatten)]
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    Post {
        /// Empty in a replay where the message was removed since.
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
        /// None in a replay where the message was removed since.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
    },
    Edit {
        target: Seq,
        text: String,
    },
    Remove {
        target: Seq,
    },
    React {
        target: Seq,
        emoji: String,
        on: bool,
    },
    Pin {
        target: Seq,
        on: bool,
    },
    /// Everything that this person wrote here is removed: up to a message, where one is named.
    Purge {
        author: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        upto: Option<Seq>,
    },
    /// The room has another title or topic: what is left out stays.
    Room {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
    },
    /// A kind that this version does not know: it takes its place in the log and changes nothing.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

impl Kind {
    /// The message that this event is about, where it is about another one.
    pub fn target(&self) -> Option<Seq> {
        match self {
            Self::Edit { target, .. }
            | Self::Remove { target }
            | Self::React { target, .. }
            | Self::Pin { target, .. } => Some(*target),
            Self::Post { .. } | Self::Purge { .. } | Self::Room { .. } | Self::Unknown => None,
        }
    }

    /// Whether an event of this kind changes this message, where it was posted before.
    pub fn is_about(&self, message: &Message) -> bool {
        match self {
            Self::Purge { author, upto } => *author == message.user.id && upto.is_none_or(|upto| message.seq <= upto),
            Self::Post { .. }
            | Self::Edit { .. }
            | Self::Remove { .. }
            | Self::React { .. }
            | Self::Pin { .. }
            | Self::Room { .. }
            | Self::Unknown => self.target() == Some(message.seq),
        }
    }
}

impl Event {
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("an event has only string keys")
    }
}

/// A message as it stands now: a post with everything that happened to it since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// Its name: the seq of its post.
    pub seq: Seq,
    pub at: Millis,
    pub user: Author,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommandId>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Seq>,
    /// The seq of its last edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Seq>,
    #[serde(default)]
    pub removed: bool,
    /// In the order in which each emoji was first given.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
    #[serde(default)]
    pub pinned: bool,
    /// What was sent along with it.
    #[serde(default)]
    pub files: Vec<File>,
}

/// What was uploaded: `GET /files/{id}` has its bytes, for whoever may read the message that it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File {
    pub id: FileId,
    /// One line, without a path. Its uploader chose it, and it says nothing about what is in it.
    pub name: String,
    /// What the bytes are: `image/png`, `image/jpeg`, `image/gif` or `image/webp` where the server has found them to be
    /// that, and `application/octet-stream`, which is for downloading only, where not.
    #[serde(rename = "type")]
    pub kind: String,
    /// Bytes.
    pub size: u64,
    /// Pixels, of pictures only: what space to keep for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reaction {
    pub emoji: String,
    pub count: u32,
    /// Whether the reader is one of those.
    pub mine: bool,
}

impl Message {
    /// The message that a post makes; nothing for any other event.
    pub fn posted(event: &Event) -> Option<Self> {
        let Kind::Post { text, reply, files } = &event.kind else { return None };
        Some(Self {
            seq: event.seq,
            at: event.at,
            user: event.user.clone(),
            id: event.id.clone(),
            text: text.clone(),
            reply: *reply,
            edited: None,
            removed: false,
            reactions: Vec::new(),
            pinned: false,
            files: files.clone(),
        })
    }

    /// Folds in one event about this message. `reader` is whose view this is.
    pub fn apply(&mut self, event: &Event, reader: Option<&UserId>) {
        match &event.kind {
            Kind::Edit { text, .. } => {
                self.text.clone_from(text);
                self.edited = Some(event.seq);
            }
            Kind::Remove { .. } | Kind::Purge { .. } => self.clear(),
            Kind::React { emoji, on, .. } => self.react(emoji, *on, reader == Some(&event.user.id)),
            Kind::Pin { on, .. } => self.pinned = *on,
            Kind::Post { .. } | Kind::Room { .. } | Kind::Unknown => {}
        }
    }

    /// What is left of a removed message: who and when, and that something was there.
    fn clear(&mut self) {
        self.removed = true;
        self.text.clear();
        self.edited = None;
        self.reactions.clear();
        self.pinned = false;
        self.files.clear();
    }

    fn react(&mut self, emoji: &str, on: bool, mine: bool) {
        match (self.reactions.iter().position(|reaction| reaction.emoji == emoji), on) {
            (Some(i), true) => {
                self.reactions[i].count = self.reactions[i].count.saturating_add(1);
                self.reactions[i].mine |= mine;
            }
            (Some(i), false) if self.reactions[i].count <= 1 => {
                self.reactions.remove(i);
            }
            (Some(i), false) => {
                self.reactions[i].count -= 1;
                self.reactions[i].mine &= !mine;
            }
            (None, true) => self.reactions.push(Reaction { emoji: emoji.to_owned(), count: 1, mine }),
            (None, false) => {}
        }
    }
}
