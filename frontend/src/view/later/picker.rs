//! Choosing an emoji: all of them in groups, the last ones first, found by their names in any of our languages.

mod grid;

use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::Seq;

use self::grid::Grid;
use super::emoji::{self, Book, TONES};
use crate::locales::Phrase;
use crate::platform::dom::{El, Event, el, mount};
use crate::platform::{caret, keys, page, popover, task, time};
use crate::state::Chat;
use crate::view::composer::Field;
use crate::view::words::button;

const PICKER: &str = "picker";
/// What shows how a tone looks.
const HAND: &str = "✋";

const TONE_NAMES: [Phrase; TONES.len()] = [
    |words| words.later().tone_none,
    |words| words.later().tone_light,
    |words| words.later().tone_medium_light,
    |words| words.later().tone_medium,
    |words| words.later().tone_medium_dark,
    |words| words.later().tone_dark,
];

/// What is done with the one that is chosen, and when the picker is gone.
struct Purpose {
    anchor: El,
    chosen: Box<dyn Fn(&str)>,
    closed: Box<dyn Fn()>,
}

/// An emoji to write where the caret is.
pub(super) fn write_into(field: &Field) {
    let Some(anchor) = field.element.outer("form").and_then(|form| form.all(".emoji").pop()) else { return };
    let element = field.element.clone();
    let chosen = Box::new(move |sign: &str| caret::write(&element, "", sign));
    open(field.chat, Purpose { anchor, chosen, closed: Box::new(|| {}) });
}

/// A reaction to this message; its buttons stay for as long as one chooses.
pub(super) fn react(chat: Chat, seq: Seq, message: El, anchor: El) {
    message.put("data-active", Some(""));
    let (focused, button) = (message.clone(), anchor.clone());
    let chosen = Box::new(move |sign: &str| {
        chat.react(seq, sign, true);
        // The message is drawn anew; the button may be gone with others' buttons.
        if button.is_there() { button.focus() } else { focused.focus() }
    });
    open(chat, Purpose { anchor, chosen, closed: Box::new(move || message.put("data-active", None)) });
}

fn open(chat: Chat, purpose: Purpose) {
    // The click that closes a picker is the same that would open it again.
    if page::has(PICKER) {
        return (purpose.closed)();
    }
    task::spawn(async move {
        match emoji::book().await {
            Some(book) if purpose.anchor.is_there() => show(chat, book, purpose),
            Some(_) => (purpose.closed)(),
            None => {
                (purpose.closed)();
                chat.notify(chat.words_now().unreachable.to_owned());
            }
        }
    });
}

fn show(chat: Chat, book: &'static Book, purpose: Purpose) {
    if page::has(PICKER) {
        return (purpose.closed)();
    }
    let owner = Owner::new();
    let purpose = Rc::new(purpose);
    let (picker, search, grid) = owner.with(|| fill(chat, book, &purpose));
    let (kept, gone, ended) = (StoredValue::new_local(Some(owner.clone())), picker.clone(), Rc::clone(&purpose));
    let picker = owner.with(|| {
        picker.on("toggle", move |_| {
            if !popover::is_open(&gone) {
                gone.remove();
                ended.anchor.put("aria-expanded", None);
                (ended.closed)();
                // What listens is not taken away while it listens.
                time::next_frame(move || drop(kept.try_update_value(Option::take)));
            }
        })
    });
    mount(&picker);
    popover::open(&picker, &purpose.anchor);
    purpose.anchor.put("aria-expanded", Some("true"));
    // Where a keyboard would cover half of the page, one looks first.
    if page::has_keyboard() {
        search.focus();
    } else {
        grid.focus_first();
    }
}

fn fill(chat: Chat, book: &'static Book, purpose: &Rc<Purpose>) -> (El, El, Rc<Grid>) {
    let words = chat.words_now().later();
    let name = el("span").class("picker-name").set("aria-hidden", "true");
    let grid = Grid::new(chat, book, name.clone());
    let picker = el("div")
        .class("picker")
        .set("id", PICKER)
        .set("popover", "auto")
        .set("role", "dialog")
        .set("aria-label", chat.words_now().emoji);
    let search = el("input")
        .class("picker-search")
        .set("type", "search")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("enterkeyhint", "done")
        .set("aria-controls", grid::GRID)
        .set("aria-label", words.emoji_search)
        .set("placeholder", words.emoji_search);
    let (sought, seeking) = (search.clone(), Rc::clone(&grid));
    let search = search.on("input", move |_| seeking.seek(&sought.value()));

    let choose = {
        let (picker, purpose) = (picker.clone(), Rc::clone(purpose));
        move |sign: &str| {
            emoji::remember(sign);
            popover::close(&picker);
            (purpose.chosen)(sign);
        }
    };
    let pressed = {
        let (search, grid, choose) = (search.clone(), Rc::clone(&grid), choose.clone());
        move |event: Event| pressed(&event, &search, &grid, &choose)
    };
    grid.element.clone().on("click", move |event| {
        if let Some(cell) = El::around(&event, grid::CELL) {
            choose(&cell.content());
        }
    });
    let head = el("div").class("picker-head").child(search.clone()).child(groups(chat, &grid));
    let foot = el("div").class("picker-foot").child(name).child(tones(chat, &grid));
    let picker = picker.on("keydown", pressed).child(head).child(grid.element.clone()).child(foot);
    (picker, search, grid)
}

fn pressed(event: &Event, search: &El, grid: &Grid, choose: &dyn Fn(&str)) {
    // What this key means to the page behind, it does not mean now.
    event.stop_propagation();
    let is_done = if search.focused().is_some() {
        if keys::is(event, "Enter") {
            grid.first().iter().for_each(|cell| choose(&cell.content()));
            true
        } else {
            keys::is(event, "ArrowDown") && grid.focus_first()
        }
    } else if grid.element.focused().is_some() {
        if keys::is(event, "ArrowUp") && grid.is_on_top() {
            search.focus();
            true
        } else if keys::is_letter(event) {
            // The letter arrives there.
            search.focus();
            false
        } else {
            grid.moved(event)
        }
    } else {
        false
    };
    if is_done {
        event.prevent_default();
    }
}

/// Leads to a group by one of its own.
fn groups(chat: Chat, grid: &Rc<Grid>) -> El {
    let bar = el("div").class("picker-groups").set("role", "group").set("aria-label", chat.words_now().emoji);
    let buttons = grid.groups().map(|(name, sign)| {
        let grid = Rc::clone(grid);
        let title = grid::title(chat.words_now().later(), name);
        let led = button("icon-button").set("aria-label", title).set("title", title).text(&sign);
        led.on_click(move || grid.show_group(name))
    });
    buttons.fold(bar, El::child)
}

fn tones(chat: Chat, grid: &Rc<Grid>) -> El {
    let chosen = emoji::tone();
    let tones = TONES.iter().zip(TONE_NAMES).enumerate().map(|(at, (tone, name))| {
        let grid = Rc::clone(grid);
        let radio = el("input").set("type", "radio").set("name", "tone").set("aria-label", name(chat.words_now()));
        radio.set_checked(at == chosen);
        let radio = radio.on("change", move |_| {
            emoji::set_tone(at);
            grid.draw();
        });
        let hand = el("span").set("aria-hidden", "true").text(HAND).text(tone);
        el("label").class("tone").set("title", name(chat.words_now())).child(radio).child(hand)
    });
    let legend = el("legend").class("vh").say(chat, |words| words.later().tone);
    tones.fold(el("fieldset").class("tones").child(legend), El::child)
}
