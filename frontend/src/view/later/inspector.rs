//! What goes over the line, for people who want to see it: what the `ws` filter of the devtools shows, without them.

mod figures;
mod frames;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use super::copy::copy;
use crate::locales::Later;
use crate::platform::dom::{El, Event, el, mount, watch};
use crate::platform::{address, keys, page, task, time};
use crate::state::tap::{self, Direction};
use crate::state::{Chat, Line, Way};
use crate::view::frame::Layout;
use crate::view::icon::icon;
use crate::view::words::button;
use figures::Figures;
use frames::{Frames, Seen};

const ID: &str = "inspector";
/// How often the figures are drawn, and every how many of those the line's round trip is measured.
const BEAT_MS: u64 = 1_000;
const PING_BEATS: u64 = 5;

thread_local! {
    /// What had the focus before it was opened.
    static BEFORE: RefCell<Option<El>> = const { RefCell::new(None) };
}

/// Opens it, or closes it where it is open.
pub(super) fn open(chat: Chat, layout: Layout) {
    if let Some((owner, element)) = layout.inspector.try_update_value(Option::take).flatten() {
        tap::set(None);
        page::set_root("data-inspector", "");
        let had_focus = element.focused().is_some();
        element.remove();
        let before = BEFORE.take();
        if let Some(before) = before.filter(|_| had_focus) {
            before.focus();
        }
        // What listens is not taken away while it listens.
        time::next_frame(move || owner.cleanup());
        return;
    }
    BEFORE.set(El::find(":focus"));
    let owner = Owner::new();
    let element = owner.with(|| panel(chat, layout));
    mount(&element);
    page::set_root("data-inspector", "on");
    if page::has_keyboard() {
        element.all("input").iter().for_each(El::focus);
    }
    layout.inspector.set_value(Some((owner, element)));
}

/// Out of it by key.
fn pressed(event: &Event, chat: Chat, layout: Layout) {
    if keys::is(event, "Escape") {
        // In a field, the browser would empty it; behind, the page would do what it does.
        event.prevent_default();
        event.stop_propagation();
        open(chat, layout);
    }
}

fn panel(chat: Chat, layout: Layout) -> El {
    let words = chat.words_now().later();
    let list = el("ol").class("frames").set("tabindex", "0").set("aria-label", words.frames);
    let frames = Rc::new(RefCell::new(Frames::new(list.clone(), words)));
    let figures = Rc::new(RefCell::new(Figures::default()));
    let shown = RwSignal::new(figures::Shown::default());
    let paused = RwSignal::new(false);

    let (noted, counted) = (Rc::clone(&frames), Rc::clone(&figures));
    tap::set(Some(Rc::new(move |direction, text| {
        let seen = Seen::new(direction, text, time::now());
        counted.borrow_mut().count(direction, text.len(), seen.answers(), time::now());
        if !paused.get_untracked() && noted.borrow_mut().note(seen) {
            let noted = Rc::clone(&noted);
            time::next_frame(move || noted.borrow_mut().draw());
        }
    })));
    let (beating, redrawn) = (Rc::clone(&figures), layout);
    task::spawn(async move {
        let mut beats: u64 = 0;
        while redrawn.inspector.with_value(Option::is_some) {
            if beats.is_multiple_of(PING_BEATS) && chat.line.get_untracked().is_connected() {
                chat.ping(beating.borrow_mut().ping(beats, time::now()));
            }
            shown.try_set(beating.borrow().shown(time::now()));
            beats += 1;
            time::sleep(BEAT_MS).await;
        }
    });
    let came_back = Rc::clone(&figures);
    watch(move || came_back.borrow_mut().line(&chat.line.get()));

    let filtered = Rc::clone(&frames);
    let filter = el("input")
        .class("field-input")
        .set("type", "search")
        .set("placeholder", words.filter)
        .set("aria-label", words.filter);
    let field = filter.clone();
    let filter = filter.on("input", move |_| filtered.borrow_mut().filter(&field.value()));
    let pause = button("text-button")
        .live_set("aria-pressed", move || Some(paused.get().to_string()))
        .on_click(move || paused.update(|paused| *paused = !*paused))
        .text(words.pause);
    let (cleared, copied) = (Rc::clone(&frames), frames);
    let clear = button("text-button").on_click(move || cleared.borrow_mut().clear()).text(words.clear);
    let lines = move || copy(chat, copied.borrow().lines(), |words| words.later().copied);
    let copied_lines = button("text-button").text(words.copy_lines).on_click(lines);
    let close = button("icon-button")
        .set("aria-label", chat.words_now().close)
        .on_click(move || open(chat, layout))
        .child(icon("close"));
    let head = el("header")
        .class("inspector-head")
        .child(el("h2").text(words.inspector))
        .child(filter)
        .child(pause)
        .child(clear)
        .child(copied_lines)
        .child(close);
    let figures = el("div")
        .class("figures")
        .part(move || Some(handshake(chat, words)))
        .part(move || Some(shown.get().draw(words, chat.words_now())));
    el("section")
        .class("inspector")
        .set("id", ID)
        .on("keydown", move |event| pressed(&event, chat, layout))
        .set("aria-label", words.inspector)
        .child(head)
        .child(figures)
        .child(list)
}

/// How the page and the server came together.
fn handshake(chat: Chat, words: &'static Later) -> El {
    let (way, address) = match chat.line.get() {
        Line::Connected(Way::Socket) => ("WebSocket (RFC 6455)", chat.socket_address()),
        Line::Connected(Way::Events) => ("Server-sent events", address::events()),
        Line::Connected(Way::Questions) => ("Long polling", address::events()),
        Line::Connecting | Line::Reconnecting { .. } | Line::Offline | Line::Refused { .. } => {
            return el("p").class("handshake").child(el("b").text(words.no_line));
        }
    };
    let version = page::http_version();
    el("p").class("handshake").child(el("b").text(way)).text(" ").text(&address).text(" · ").text(&version)
}

impl Direction {
    fn arrow(self) -> &'static str {
        match self {
            Self::Sent => "↑",
            Self::Heard => "↓",
        }
    }
}
