//! The quick switcher: to a room by a few letters of it, or on to a search.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::frame::RoomHead;
use stonechat_shared::limits::TITLE_CHARS;

use super::dialog::{self, Dialog};
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::keys;
use crate::state::Chat;
use crate::state::switching::{Choice, choices};
use crate::view::frame::{Layout, Pane};
use crate::view::icon::icon;
use crate::view::later::{self, Part};

/// More than anybody looks through before they type another letter.
const MOST: usize = 50;

struct Switcher {
    chat: Chat,
    layout: Layout,
    dialog: Dialog,
    field: El,
    list: El,
    choices: RefCell<Vec<Choice>>,
    chosen: Cell<usize>,
}

pub(super) fn open(chat: Chat, layout: Layout) {
    dialog::open_bare("switcher", |dialog, element| fill(chat, layout, dialog, element));
}

fn fill(chat: Chat, layout: Layout, dialog: &Dialog, element: El) -> El {
    let field = el("input")
        .set("id", "switcher-input")
        .set("role", "combobox")
        .set("aria-expanded", "true")
        .set("aria-autocomplete", "list")
        .set("aria-controls", "switcher-list")
        .set("dir", "auto")
        .set("autocomplete", "off")
        .set("autocapitalize", "none")
        .set("spellcheck", "false")
        .set("enterkeyhint", "go")
        .set("maxlength", &TITLE_CHARS.to_string())
        .flag("autofocus", true)
        .label(chat, |words| words.later().switcher)
        .say_in(chat, "placeholder", |words| words.later().switcher_placeholder);
    let list =
        el("ul").set("id", "switcher-list").set("role", "listbox").label(chat, |words| words.later().switcher_list);
    let switcher = Rc::new(Switcher {
        chat,
        layout,
        dialog: dialog.clone(),
        field: field.clone(),
        list: list.clone(),
        choices: RefCell::new(Vec::new()),
        chosen: Cell::new(0),
    });
    let (typed, pressed, clicked) = (Rc::clone(&switcher), Rc::clone(&switcher), Rc::clone(&switcher));
    watch(move || {
        chat.rooms.track();
        chat.words.track();
        switcher.draw();
    });
    let field = field
        .on("input", move |_| {
            typed.chosen.set(0);
            typed.draw();
        })
        .on("keydown", move |event| pressed.pressed(&event));
    let list = list.on("click", move |event| clicked.clicked(&event));
    let key = |keys: &str| el("kbd").text(keys);
    let foot = el("footer")
        .set("aria-hidden", "true")
        .child(el("span").child(key("↑")).child(key("↓")).text(" ").say(chat, |words| words.later().switcher_choose))
        .child(el("span").child(key("⏎")).text(" ").say(chat, |words| words.later().switcher_go))
        .child(el("span").child(key("Esc")).text(" ").say(chat, |words| words.close));
    element
        .class("switcher")
        .label(chat, |words| words.later().switcher)
        .child(el("label").class("switcher-field").child(icon("search")).child(field))
        .child(list)
        .child(foot)
}

impl Switcher {
    fn draw(&self) {
        let typed = self.field.value();
        let chat = self.chat;
        let called = |head: &RoomHead| RoomHead { title: untrack(|| chat.name_of(head)), ..head.clone() };
        let rooms: Vec<_> = chat.rooms.with_untracked(|rooms| rooms.iter().map(called).collect());
        let here = chat.room.get_untracked();
        let mut found = choices(&typed, &rooms, &here, |head| untrack(|| chat.is_unread(head)));
        found.truncate(MOST);
        self.list.clear();
        for (index, choice) in found.iter().enumerate() {
            let by_name = choice.marks.is_empty() && !typed.trim().is_empty();
            let name = by_name.then(|| el("span").class("choice-name").text(choice.room.as_str()));
            self.list.insert(
                &self
                    .option(index)
                    .child(icon("hash"))
                    .child(title(choice))
                    .child_some(name)
                    .child_some(unread(chat, choice)),
                None,
            );
        }
        if !typed.trim().is_empty() {
            let sentence = (chat.words_now().later().search_for)(typed.trim());
            let text = el("span").class("choice-title").set("dir", "auto").text(&sentence);
            self.list.insert(&self.option(found.len()).child(icon("search")).child(text), None);
        }
        self.choices.replace(found);
        self.choose(self.chosen.get());
    }

    fn option(&self, index: usize) -> El {
        el("li").set("id", &format!("choice-{index}")).set("role", "option").set("data-index", &index.to_string())
    }

    fn choose(&self, index: usize) {
        self.chosen.set(index);
        for option in self.list.all("li") {
            let is_chosen = option.attribute("data-index") == Some(index.to_string());
            option.put("aria-selected", Some(if is_chosen { "true" } else { "false" }));
            if is_chosen {
                option.reveal();
            }
        }
        self.field.put("aria-activedescendant", Some(&format!("choice-{index}")));
    }

    fn pressed(&self, event: &Event) {
        let count = self.list.all("li").len().max(1);
        let chosen = self.chosen.get();
        if keys::is(event, "ArrowDown") {
            self.choose((chosen + 1) % count);
        } else if keys::is(event, "ArrowUp") {
            self.choose((chosen + count - 1) % count);
        } else if keys::is(event, "Enter") {
            self.go(chosen);
        } else {
            return;
        }
        event.prevent_default();
    }

    fn clicked(&self, event: &Event) {
        let index = El::around(event, "[data-index]").and_then(|option| option.attribute("data-index")?.parse().ok());
        if let Some(index) = index {
            self.go(index);
        }
    }

    fn go(&self, index: usize) {
        let typed = self.field.value();
        let room = self.choices.borrow().get(index).map(|choice| choice.room.clone());
        self.dialog.close();
        match room {
            Some(room) => {
                self.layout.pane.set(Pane::Room);
                self.chat.go(&room);
            }
            None if typed.trim().is_empty() => {}
            None => later::open(self.chat, self.layout, Part::Search(typed.trim().to_owned())),
        }
    }
}

/// With what was typed of it.
fn title(choice: &Choice) -> El {
    let chars = choice.title.chars().enumerate();
    chars.fold(el("span").class("choice-title").set("dir", "auto"), |title, (i, c)| {
        let c = c.to_string();
        if choice.marks.contains(&i) { title.child(el("mark").text(&c)) } else { title.text(&c) }
    })
}

fn unread(chat: Chat, choice: &Choice) -> Option<El> {
    choice.is_unread.then(|| {
        let said = el("span").class("vh").text(chat.words_now().unread);
        el("span").class("choice-unread").child(said)
    })
}
