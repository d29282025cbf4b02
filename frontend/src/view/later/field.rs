//! Fields of forms, and choices among a few values.

use leptos::prelude::*;

use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::state::Chat;

/// A field with its name above and a hint below.
pub(super) fn field(chat: Chat, label: Phrase, input: El, hint: Option<Phrase>) -> El {
    let hint = hint.map(|hint| el("span").class("field-hint").say(chat, hint));
    el("label").class("field").child(el("span").class("field-label").say(chat, label)).child(input).child_some(hint)
}

/// One line to write in.
pub(super) fn input(id: &str, longest: usize) -> El {
    el("input")
        .class("field-input")
        .set("id", id)
        .set("dir", "auto")
        .set("autocomplete", "off")
        .set("maxlength", &longest.to_string())
}

/// What went wrong, in place.
pub(super) fn sentence(id: &str, error: RwSignal<Option<String>>) -> El {
    el("span")
        .class("field-error")
        .set("id", id)
        .set("role", "alert")
        .live_text(move || error.get().unwrap_or_default())
}

/// One of a few, which follows when it is chosen elsewhere.
pub(super) fn choice<T: Copy + PartialEq + 'static>(
    chat: Chat,
    group: &'static str,
    title: Phrase,
    choices: &'static [(T, &'static str, Phrase)],
    chosen: impl Fn() -> T + Clone + 'static,
    choose: impl Fn(T) + Clone + 'static,
) -> El {
    let segments = choices.iter().map(|&(value, name, phrase)| {
        let (chosen, choose) = (chosen.clone(), choose.clone());
        segment(group, name, false, move || chosen() == value, move || choose(value))
            .child(el("span").say(chat, phrase))
    });
    fieldset(chat, title, segments)
}

pub(super) fn fieldset(chat: Chat, title: Phrase, segments: impl Iterator<Item = El>) -> El {
    el("fieldset")
        .class("choice")
        .child(el("legend").say(chat, title))
        .child(segments.fold(el("div").class("segments"), El::child))
}

pub(super) fn segment(
    group: &str,
    value: &str,
    takes_focus: bool,
    is_chosen: impl Fn() -> bool + 'static,
    choose: impl Fn() + 'static,
) -> El {
    let radio = el("input").set("type", "radio").set("name", group).set("value", value).flag("autofocus", takes_focus);
    let shown = radio.clone();
    crate::platform::dom::watch(move || shown.set_checked(is_chosen()));
    el("label").class("segment").child(radio.on("change", move |_| choose()))
}
