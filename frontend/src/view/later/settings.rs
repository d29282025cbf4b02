//! Language, look, and what one wants to be told. Each choice holds at once, and wherever this person is.

use stonechat_shared::limits;
use stonechat_shared::settings::{Clock, Density, Notify, Theme};

use super::dialog;
use super::field::{choice, field, fieldset, input, segment, sentence};
use crate::locales::{LANGUAGES, Phrase};
use crate::platform::dom::{El, Event, el};
use crate::platform::{notify, sound, storage, task};
use crate::state::Chat;
use leptos::prelude::*;

const THEMES: [(Theme, &str, Phrase); 4] = [
    (Theme::System, "system", |words| words.later().theme_system),
    (Theme::Light, "light", |words| words.later().theme_light),
    (Theme::Dark, "dark", |words| words.later().theme_dark),
    (Theme::Contrast, "contrast", |words| words.later().theme_contrast),
];
const DENSITIES: [(Density, &str, Phrase); 2] = [
    (Density::Comfortable, "comfortable", |words| words.later().density_normal),
    (Density::Compact, "compact", |words| words.later().density_compact),
];
const CLOCKS: [(Clock, &str, Phrase); 3] = [
    (Clock::Auto, "auto", |words| words.later().clock_auto),
    (Clock::Twelve, "12", |words| words.later().clock_12),
    (Clock::TwentyFour, "24", |words| words.later().clock_24),
];
const NOTIFY: [(Notify, &str, Phrase); 3] = [
    (Notify::All, "all", |words| words.later().notify_all),
    (Notify::Mentions, "mentions", |words| words.later().notify_mentions),
    (Notify::None, "none", |words| words.later().notify_none),
];

pub(super) fn open(chat: Chat) {
    let body = |_: &dialog::Dialog| {
        let all = chat.settings();
        let (theme, density, clock, told) = (all.clone(), all.clone(), all.clone(), all);
        let body = el("div")
            .class("dialog-body")
            .child_some(chat.is_named_now().then(|| name(chat)))
            .child(languages(chat))
            .child(choice(
                chat,
                "theme",
                |words| words.later().theme,
                &THEMES,
                move || theme.with(|it| it.theme),
                move |value| chat.prefer(|settings| settings.theme = value),
            ))
            .child(choice(
                chat,
                "density",
                |words| words.later().density,
                &DENSITIES,
                move || density.with(|it| it.density),
                move |value| chat.prefer(|settings| settings.density = value),
            ))
            .child(choice(
                chat,
                "clock",
                |words| words.later().clock,
                &CLOCKS,
                move || clock.with(|it| it.clock),
                move |value| chat.prefer(|settings| settings.clock = value),
            ));
        if !chat.is_named_now() {
            return body;
        }
        body.child(choice(
            chat,
            "notify",
            |words| words.later().notify,
            &NOTIFY,
            move || told.with(|it| it.notify),
            move |value| chat.prefer(|settings| settings.notify = value),
        ))
        .child(popups(chat))
        .child(sounds(chat))
    };
    dialog::open(chat, "settings", |words| words.settings, body);
}

/// What one is called from now on.
fn name(chat: Chat) -> El {
    let error = RwSignal::new(None::<String>);
    let written = input("settings-name", limits::NAME_CHARS).set("aria-describedby", "settings-name-error");
    written.set_value(&chat.me_now().map(|me| me.name).unwrap_or_default());
    let field_of_it = written.clone();
    let submitted = move |event: Event| {
        event.prevent_default();
        let (name, written) = (written.value().trim().to_owned(), written.clone());
        if name.is_empty() {
            return written.focus();
        }
        task::spawn(async move {
            match chat.sign_in(name.clone()).await {
                Ok(()) => {
                    error.try_set(None);
                    chat.notify((chat.words_now().later().named_now)(&name));
                }
                Err(sentence) => {
                    error.try_set(Some(sentence));
                    written.focus();
                }
            }
        });
    };
    let save = el("button").class("button").set("type", "submit").say(chat, |words| words.later().save);
    el("form")
        .class("with-button")
        .on("submit", submitted)
        .child(field(chat, |words| words.your_name, field_of_it, None))
        .child(save)
        .child(sentence("settings-name-error", error))
}

fn languages(chat: Chat) -> El {
    let segments = LANGUAGES.iter().map(|language| {
        let choose = move || chat.prefer(|settings| settings.language = Some(language.tag.to_owned()));
        let name = el("span").set("lang", language.tag).text(language.name);
        let is_chosen = move || chat.words.get().tag == language.tag;
        segment("language", language.tag, untrack(is_chosen), is_chosen, choose).child(name)
    });
    fieldset(chat, |words| words.later().language, segments)
}

/// Whether this browser shows them; it is asked for its leave with this click and at no other time.
fn popups(chat: Chat) -> El {
    let on = RwSignal::new(notify::is_on());
    let refused = RwSignal::new(false);
    let change = move |wants: bool| {
        if !wants {
            storage::set(storage::POPUPS, "");
            return on.set(false);
        }
        task::spawn(async move {
            let granted = notify::ask().await;
            storage::set(storage::POPUPS, if granted { "on" } else { "" });
            on.try_set(granted);
            refused.try_set(!granted);
        });
    };
    let hint = move || {
        let words = chat.words.get().later();
        if refused.get() { words.popups_refused } else { words.popups_hint }.to_owned()
    };
    switch(chat, |words| words.later().popups, on, change).child(el("span").class("field-hint").live_text(hint))
}

fn sounds(chat: Chat) -> El {
    let on = RwSignal::new(sound::is_on());
    let change = move |wants: bool| {
        storage::set(storage::SOUND, if wants { "on" } else { "" });
        on.set(wants);
        if wants {
            sound::beep();
        }
    };
    switch(chat, |words| words.later().sound, on, change)
}

/// On or off.
pub(super) fn switch(chat: Chat, name: Phrase, on: RwSignal<bool>, change: impl Fn(bool) + 'static) -> El {
    let boxed = el("input").set("type", "checkbox").set("role", "switch").label(chat, name);
    let shown = boxed.clone();
    crate::platform::dom::watch(move || shown.set_checked(on.get()));
    let changed = boxed.clone();
    let boxed = boxed.on("change", move |_| {
        change(!on.get_untracked());
        // What was asked for may not be what comes of it.
        changed.set_checked(on.get_untracked());
    });
    el("label").class("switch").child(el("span").class("field-label").say(chat, name)).child(boxed)
}
