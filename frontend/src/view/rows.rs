//! The rows of a timeline in the page: what stays stays the same element, and only what differs is drawn.

use leptos::prelude::{Owner, WithUntracked, untrack};
use stonechat_shared::ids::Millis;

use super::message;
use crate::locales::Phrases;
use crate::platform::dom::{El, el};
use crate::platform::time;
use crate::state::Chat;
use crate::state::rows::{Key, Row};

/// One row in the page.
struct Drawn {
    key: Key,
    row: Row,
    element: El,
    /// Owns what the row listens to.
    owner: Owner,
}

pub(crate) struct Rows {
    place: El,
    /// Owns the rows' owners: a row outlives the effect that drew it.
    owner: Owner,
    drawn: Vec<Drawn>,
    /// Those of rows that are gone: an owner remembers each child it ever had, and a fast room has very many rows.
    spare: Vec<Owner>,
    edition: Edition,
}

/// What every row depends on: the language in which they are drawn, how times are written, which day is today, how many
/// rooms can be gone to, and what this one is called.
#[derive(Default, PartialEq)]
struct Edition(&'static str, u32, i64, usize, String);

impl Rows {
    pub(crate) fn new(place: El, owner: Owner) -> Self {
        place.clear();
        Self { place, owner, drawn: Vec::new(), spare: Vec::new(), edition: Edition::default() }
    }

    /// Shows these rows and no others. Elements move only where the order among those that stay has changed.
    pub(crate) fn show(&mut self, chat: Chat, words: &'static Phrases, rows: Vec<(Key, Row)>) {
        let rooms = chat.rooms.with_untracked(Vec::len);
        let today = time::local_day(time::now());
        let edition = Edition(words.tag, time::edition(), today, rooms, untrack(|| chat.title()));
        let is_new = self.edition != edition;
        self.edition = edition;
        let mut stay: Vec<Option<Drawn>> = Vec::with_capacity(self.drawn.len());
        // What stays mostly comes in the order in which it was: the next one is looked for from here, now and below.
        let mut from = 0;
        for drawn in self.drawn.drain(..) {
            match (from..rows.len()).chain(0..from).find(|&i| rows[i].0 == drawn.key) {
                Some(i) => {
                    from = i + 1;
                    stay.push(Some(drawn));
                }
                None => {
                    drawn.element.remove();
                    drawn.owner.cleanup();
                    self.spare.push(drawn.owner);
                }
            }
        }
        let mut place = self.place.first();
        from = 0;
        for (key, row) in rows {
            let found = (from..stay.len()).chain(0..from).find(|&i| stay[i].as_ref().is_some_and(|d| d.key == key));
            let mut drawn = match found.and_then(|i| stay[i].take()) {
                Some(drawn) => drawn,
                None => Drawn::new(key, &row, self.spare.pop().unwrap_or_else(|| self.owner.child())),
            };
            if let Some(i) = found {
                from = i + 1;
            }
            if is_new || found.is_none() || drawn.row != row {
                drawn.draw(chat, words, row);
            }
            if drawn.element.is(place.as_ref()) {
                place = drawn.element.next();
            } else {
                self.place.insert(&drawn.element, place.as_ref());
            }
            self.drawn.push(drawn);
        }
    }
}

impl Drawn {
    fn new(key: Key, row: &Row, owner: Owner) -> Self {
        let tag = match row {
            Row::Start | Row::Loading => "p",
            Row::Day(_) | Row::New => "div",
            Row::Message(_) => "article",
        };
        Self { key, row: row.clone(), element: el(tag), owner }
    }

    fn draw(&mut self, chat: Chat, words: &'static Phrases, row: Row) {
        self.owner.cleanup();
        self.owner.with(|| match &row {
            Row::Start => self.line("start", &(words.start_of)(&untrack(|| chat.title()))),
            Row::Loading => self.line("loading", words.loading),
            Row::Day(at) => {
                let day = day(words, *at);
                self.divider("divider", &day, el("time").set("datetime", &time::iso(*at)).text(&day));
            }
            Row::New => self.divider("divider new", words.new_since, el("span").text(words.new)),
            Row::Message(entry) => message::draw(chat, words, entry, &self.element),
        });
        self.row = row;
    }

    fn line(&self, class: &str, text: &str) {
        self.element.clear();
        self.element.clone().class(class).text(text);
    }

    fn divider(&self, class: &str, label: &str, text: El) {
        self.element.clear();
        self.element.clone().class(class).set("role", "separator").set("aria-label", label).child(text);
    }
}

pub(crate) fn day(words: &Phrases, at: Millis) -> String {
    match time::local_day(time::now()) - time::local_day(at) {
        0 => words.today.to_owned(),
        1 => words.yesterday.to_owned(),
        _ => time::day(words.tag, at),
    }
}
