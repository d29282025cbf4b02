//! A native dialog with a title and a way out. It is made when it opens and gone when it closes, however that happens.

use leptos::prelude::*;

use crate::locales::Phrase;
use crate::platform::dom::{El, el, mount};
use crate::platform::{dialog, page, time};
use crate::state::Chat;
use crate::view::icon::icon;
use crate::view::words::button;

/// A dialog that is open. A copy is the same dialog.
#[derive(Clone)]
pub(super) struct Dialog {
    element: El,
}

impl Dialog {
    pub(super) fn close(&self) {
        dialog::close(&self.element);
    }
}

/// Opens a dialog, unless it is open. `id` names it among the page's elements.
pub(super) fn open(chat: Chat, id: &str, title: Phrase, body: impl FnOnce(&Dialog) -> El) {
    open_bare(id, |dialog, element| fill(chat, dialog, element, id, title, body(dialog)));
}

/// The same without a title: `fill` is given the dialog and its element.
pub(super) fn open_bare(id: &str, fill: impl FnOnce(&Dialog, El) -> El) {
    if page::has(id) {
        return;
    }
    let owner = Owner::new();
    let opened = Dialog { element: el("dialog").set("id", id).set("closedby", "any") };
    let element = owner.with(|| fill(&opened, opened.element.clone()));
    let closed = element.clone();
    let kept = StoredValue::new_local(Some(owner.clone()));
    let element = owner.with(|| {
        element.on("close", move |_| {
            closed.remove();
            dialog::wake_field();
            // What listens is not taken away while it listens.
            time::next_frame(move || drop(kept.try_update_value(Option::take)));
        })
    });
    mount(&element);
    dialog::open(&element);
}

fn fill(chat: Chat, dialog: &Dialog, element: El, id: &str, title: Phrase, body: El) -> El {
    let title_id = format!("{id}-title");
    let closing = dialog.clone();
    let head = el("div").class("dialog-head").child(el("h2").set("id", &title_id).say(chat, title)).child(
        button("icon-button").label(chat, |words| words.close).on_click(move || closing.close()).child(icon("close")),
    );
    element.class("dialog").set("aria-labelledby", &title_id).child(head).child(body)
}
