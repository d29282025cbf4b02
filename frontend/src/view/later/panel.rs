//! What stands beside the room, or on a phone in its place: made when it is first opened, and from then on in the page, so
//! that one comes back to it as it was.

use leptos::prelude::*;

use crate::locales::Phrase;
use crate::platform::dom::{El, Event, el};
use crate::platform::{keys, page};
use crate::state::Chat;
use crate::view::frame::{Layout, Pane};
use crate::view::icon::icon;
use crate::view::words::button;

/// Whoever comes this near to the end of a list sees more of it in time.
const EDGE_PX: i32 = 600;

/// A panel as its content sees it.
#[derive(Clone)]
pub(super) struct Panel {
    pub(super) layout: Layout,
    /// What has the panel's id.
    pub(super) element: El,
    /// What scrolls; made by the panel, filled by its content.
    pub(super) list: El,
}

/// Makes a panel and puts it into the page. `fill` puts what it needs above the list and is told whenever the end of the
/// list is near.
pub(super) fn make(chat: Chat, layout: Layout, id: &str, title: Phrase, fill: impl FnOnce(&Panel) -> Box<dyn Fn()>) {
    let owner = Owner::new();
    owner.with(|| {
        let panel = Panel { layout, element: el("section").class("panel").set("id", id), list: el("div") };
        let close = button("icon-button").label(chat, |words| words.close).on_click(move || leave(layout, false));
        let head = el("header").class("panel-head").child(el("h1").say(chat, title)).child(close.child(icon("close")));
        let element = panel.element.clone().label(chat, title).child(head);
        let at_end = fill(&panel);
        let list = panel.list.clone();
        let scrolled = move |_| {
            if list.below_px() < EDGE_PX {
                at_end();
            }
        };
        let stepped = panel.element.clone();
        element
            .child(panel.list.clone().class("panel-list").set("tabindex", "-1").on("scroll", scrolled))
            .on("keydown", move |event| pressed(&event, &stepped, layout));
        if let Some(frame) = El::find(".app") {
            frame.insert(&panel.element, None);
        }
        // The page keeps it, and so does this.
        StoredValue::new_local(Owner::current());
    });
}

/// Back to the room, and to writing.
fn leave(layout: Layout, by_key: bool) {
    layout.pane.set(Pane::Room);
    if let Some(field) = El::find("#composer-input, #name").filter(|_| by_key || page::has_keyboard()) {
        field.focus();
    }
}

fn pressed(event: &Event, panel: &El, layout: Layout) {
    let moved = keys::is(event, "ArrowDown") && step(panel, true) || keys::is(event, "ArrowUp") && step(panel, false);
    if moved {
        event.prevent_default();
    } else if keys::is(event, "Escape") {
        event.prevent_default();
        leave(layout, true);
    }
}

/// From message to message, and from the first one back to the field above it.
fn step(panel: &El, down: bool) -> bool {
    let hits = panel.all(".hit");
    let to = match (hits.iter().position(El::has_focus), down) {
        // To the one that was looked at last.
        (None, true) => hits.iter().position(|hit| hit.attribute("aria-current").is_some()).or(Some(0)),
        (None, false) => return false,
        (Some(at), true) => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    };
    let to = to.map_or_else(|| panel.all("input").into_iter().next(), |to| hits.get(to).cloned());
    to.inspect(El::focus).is_some()
}
