//! The emoji themselves, in rows of eight. One of them is reached by Tab, the others from there by the arrow keys.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::locales::later::Later;
use crate::platform::dom::{El, Event, el};
use crate::platform::{keys, task, time};
use crate::state::Chat;
use crate::view::later::emoji::{self, Book, Emoji};
use crate::view::words::button;

pub(super) const GRID: &str = "picker-grid";
pub(super) const CELL: &str = ".picker-row > button";
const ROW: &str = ".picker-row";
/// As many fit the narrowest phones.
const COLUMNS: usize = 8;
/// Who finds nothing among these looks for something else.
const FOUND: usize = 64;
/// The name of the group that is made of what was chosen last.
const RECENT: &str = "recent";

pub(super) struct Grid {
    chat: Chat,
    book: &'static Book,
    pub(super) element: El,
    /// Where the name of the emoji that is pointed at stands.
    name: El,
    sought: RefCell<String>,
    /// Counts the drawings: one that is overtaken stops.
    drawing: Cell<u32>,
}

impl Grid {
    pub(super) fn new(chat: Chat, book: &'static Book, name: El) -> Rc<Self> {
        let element = el("div")
            .class(GRID)
            .set("id", GRID)
            .set("role", "grid")
            .set("tabindex", "-1")
            .set("aria-label", chat.words_now().emoji);
        let grid = Rc::new(Self { chat, book, element, name, sought: RefCell::default(), drawing: Cell::default() });
        for event in ["pointerover", "focusin"] {
            let named = Rc::downgrade(&grid);
            let _ = grid.element.clone().on(event, move |event| {
                if let (Some(grid), Some(cell)) = (named.upgrade(), El::around(&event, CELL)) {
                    grid.tell(&cell);
                }
            });
        }
        grid.draw();
        grid
    }

    pub(super) fn seek(self: &Rc<Self>, sought: &str) {
        self.sought.replace(sought.trim().to_owned());
        self.draw();
    }

    /// The first group now, the others one a picture: nobody waits for what they do not see yet.
    pub(super) fn draw(self: &Rc<Self>) {
        let drawing = self.drawing.get() + 1;
        self.drawing.set(drawing);
        self.element.clear();
        self.element.put("role", Some("grid"));
        self.name.clear();
        let sought = self.sought.borrow().clone();
        let tone = emoji::tone();
        if !sought.is_empty() {
            return self.draw_found(&self.book.find(&sought, FOUND), tone);
        }
        let recent = emoji::recent();
        if !recent.is_empty() {
            let group = self.group(RECENT, recent.len());
            fill(&group, &recent.iter().map(|sign| cell(sign, &self.name_of(sign))).collect::<Vec<_>>());
        }
        let groups: Vec<El> = self.book.groups.iter().map(|group| self.group(group.name, group.emoji.len())).collect();
        let grid = Rc::clone(self);
        let draw = move |at: usize| {
            if let (Some(element), Some(group)) = (groups.get(at), grid.book.groups.get(at)) {
                fill(element, &grid.cells(group.emoji.iter(), tone));
                grid.has_way_in();
            }
            at < groups.len() && grid.drawing.get() == drawing
        };
        draw(0);
        task::spawn(async move {
            let mut at = 1;
            while draw(at) {
                at += 1;
                time::picture().await;
            }
        });
    }

    fn draw_found(&self, found: &[&Emoji], tone: usize) {
        if found.is_empty() {
            // In a grid there are rows and nothing else.
            self.element.put("role", Some("group"));
            let none = el("p").class("list-empty").set("role", "status").text(self.chat.words_now().later().emoji_none);
            return self.element.insert(&none, None);
        }
        let group = el("div").class("picker-group").set("role", "rowgroup");
        self.element.insert(&group, None);
        fill(&group, &self.cells(found.iter().copied(), tone));
        self.has_way_in();
        // It is the one that Enter takes.
        self.first().iter().for_each(|cell| self.tell(cell));
    }

    /// An empty one with its heading, as high as it will be.
    fn group(&self, name: &'static str, size: usize) -> El {
        let title = title(self.chat.words_now().later(), name);
        let group = el("div")
            .class("picker-group")
            .set("role", "rowgroup")
            .set("aria-label", title)
            .set("data-group", name)
            .style("--rows", &size.div_ceil(COLUMNS).to_string())
            .child(el("h3").set("aria-hidden", "true").text(title));
        self.element.insert(&group, None);
        group
    }

    fn cells<'a>(&self, emoji: impl Iterator<Item = &'a Emoji>, tone: usize) -> Vec<El> {
        let tag = self.chat.words_now().tag;
        emoji.map(|emoji| cell(&emoji.sign(tone), &emoji.name(tag)).set("data-code", emoji.code())).collect()
    }

    fn name_of(&self, sign: &str) -> String {
        let known = self.book.named(sign);
        known.map_or_else(|| sign.to_owned(), |emoji| emoji.name(self.chat.words_now().tag))
    }

    /// Each group, and one of its own that stands for it.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.book.groups.iter().filter_map(|group| Some((group.name, group.emoji.first()?.sign(0))))
    }

    /// Brings it to the top; Tab leads into it from now on.
    pub(super) fn show_group(&self, name: &str) {
        if let Some(group) = self.element.all(&format!("[data-group={name}]")).first() {
            group.come_to_top();
            group.all("button").first().into_iter().for_each(|cell| self.lead_to(cell));
        }
    }

    pub(super) fn first(&self) -> Option<El> {
        self.element.all(CELL).into_iter().next()
    }

    /// Answers whether there is one.
    pub(super) fn focus_first(&self) -> bool {
        self.first().inspect(|cell| self.focus(cell)).is_some()
    }

    pub(super) fn is_on_top(&self) -> bool {
        let row = self.element.focused().and_then(|cell| cell.outer(ROW));
        row.is_some() && row == self.element.all(ROW).into_iter().next()
    }

    /// Moves the focus as the key says; answers whether it was one that does.
    pub(super) fn moved(&self, event: &Event) -> bool {
        let Some(from) = self.element.focused() else { return false };
        let cells = self.element.all(CELL);
        let Some(at) = cells.iter().position(|cell| *cell == from) else { return false };
        let to = if keys::is(event, "ArrowRight") {
            cells.get(at + 1)
        } else if keys::is(event, "ArrowLeft") {
            at.checked_sub(1).and_then(|at| cells.get(at))
        } else if keys::is(event, "ArrowDown") {
            return self.step(&from, true);
        } else if keys::is(event, "ArrowUp") {
            return self.step(&from, false);
        } else if keys::is(event, "Home") {
            cells.first()
        } else if keys::is(event, "End") {
            cells.last()
        } else {
            return false;
        };
        to.iter().for_each(|cell| self.focus(cell));
        true
    }

    /// To the same column of the row below or above, or to the last of a shorter one.
    fn step(&self, from: &El, down: bool) -> bool {
        let rows = self.element.all(ROW);
        let Some(row) = from.outer(ROW) else { return false };
        let column = row.all("button").iter().position(|cell| cell == from).unwrap_or_default();
        let Some(at) = rows.iter().position(|other| *other == row) else { return false };
        let next = if down { at.checked_add(1) } else { at.checked_sub(1) };
        if let Some(next) = next.and_then(|next| rows.get(next)) {
            let cells = next.all("button");
            cells.get(column).or(cells.last()).into_iter().for_each(|cell| self.focus(cell));
        }
        true
    }

    fn focus(&self, cell: &El) {
        self.lead_to(cell);
        cell.focus();
    }

    /// This is the one that Tab reaches.
    fn lead_to(&self, cell: &El) {
        for other in self.element.all("[tabindex='0']") {
            other.put("tabindex", Some("-1"));
        }
        cell.put("tabindex", Some("0"));
    }

    /// The first cell is where Tab leads.
    fn has_way_in(&self) {
        if self.element.all("[tabindex='0']").is_empty() {
            self.first().iter().for_each(|cell| cell.put("tabindex", Some("0")));
        }
    }

    fn tell(&self, cell: &El) {
        let code = cell.attribute("data-code").map(|code| format!("  :{code}:")).unwrap_or_default();
        self.name.clear();
        let name = cell.attribute("aria-label").unwrap_or_default();
        let _ = self.name.clone().text(&name).child(el("span").text(&code));
    }
}

fn cell(sign: &str, name: &str) -> El {
    button("").set("role", "gridcell").set("tabindex", "-1").set("aria-label", name).text(sign)
}

fn fill(group: &El, cells: &[El]) {
    for row in cells.chunks(COLUMNS) {
        let line = el("div").class("picker-row").set("role", "row");
        group.insert(&row.iter().cloned().fold(line, El::child), None);
    }
}

/// What a group is called.
pub(super) fn title(words: &'static Later, name: &str) -> &'static str {
    match name {
        RECENT => words.recent,
        "smileys" => words.smileys,
        "people" => words.people,
        "animals" => words.animals,
        "food" => words.food,
        "travel" => words.travel,
        "activities" => words.activities,
        "objects" => words.objects,
        "symbols" => words.symbols,
        _ => words.flags,
    }
}
