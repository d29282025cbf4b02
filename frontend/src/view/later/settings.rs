//! Language and look. Each choice holds at once, and at the next visit.

use leptos::prelude::*;

use super::dialog;
use crate::locales::{self, LANGUAGES, Phrase};
use crate::platform::dom::{El, el};
use crate::platform::{page, storage};
use crate::state::Chat;

/// Values of `data-theme`; empty is what the system says.
const THEMES: [(&str, Phrase); 4] = [
    ("", |words| words.later().theme_system),
    ("light", |words| words.later().theme_light),
    ("dark", |words| words.later().theme_dark),
    ("contrast", |words| words.later().theme_contrast),
];

/// Values of `data-density`.
const DENSITIES: [(&str, Phrase); 2] =
    [("", |words| words.later().density_normal), ("compact", |words| words.later().density_compact)];

pub(super) fn open(chat: Chat) {
    let body = |_: &dialog::Dialog| {
        el("div")
            .class("dialog-body")
            .child(languages(chat))
            .child(choice(chat, |words| words.later().theme, storage::THEME, "data-theme", &THEMES))
            .child(choice(chat, |words| words.later().density, storage::DENSITY, "data-density", &DENSITIES))
    };
    dialog::open(chat, "settings", |words| words.settings, body);
}

fn languages(chat: Chat) -> El {
    let segments = LANGUAGES.iter().map(|language| {
        let choose = move || {
            if let Some(words) = locales::named(language.tag) {
                chat.speak(words);
            }
        };
        let is_chosen = chat.words.get_untracked().tag == language.tag;
        let name = el("span").set("lang", language.tag).text(language.name);
        segment("language", language.tag, is_chosen, choose).child(name)
    });
    fieldset(chat, |words| words.later().language, segments)
}

/// One choice of an attribute of `<html>`, kept under `key`.
fn choice(
    chat: Chat,
    title: Phrase,
    key: &'static str,
    attribute: &'static str,
    choices: &'static [(&'static str, Phrase)],
) -> El {
    let kept = storage::get(key).unwrap_or_default();
    let segments = choices.iter().map(|&(value, name)| {
        let choose = move || {
            storage::set(key, value);
            page::set_root(attribute, value);
        };
        segment(attribute, value, kept == value, choose).child(el("span").say(chat, name))
    });
    fieldset(chat, title, segments)
}

fn fieldset(chat: Chat, title: Phrase, segments: impl Iterator<Item = El>) -> El {
    el("fieldset")
        .class("choice")
        .child(el("legend").say(chat, title))
        .child(segments.fold(el("div").class("segments"), El::child))
}

fn segment(group: &str, value: &str, is_chosen: bool, choose: impl Fn() + 'static) -> El {
    let radio = el("input").set("type", "radio").set("name", group).set("value", value).flag("autofocus", is_chosen);
    radio.set_checked(is_chosen);
    el("label").class("segment").child(radio.on("change", move |_| choose()))
}
