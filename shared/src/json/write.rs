//! What the page says, as JSON.

use crate::Command;
use crate::event::{File, Kind};
use crate::frame::User;
use crate::ids::{Seq, UserId};
use crate::page::{NewDirect, NewInvite, NewRoom, NewSession};
use crate::replica::{Pending, Status};
use crate::settings::{RoomSettings, Settings};

/// What can be written.
pub trait Write {
    fn write(&self) -> String;
}

/// An object, field by field.
#[derive(Debug)]
pub struct Object(String);

impl Object {
    #[must_use]
    pub fn new() -> Self {
        Self(String::new())
    }

    #[must_use]
    pub fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        quote(&mut self.0, value);
        self
    }

    /// A field that is left out where there is nothing to say.
    #[must_use]
    pub fn text_some(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    #[must_use]
    pub fn number(mut self, key: &str, value: u64) -> Self {
        self.key(key);
        self.0.push_str(&value.to_string());
        self
    }

    #[must_use]
    pub fn number_some(self, key: &str, value: Option<u64>) -> Self {
        match value {
            Some(value) => self.number(key, value),
            None => self,
        }
    }

    #[must_use]
    pub fn flag(self, key: &str, value: bool) -> Self {
        self.raw(key, if value { "true" } else { "false" })
    }

    /// A field whose value is written already.
    #[must_use]
    pub fn raw(mut self, key: &str, value: &str) -> Self {
        self.key(key);
        self.0.push_str(value);
        self
    }

    pub fn end(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }

    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        quote(&mut self.0, key);
        self.0.push(':');
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

/// A list of what is written already.
pub fn list(items: impl Iterator<Item = String>) -> String {
    let mut list = String::from("[");
    for item in items {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&item);
    }
    list.push(']');
    list
}

fn quote(to: &mut String, text: &str) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\0'..='\x1f' => {
                to.push_str("\\u00");
                for digit in [c as u8 >> 4, c as u8 & 15] {
                    to.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
                }
            }
            _ => to.push(c),
        }
    }
    to.push('"');
}

impl Write for Command {
    fn write(&self) -> String {
        let start = |name| {
            let id = self.id().map(|id| id.as_str());
            let room = self.room().map(|room| room.as_str());
            Object::new().text("type", name).text_some("id", id).text_some("room", room)
        };
        match self {
            Self::Join { after, epoch, .. } => {
                start("join").number_some("after", *after).text_some("epoch", epoch.as_deref())
            }
            Self::Leave { .. } => start("leave"),
            Self::Post { text, reply, files, .. } => {
                // The server chose these ids: there is nothing in them to be quoted.
                let files = files.iter().map(|id| format!("\"{}\"", id.as_str()));
                post(start("post"), text, *reply, list(files))
            }
            Self::Edit { target, text, .. } => edit(start("edit"), *target, text),
            Self::Remove { target, .. } => start("remove").number("target", *target),
            Self::React { target, emoji, on, .. } => react(start("react"), *target, emoji, *on),
            Self::Pin { target, on, .. } => start("pin").number("target", *target).flag("on", *on),
            Self::Purge { user, upto, .. } => start("purge").text("user", user.as_str()).number_some("upto", *upto),
            Self::Typing { .. } => start("typing"),
            Self::Set { title, topic, .. } => set(start("set"), title.as_deref(), topic.as_deref()),
            Self::Read { seq, back, .. } => start("read").number("seq", *seq).number_some("back", back.map(u64::from)),
            Self::Unread { seq, .. } => start("unread").number("seq", *seq),
            Self::Away { on } => start("away").flag("on", *on),
            Self::Ping { .. } => start("ping"),
            Self::Pong => start("pong"),
        }
        .end()
    }
}

fn post(object: Object, text: &str, reply: Option<Seq>, files: String) -> Object {
    let object = object.text("text", text).number_some("reply", reply);
    if files == "[]" { object } else { object.raw("files", &files) }
}

fn edit(object: Object, target: Seq, text: &str) -> Object {
    object.number("target", target).text("text", text)
}

fn set(object: Object, title: Option<&str>, topic: Option<&str>) -> Object {
    object.text_some("title", title).text_some("topic", topic)
}

fn react(object: Object, target: Seq, emoji: &str, on: bool) -> Object {
    object.number("target", target).text("emoji", emoji).flag("on", on)
}

impl Write for Pending {
    fn write(&self) -> String {
        let start = |kind| {
            let (id, room) = (self.id.as_str(), self.room.as_str());
            let start = Object::new().text("id", id).text("room", room).text("kind", kind).number("at", self.at);
            start.number_some("wait_until", self.wait_until)
        };
        let fields = match &self.kind {
            Kind::Post { text, reply, files } => {
                post(start("post"), text, *reply, list(files.iter().map(Write::write)))
            }
            Kind::Edit { target, text } => edit(start("edit"), *target, text),
            Kind::Remove { target } => start("remove").number("target", *target),
            Kind::React { target, emoji, on } => react(start("react"), *target, emoji, *on),
            Kind::Pin { target, on } => start("pin").number("target", *target).flag("on", *on),
            Kind::Purge { author, upto } => start("purge").text("author", author.as_str()).number_some("upto", *upto),
            Kind::Room { title, topic } => set(start("room"), title.as_deref(), topic.as_deref()),
            Kind::Unknown => start("unknown"),
        };
        match &self.status {
            Status::Queued => fields.text("status", "Queued"),
            Status::Sending => fields.text("status", "Sending"),
            Status::Elsewhere => fields.text("status", "Elsewhere"),
            Status::Sent(seq) => fields.raw("status", &Object::new().number("Sent", *seq).end()),
            Status::Refused { code, message } => {
                let refused = Object::new().text("code", code.name()).text("message", message).end();
                fields.raw("status", &Object::new().raw("Refused", &refused).end())
            }
        }
        .end()
    }
}

impl Write for File {
    fn write(&self) -> String {
        let object = Object::new().text("id", self.id.as_str()).text("name", &self.name).text("type", &self.kind);
        let object = object.number("size", self.size).number_some("width", self.width.map(u64::from));
        object.number_some("height", self.height.map(u64::from)).end()
    }
}

impl Write for User {
    fn write(&self) -> String {
        Object::new().text("id", self.id.as_str()).text("name", &self.name).text("role", self.role.name()).end()
    }
}

/// What waits, and whose it is.
impl Write for (&UserId, &[Pending]) {
    fn write(&self) -> String {
        let pending = list(self.1.iter().map(Write::write));
        Object::new().text("owner", self.0.as_str()).raw("pending", &pending).end()
    }
}

impl Write for NewSession {
    fn write(&self) -> String {
        Object::new().text("name", &self.name).end()
    }
}

impl Write for NewRoom {
    fn write(&self) -> String {
        let (title, topic) = (self.title.as_deref(), self.topic.as_deref());
        set(Object::new().text("room", self.room.as_str()), title, topic).flag("private", self.private).end()
    }
}

impl Write for NewDirect {
    fn write(&self) -> String {
        let mut users = String::new();
        for user in &self.users {
            users.push_str(if users.is_empty() { "" } else { "," });
            quote(&mut users, user.as_str());
        }
        Object::new().raw("users", &format!("[{users}]")).end()
    }
}

impl Write for NewInvite {
    fn write(&self) -> String {
        let uses = self.uses.map(u64::from);
        Object::new().number_some("expires_ms", self.expires_ms).number_some("uses", uses).end()
    }
}

impl Write for RoomSettings {
    fn write(&self) -> String {
        let object = Object::new().text_some("notify", self.notify.map(|notify| notify.name()));
        if self.muted { object.flag("muted", true) } else { object }.end()
    }
}

impl Write for Settings {
    fn write(&self) -> String {
        let rooms = self.rooms.iter().fold(Object::new(), |rooms, (room, set)| rooms.raw(room.as_str(), &set.write()));
        let object = Object::new().text_some("language", self.language.as_deref()).text("theme", self.theme.name());
        let object = object.text("density", self.density.name()).text("clock", self.clock.name());
        object.text("notify", self.notify.name()).raw("rooms", &rooms.end()).end()
    }
}
