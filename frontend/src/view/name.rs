//! The one question: a name. It stands where the composer will be.

use leptos::prelude::*;

use crate::platform::dom::{El, Event, el};
use crate::platform::task;
use crate::state::Chat;

/// Fills `place` with the question and the line under it.
pub(crate) fn name_form(chat: Chat, place: El) -> El {
    let error = RwSignal::new(None::<String>);
    let is_asking = StoredValue::new(false);
    let field = el("input")
        .class("input")
        .set("id", "name")
        .set("dir", "auto")
        .set("autocomplete", "nickname")
        .set("enterkeyhint", "go")
        .set("aria-describedby", "name-hint")
        .live_set("aria-invalid", move || error.get().map(|_| "true".to_owned()))
        .say_in(chat, "placeholder", |words| words.name_placeholder)
        .on("input", move |_| error.set(None));
    let submitted = {
        let field = field.clone();
        move |event: Event| {
            event.prevent_default();
            let name = field.value().trim().to_owned();
            if name.is_empty() || is_asking.get_value() {
                return field.focus();
            }
            is_asking.set_value(true);
            let field = field.clone();
            task::spawn(async move {
                let answer = chat.sign_in(name).await;
                is_asking.try_set_value(false);
                if let Err(sentence) = answer {
                    error.try_set(Some(sentence));
                    field.focus();
                }
            });
        }
    };
    let form = el("form").class("composer name-form").on("submit", submitted).child(
        el("div")
            .class("box")
            .child(el("label").class("box-label").set("for", "name").say(chat, |words| words.your_name))
            .child(field)
            .child(el("button").class("button primary").set("type", "submit").say(chat, |words| words.join)),
    );
    let under = move || {
        let under = el("p").class("under").set("id", "name-hint");
        Some(match error.get() {
            Some(sentence) => under.set("data-kind", "error").set("role", "alert").text(&sentence),
            None => under.say(chat, |words| words.name_hint),
        })
    };
    place.child(form).part(under)
}
