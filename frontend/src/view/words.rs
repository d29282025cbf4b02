//! Phrases on elements, in the language of the page, whichever that is at the time.

use leptos::prelude::*;

use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::state::Chat;

impl El {
    /// A phrase as text.
    pub(crate) fn say(self, chat: Chat, phrase: Phrase) -> Self {
        self.live_text(move || phrase(chat.words.get()).to_owned())
    }

    /// A phrase as an attribute.
    pub(crate) fn say_in(self, chat: Chat, name: &'static str, phrase: Phrase) -> Self {
        self.live_set(name, move || Some(phrase(chat.words.get()).to_owned()))
    }

    /// The name by which screen readers know it.
    pub(crate) fn label(self, chat: Chat, phrase: Phrase) -> Self {
        self.say_in(chat, "aria-label", phrase)
    }
}

/// A button that does something on this page.
pub(crate) fn button(class: &str) -> El {
    el("button").class(class).set("type", "button")
}
