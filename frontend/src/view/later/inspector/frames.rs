//! The list of frames: the newest below, drawn once a picture.

use stonechat_shared::Frame;
use stonechat_shared::ids::Millis;
use stonechat_shared::json::{Object, Value};

use crate::locales::Later;
use crate::platform::dom::{El, el};
use crate::platform::page;
use crate::platform::time;
use crate::state::tap::Direction;
use crate::view::words::button;

/// Frames that are kept: some minutes of a lively room.
const KEPT: usize = 500;

/// A frame that went by.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    direction: Direction,
    at: Millis,
    text: String,
    kind: String,
    id: String,
    room: String,
    seq: Option<u64>,
}

pub(super) struct Frames {
    list: El,
    words: &'static Later,
    kept: Vec<Seen>,
    /// How many of them are not drawn yet.
    undrawn: usize,
    filter: String,
}

impl Seen {
    pub(super) fn new(direction: Direction, text: &str, at: Millis) -> Self {
        let mut value = Value::parse(text).unwrap_or(Value::Null);
        let mut word = |key| value.field::<Option<String>>(key).ok().flatten().unwrap_or_default();
        let (kind, id, room) = (word("type"), word("id"), word("room"));
        let mut number = |key| value.field::<Option<u64>>(key).ok().flatten();
        let seq = number("seq").or_else(|| number("head"));
        // Of many events: how far they lead.
        let last = || match Frame::decode(text) {
            Ok(Frame::Events { events, .. }) => events.last().map(|event| event.seq),
            Ok(_) | Err(_) => None,
        };
        let seq = seq.or_else(|| if kind == "events" { last() } else { None });
        Self { direction, at, text: text.to_owned(), kind, id, room, seq }
    }

    /// The question that it answers, where it is a sign of life.
    pub(super) fn answers(&self) -> Option<&str> {
        (self.kind == "pong").then_some(self.id.as_str())
    }

    fn fits(&self, filter: &str) -> bool {
        // Small letters of ASCII alone: the tables that know all others would be loaded by every visitor.
        let text = self.text.to_ascii_lowercase();
        filter.is_empty() || text.as_bytes().windows(filter.len()).any(|part| part == filter.as_bytes())
    }

    fn draw(&self, words: &'static Later) -> El {
        let cell = |class: &str, text: &str| el("span").class(class).text(text);
        let name = match self.direction {
            Direction::Sent => words.frame_sent,
            Direction::Heard => words.frame_heard,
        };
        let arrow = cell("arrow", self.direction.arrow()).set("role", "img").set("aria-label", name);
        let seq = self.seq.map(|seq| seq.to_string()).unwrap_or_default();
        let line = button("frame")
            .set("aria-expanded", "false")
            .child(arrow)
            .child(cell("kind", &self.kind))
            .child(cell("in", &self.room))
            .child(cell("seq", &seq))
            .child(cell("json", &self.text))
            .child(cell("size", &format!("{} B", self.text.len())))
            .child(cell("at", &time::to_the_millisecond(self.at)));
        let item = el("li").set("data-direction", if self.direction == Direction::Sent { "sent" } else { "heard" });
        let (place, text, shown) = (item.clone(), self.text.clone(), line.clone());
        let toggle = move || match place.child_of_class("pretty") {
            Some(pretty) => {
                pretty.remove();
                shown.put("aria-expanded", Some("false"));
            }
            None => {
                place.insert(&el("pre").class("pretty").text(&page::pretty(&text)), None);
                shown.put("aria-expanded", Some("true"));
            }
        };
        item.child(line.on_click(toggle))
    }
}

impl Frames {
    pub(super) fn new(list: El, words: &'static Later) -> Self {
        Self { list, words, kept: Vec::new(), undrawn: 0, filter: String::new() }
    }

    /// Keeps a frame; answers whether it is the first since all were drawn.
    pub(super) fn note(&mut self, seen: Seen) -> bool {
        if self.kept.len() == KEPT {
            self.kept.remove(0);
        }
        self.kept.push(seen);
        self.undrawn += 1;
        self.undrawn == 1
    }

    pub(super) fn draw(&mut self) {
        let follows = self.list.is_at_the_end();
        let new = self.kept.len().saturating_sub(std::mem::take(&mut self.undrawn));
        for seen in self.kept[new..].iter().filter(|seen| seen.fits(&self.filter)) {
            self.list.insert(&seen.draw(self.words), None);
        }
        while self.list.len() > KEPT {
            self.list.remove_first();
        }
        if follows {
            self.list.to_the_end();
        }
    }

    pub(super) fn filter(&mut self, filter: &str) {
        self.filter = filter.trim().to_ascii_lowercase();
        self.list.clear();
        self.undrawn = self.kept.len();
        self.draw();
        self.list.to_the_end();
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.list.clear();
    }

    /// Those that are shown, each a line of JSON.
    pub(super) fn lines(&self) -> String {
        let shown = self.kept.iter().filter(|seen| seen.fits(&self.filter));
        let line = |seen: &Seen| {
            let direction = if seen.direction == Direction::Sent { "sent" } else { "heard" };
            Object::new().number("at", seen.at).text("direction", direction).raw("frame", &seen.text).end()
        };
        shown.map(line).collect::<Vec<_>>().join("\n")
    }
}
