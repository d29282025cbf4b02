//! Completes what is typed: a list over the field, from which one takes what one means.

mod offers;
mod trigger;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::page::Member;

use self::offers::{Offer, offers};
use self::trigger::{Kind, Trigger, trigger};
use super::emoji;
use crate::platform::dom::{El, Event, el};
use crate::platform::{caret, keys, task};
use crate::view::composer::Field;

const LIST: &str = "suggestions";
/// What a field is to a screen reader while there is a list. A field of many lines may not be called a combobox.
const WITH_LIST: [(&str, &str); 3] =
    [("aria-autocomplete", "list"), ("aria-haspopup", "listbox"), ("aria-controls", LIST)];

struct Completion {
    field: Field,
    list: El,
    shown: RefCell<Shown>,
    /// Where a list was put away: it stays away for as long as that sign is typed at.
    dismissed: Cell<Option<usize>>,
    /// The emoji were asked for.
    has_emoji: Cell<bool>,
    /// Who belongs to the room, once somebody was to be named; in a large one, only those who were asked for.
    members: RefCell<Vec<Member>>,
    /// What was asked for last: beginnings of names. Nothing yet, or that it is all of them.
    asked: RefCell<Asked>,
}

#[derive(Default)]
enum Asked {
    #[default]
    Nothing,
    All,
    Named(String),
}

/// The list as it is. No offers: there is none.
#[derive(Default)]
struct Shown {
    offers: Vec<Offer>,
    rows: Vec<El>,
    chosen: usize,
    /// What stands between the sign and the caret, with the sign, and where.
    typed: String,
    at: usize,
}

/// From now on, for as long as the field is there.
pub(super) fn attend(field: &Field) {
    let Some(form) = field.element.outer("form").filter(El::is_there) else { return };
    if field.is_attended.replace(true) {
        return;
    }
    field.owner.with(|| {
        let list = el("div").class("suggest").set("id", LIST).set("role", "listbox").flag("hidden", true);
        form.insert(&list, None);
        let completion = Rc::new(Completion {
            field: field.clone(),
            list,
            shown: RefCell::default(),
            dismissed: Cell::new(None),
            has_emoji: Cell::new(false),
            members: RefCell::default(),
            asked: RefCell::default(),
        });
        completion.listen(&form);
        completion.look();
    });
}

impl Completion {
    fn listen(self: &Rc<Self>, form: &El) {
        let on = |element: &El, name: &str, f: fn(&Rc<Self>, &Event)| {
            let completion = Rc::clone(self);
            let _ = element.clone().on(name, move |event| f(&completion, &event));
        };
        let (field, list) = (&self.field.element, &self.list);
        on(field, "input", |it, event| if caret::is_composing(event) { it.close() } else { it.look() });
        on(field, "compositionstart", |it, _| it.close());
        on(field, "compositionend", |it, _| it.look());
        on(field, "click", |it, _| it.look());
        on(field, "blur", |it, _| it.close());
        // The focus stays where one writes.
        on(list, "pointerdown", |_, event| event.prevent_default());
        on(list, "click", |it, event| it.clicked(event));
        let (pressed, submitted) = (Rc::clone(self), Rc::clone(self));
        let _ = form
            .clone()
            .on_first("keydown", move |event| pressed.pressed(&event))
            .on_first("submit", move |_| submitted.spell());
    }

    /// Looks at what is being typed.
    fn look(self: &Rc<Self>) {
        if self.field.element.value().contains(':') {
            self.fetch_emoji();
        }
        let Some((before, _)) = caret::around(&self.field.element) else { return self.close() };
        let Some(found) = trigger(&before) else {
            self.dismissed.set(None);
            return self.close();
        };
        if self.dismissed.get() == Some(found.at) {
            return self.close();
        }
        self.dismissed.set(None);
        match found.kind {
            Kind::Command | Kind::Emoji | Kind::Room => {}
            Kind::Person => self.fetch_members(found.sought),
        }
        let members = self.members.borrow();
        let offers = offers(self.field.chat, &members, found);
        self.show(offers, found, &before);
    }

    /// Emoji are there, by the time that it is sent, for whoever writes one by its name.
    fn fetch_emoji(self: &Rc<Self>) {
        if !self.has_emoji.replace(true) {
            let completion = Rc::clone(self);
            task::spawn(async move {
                if emoji::book().await.is_some() {
                    completion.look_again();
                } else {
                    // The next letter tries it again.
                    completion.has_emoji.set(false);
                }
            });
        }
    }

    fn fetch_members(self: &Rc<Self>, sought: &str) {
        let begins = match &*self.asked.borrow() {
            Asked::Nothing => String::new(),
            Asked::All => return,
            Asked::Named(before) if before == sought => return,
            Asked::Named(_) => sought.to_owned(),
        };
        self.asked.replace(Asked::Named(begins.clone()));
        let completion = Rc::clone(self);
        task::spawn(async move {
            let chat = completion.field.chat;
            let room = chat.room.get_untracked();
            // Everybody's name begins with nothing.
            let Some((found, more)) = chat.members_named(&room, &begins).await else {
                // The next letter tries it again.
                completion.asked.replace(Asked::Nothing);
                return;
            };
            if begins.is_empty() && !more {
                completion.asked.replace(Asked::All);
            }
            completion.members.borrow_mut().extend(found);
            completion.look_again();
        });
    }

    /// Something came while the person went on.
    fn look_again(self: &Rc<Self>) {
        if self.field.element.focused().is_some() {
            self.look();
        }
    }

    fn show(&self, offers: Vec<Offer>, found: Trigger<'_>, before: &str) {
        if offers.is_empty() {
            return self.close();
        }
        self.list.clear();
        self.list.put("aria-label", Some(self.field.chat.words_now().later().suggestions));
        let rows: Vec<El> = offers.iter().enumerate().map(|(at, offer)| row(at, offer)).collect();
        for row in &rows {
            self.list.insert(row, None);
        }
        self.list.put("hidden", None);
        for (name, value) in WITH_LIST {
            self.field.element.put(name, Some(value));
        }
        let typed = before[found.at..].to_owned();
        self.shown.replace(Shown { offers, rows, chosen: 0, typed, at: found.at });
        self.choose(0);
    }

    fn close(&self) {
        drop(self.put_away());
    }

    /// Answers what was there.
    fn put_away(&self) -> Shown {
        let shown = self.shown.take();
        if !shown.offers.is_empty() {
            self.hide();
        }
        shown
    }

    fn hide(&self) {
        self.list.clear();
        self.list.put("hidden", Some(""));
        for (name, _) in WITH_LIST {
            self.field.element.put(name, None);
        }
        self.field.element.put("aria-activedescendant", None);
    }

    fn is_open(&self) -> bool {
        !self.shown.borrow().offers.is_empty()
    }

    fn choose(&self, index: usize) {
        let mut shown = self.shown.borrow_mut();
        shown.chosen = index;
        for (at, row) in shown.rows.iter().enumerate() {
            row.put("aria-selected", Some(if at == index { "true" } else { "false" }));
        }
        if let Some(row) = shown.rows.get(index) {
            row.come_into_view();
            self.field.element.put("aria-activedescendant", row.attribute("id").as_deref());
        }
    }

    fn pressed(&self, event: &Event) {
        let takes = if self.is_open() {
            let (count, chosen) = (self.shown.borrow().offers.len(), self.shown.borrow().chosen);
            if keys::is(event, "ArrowDown") {
                self.choose((chosen + 1) % count);
                true
            } else if keys::is(event, "ArrowUp") {
                self.choose((chosen + count - 1) % count);
                true
            } else if keys::is(event, "Escape") {
                self.dismissed.set(Some(self.shown.borrow().at));
                self.close();
                true
            } else if keys::is(event, "Tab") || (keys::sends(event) && !self.stands_already()) {
                self.take();
                true
            } else {
                false
            }
        } else {
            false
        };
        if takes {
            event.prevent_default();
            event.stop_propagation();
        } else if keys::sends(event) {
            self.close();
            self.spell();
        } else if keys::is(event, "ArrowLeft") || keys::is(event, "ArrowRight") {
            // The caret leaves what was being typed.
            self.close();
        }
    }

    /// What is chosen was typed to its end: Enter means "send".
    fn stands_already(&self) -> bool {
        let shown = self.shown.borrow();
        let offer = shown.offers.get(shown.chosen);
        offer.is_some_and(|offer| offer.text.eq_ignore_ascii_case(&shown.typed))
    }

    /// Writes what is chosen in the place of what was typed.
    fn take(&self) {
        let shown = self.put_away();
        let Some(offer) = shown.offers.into_iter().nth(shown.chosen) else { return };
        let follows = caret::around(&self.field.element).map(|(_, after)| after).unwrap_or_default();
        let space = if offer.goes_on && !follows.starts_with(char::is_whitespace) { " " } else { "" };
        caret::write(&self.field.element, &shown.typed, &format!("{}{space}", offer.text));
    }

    fn clicked(&self, event: &Event) {
        let Some(row) = El::around(event, "[role=option]") else { return };
        let at = self.shown.borrow().rows.iter().position(|other| *other == row);
        if let Some(at) = at {
            self.choose(at);
            self.take();
        }
    }

    /// It is sent: emoji in the place of their names.
    fn spell(&self) {
        let text = self.field.element.value();
        if let Some(book) = emoji::book_now() {
            let spelled = book.spell(&text);
            if spelled != text {
                self.field.show(&spelled);
            }
        }
    }
}

fn row(at: usize, offer: &Offer) -> El {
    el("div")
        .set("role", "option")
        .set("id", &format!("{LIST}-{at}"))
        .child(offer.lead.clone())
        .child(el("span").class("suggest-name").set("dir", "auto").text(&offer.name))
        .child(el("span").class("suggest-hint").text(&offer.hint))
}
