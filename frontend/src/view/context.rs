//! What the composer is for, above it: the message that is answered, or that it is written anew.

use std::cell::RefCell;

use super::icon::icon;
use super::words::button;
use crate::platform::dom::{El, el};
use crate::state::Chat;
use crate::state::deeds::Context;
use crate::state::rows::in_a_line;
use leptos::prelude::*;

/// Characters of the message that is answered: one line.
const PREVIEW: usize = 100;

pub(crate) fn context(chat: Chat) -> Option<El> {
    let words = chat.words.get();
    let (name, text) = match chat.context.get()? {
        Context::Reply(seq) => {
            let message = chat.message(seq)?;
            let shown = RefCell::new(String::new());
            let now = move || {
                // It may be written anew, or removed, while it is answered; or only not be here any more.
                chat.log.track();
                if let Some(message) = chat.message(seq) {
                    shown.replace(in_a_line(&message, PREVIEW));
                }
                shown.borrow().clone()
            };
            let preview = el("span").class("context-text").set("dir", "auto").live_text(now);
            ("reply", el("span").text(&(words.replying_to)(&message.user.name)).text(" ").child(preview))
        }
        Context::Edit(_) => ("edit", el("span").text(words.editing)),
    };
    let cancel = button("icon-button").set("aria-label", words.cancel).child(icon("close"));
    let cancel = cancel.on_click(move || chat.context.set(None));
    Some(el("div").class("context").child(icon(name)).child(text).child(cancel))
}
