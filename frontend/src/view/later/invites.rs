//! The ways into a private room: making one, copying its address, taking it back.

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::ids::Millis;
use stonechat_shared::page::{Invite, NewInvite};

use super::copy::copy;
use super::field::sentence;
use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::platform::{address, task};
use crate::state::Chat;
use crate::view::icon::icon;
use crate::view::words::button;

const HOUR_MS: Millis = 60 * 60 * 1000;
const DAY_MS: Millis = 24 * HOUR_MS;

/// For how long: the value of a choice, 0 for ever.
const TIMES: [(Millis, Phrase); 4] = [
    (HOUR_MS, |words| words.later().one_hour),
    (DAY_MS, |words| words.later().one_day),
    (7 * DAY_MS, |words| words.later().one_week),
    (0, |words| words.later().for_ever),
];
/// For how many people; 0 for as many as like to.
const USES: [u32; 4] = [1, 5, 25, 0];
/// What is chosen at first: an afternoon's worth of colleagues.
const USUAL: (Millis, u32) = (DAY_MS, 5);

/// The invitation that who says no more than that they want one gets.
pub(super) fn usual() -> NewInvite {
    NewInvite { expires_ms: Some(USUAL.0), uses: Some(USUAL.1) }
}

pub(super) fn invites(chat: Chat, room: &RoomName) -> El {
    let list = RwSignal::new(Vec::<Invite>::new());
    let error = RwSignal::new(None::<String>);
    let load = {
        let room = room.clone();
        move || {
            let room = room.clone();
            task::spawn(async move {
                match chat.invites(&room).await {
                    Ok(invites) => drop(list.try_set(invites)),
                    Err(sentence) => drop(error.try_set(Some(sentence))),
                }
            });
        }
    };
    load();
    let times = TIMES.iter().map(|(ms, name)| (ms.to_string(), name(chat.words_now()).to_owned()));
    let times = select(chat, |words| words.later().good_for, times);
    let uses = USES.iter().map(|&n| {
        let words = chat.words_now();
        let name = if n == 0 {
            words.later().any_number.to_owned()
        } else {
            (words.later().for_people)(&words.count(n as usize))
        };
        (n.to_string(), name)
    });
    let uses = select(chat, |words| words.later().good_for_whom, uses);
    times.set_value(&USUAL.0.to_string());
    uses.set_value(&USUAL.1.to_string());
    let make = {
        let (times, uses, room, load) = (times.clone(), uses.clone(), room.clone(), load.clone());
        move || {
            let some = |select: &El| select.value().parse::<u64>().ok().filter(|&value| value != 0);
            let uses = some(&uses).and_then(|uses| u32::try_from(uses).ok());
            let (room, load, new) = (room.clone(), load.clone(), NewInvite { expires_ms: some(&times), uses });
            task::spawn(async move {
                match chat.make_invite(&room, new).await {
                    Ok(invite) => {
                        copy(chat, address::link_of(&invite.invite), |words| words.later().invite_copied);
                        load();
                    }
                    Err(sentence) => drop(error.try_set(Some(sentence))),
                }
            });
        }
    };
    let row = el("div").class("invite-new").child(times).child(uses).child(
        button("button")
            .on_click(make)
            .child(icon("link"))
            .child(el("span").say(chat, |words| words.later().make_invite)),
    );
    let room = room.clone();
    let lines = move || {
        let lines = list.get().into_iter().map(|invite| line(chat, &room, invite, list, error));
        Some(lines.fold(el("ul").class("invites"), El::child))
    };
    el("section")
        .class("stack")
        .child(el("h3").class("field-label").say(chat, |words| words.later().invites))
        .child(row)
        .child(sentence("invites-error", error))
        .part(lines)
}

fn line(
    chat: Chat,
    room: &RoomName,
    invite: Invite,
    list: RwSignal<Vec<Invite>>,
    error: RwSignal<Option<String>>,
) -> El {
    let words = chat.words.get();
    let later = words.later();
    let link = address::link_of(&invite.invite);
    let time = match invite.expires_ms {
        None => later.for_ever.to_owned(),
        Some(ms) if ms > 2 * DAY_MS => (later.days_left)(&words.count(ms.div_ceil(DAY_MS) as usize)),
        Some(ms) => (later.hours_left)(&words.count(ms.div_ceil(HOUR_MS) as usize)),
    };
    let uses = match invite.uses {
        None => later.any_number.to_owned(),
        Some(n) => (later.for_people)(&words.count(n as usize)),
    };
    let hint = [invite.user.name.as_str(), &time, &uses].join(" · ");
    let copied = link.clone();
    let (room, code) = (room.clone(), invite.invite);
    let revoke = move || {
        let (room, code) = (room.clone(), code.clone());
        task::spawn(async move {
            match chat.revoke(&room, &code).await {
                Ok(()) => drop(list.try_update(|list| list.retain(|invite| invite.invite != code))),
                Err(sentence) => drop(error.try_set(Some(sentence))),
            }
        });
    };
    let text =
        el("div").class("invite-text").child(el("code").text(&link)).child(el("span").class("field-hint").text(&hint));
    el("li")
        .child(text)
        .child(
            button("icon-button")
                .set("aria-label", later.copy_link)
                .set("title", later.copy_link)
                .on_click(move || copy(chat, copied.clone(), |words| words.later().copied))
                .child(icon("copy")),
        )
        .child(
            button("icon-button")
                .set("aria-label", later.revoke)
                .set("title", later.revoke)
                .on_click(revoke)
                .child(icon("trash")),
        )
}

fn select(chat: Chat, name: Phrase, options: impl Iterator<Item = (String, String)>) -> El {
    let options = options.map(|(value, text)| el("option").set("value", &value).text(&text));
    options.fold(el("select").class("field-input").label(chat, name), El::child)
}
