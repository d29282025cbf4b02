//! What goes on unseen for who has a name: their settings, what calls them while they look elsewhere, and whether they
//! are away.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::Command;
use stonechat_shared::ids::Millis;

use super::call;
use crate::platform::dom::{el, mount, watch};
use crate::platform::{page, task, time};
use crate::state::Chat;

/// Nobody touched anything for this long: they are away.
const AWAY_MS: Millis = 10 * 60 * 1000;

thread_local! {
    /// Owns all of it, for as long as the page lives.
    static OWNER: RefCell<Option<Owner>> = const { RefCell::new(None) };
}

/// Begins, unless that was done before.
pub(super) fn begin(chat: Chat) {
    if OWNER.with_borrow(Option::is_some) {
        return;
    }
    let owner = Owner::new();
    owner.with(|| {
        watch(move || {
            chat.settings_told.track();
            if chat.is_named() {
                task::spawn(chat.fetch_settings());
            }
        });
        // A picture with a mark on it, while somebody waits for an answer.
        let calls = Memo::new(move |_| chat.calls() != 0);
        let drawn = Cell::new(false);
        watch(move || {
            let calls = calls.get();
            if drawn.replace(calls) != calls {
                page::set_icon(&icon(calls));
            }
        });
        // What has the focus may be drawn anew: it goes on near by.
        mount(&el("script").set("type", "module").set("src", "/focus.js"));
        chat.open_direct_rooms();
        call::begin(chat);
        watch_hands(chat);
    });
    OWNER.set(Some(owner));
}

/// Says when nobody has touched anything for a while, and when somebody does again.
fn watch_hands(chat: Chat) {
    let touched = Rc::new(Cell::new(time::now()));
    let away = Rc::new(Cell::new(false));
    let tell = move |on: bool| {
        if chat.is_named_now() && chat.line.get_untracked().is_connected() {
            chat.order_send(Command::Away { on });
        }
    };
    let (last, was_away) = (Rc::clone(&touched), Rc::clone(&away));
    page::on_touch(move || {
        last.set(time::now());
        if was_away.replace(false) {
            tell(false);
        }
    });
    // A new connection knows nothing of it.
    let is_away = Rc::clone(&away);
    watch(move || {
        if chat.line.get().is_connected() && is_away.get() {
            tell(true);
        }
    });
    task::spawn(async move {
        loop {
            let left = (touched.get() + AWAY_MS).saturating_sub(time::now());
            if left == 0 && !away.replace(true) {
                tell(true);
            }
            time::sleep(if left == 0 { AWAY_MS } else { left }).await;
        }
    });
}

/// The page's own icon, with a mark or without.
fn icon(marked: bool) -> String {
    let bird = include_str!("../../../icons/favicon.svg").trim();
    let mark = r##"<circle cx="24" cy="8" r="7" fill="#d6402b" stroke="#fff" stroke-width="2"/></svg>"##;
    let drawing = if marked { bird.replace("</svg>", mark) } else { bird.to_owned() };
    // The few characters that an address cannot have.
    let mut address = String::from("data:image/svg+xml,");
    for c in drawing.chars() {
        match c {
            '#' => address.push_str("%23"),
            '%' => address.push_str("%25"),
            '"' => address.push('\''),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            other => address.push(other),
        }
    }
    address
}
