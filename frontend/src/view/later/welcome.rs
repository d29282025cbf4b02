//! Where an invitation leads, and the way in.

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::limits::NAME_CHARS;
use stonechat_shared::page::Invitation;

use super::dialog::{self, Dialog};
use super::field::{field, input, sentence};
use crate::platform::dom::{El, Event, el};
use crate::platform::{address, task, time};
use crate::state::Chat;
use crate::view::icon::icon;
use crate::view::words::button;

pub(super) fn open(chat: Chat, invite: String) {
    // Whoever closes it is in the lobby, and so is the page after a reload.
    address::replace(&RoomName::LOBBY.into());
    let body = |dialog: &Dialog| {
        let found = RwSignal::new(None::<Result<Invitation, String>>);
        let asked = invite.clone();
        task::spawn(async move {
            let answer = chat.invitation(&asked).await;
            found.try_set(Some(answer));
        });
        // Who was known here may be a guest to the server, which says so in its own time. A name that is given in the form is
        // no reason to draw it anew.
        let was_guest = Memo::new(move |before: Option<&bool>| before == Some(&true) || !chat.is_named());
        let dialog = dialog.clone();
        el("div").class("dialog-body").part(move || {
            let needs_name = was_guest.get();
            Some(match found.get()? {
                Ok(invitation) => form(chat, &dialog, &invite, &invitation, needs_name),
                Err(sentence) => el("p").set("role", "alert").text(&sentence),
            })
        })
    };
    dialog::open(chat, "invitation", |words| words.later().invitation, body);
}

fn form(chat: Chat, dialog: &Dialog, invite: &str, invitation: &Invitation, needs_name: bool) -> El {
    let words = chat.words_now();
    let people = words.count(usize::try_from(invitation.people).unwrap_or(usize::MAX));
    let topic = Some(&invitation.topic).filter(|topic| !topic.is_empty());
    let about = el("div")
        .child(el("p").class("card-name").set("dir", "auto").text(&invitation.title))
        .child_some(topic.map(|topic| el("p").set("dir", "auto").text(topic)))
        .child(el("p").class("field-hint").text(&(words.later().people_in_it)(&people)));
    let card = el("div").class("card").child(el("span").class("avatar").child(icon("lock"))).child(about);
    let error = RwSignal::new(None::<String>);
    // The dialog was open before there was anything in it that could have the focus.
    let first = |field: &El| {
        let field = field.clone();
        time::next_frame(move || field.focus());
    };
    let name = needs_name.then(|| {
        input("invited-name", NAME_CHARS)
            .set("autocomplete", "nickname")
            .set("aria-describedby", "invitation-error")
            .on("input", move |_| error.set(None))
    });
    let submitted = {
        let (name, dialog, invite) = (name.clone(), dialog.clone(), invite.to_owned());
        move |event: Event| {
            event.prevent_default();
            let wanted = name.as_ref().map(|name| name.value().trim().to_owned());
            if let (Some(name), Some("")) = (&name, wanted.as_deref()) {
                return name.focus();
            }
            let (dialog, invite) = (dialog.clone(), invite.clone());
            task::spawn(async move {
                match come_in(chat, wanted, &invite).await {
                    Ok(()) => dialog.close(),
                    Err(sentence) => {
                        error.try_set(Some(sentence));
                    }
                }
            });
        }
    };
    let closing = dialog.clone();
    let join = el("button").class("button primary").set("type", "submit");
    first(name.as_ref().unwrap_or(&join));
    let buttons = el("div")
        .class("dialog-foot")
        .child(button("button").on_click(move || closing.close()).say(chat, |words| words.later().not_now))
        .child(join.say(chat, |words| words.join));
    el("form")
        .class("stack")
        .on("submit", submitted)
        .child(card)
        .child_some(name.map(|name| field(chat, |words| words.your_name, name, None)))
        .child(sentence("invitation-error", error))
        .child(buttons)
}

/// Whoever comes into a private room has a name there.
async fn come_in(chat: Chat, name: Option<String>, invite: &str) -> Result<(), String> {
    if let Some(name) = name.filter(|_| !chat.is_named_now()) {
        chat.sign_in(name).await?;
    }
    chat.come_in(invite).await
}
