//! A room: what it is called and about, who is in it, what one wants to hear of it, and the ways in and out.

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::ids::Millis;
use stonechat_shared::limits::TITLE_CHARS;
use stonechat_shared::page::Member;
use stonechat_shared::settings::Notify;

use super::dialog::{self, Dialog};
use super::field::{choice, field, input, sentence};
use super::invites::invites;
use super::settings::switch;
use crate::locales::Phrase;
use crate::platform::dom::{El, Event, el};
use crate::platform::{keys, task, time};
use crate::state::Chat;
use crate::view::frame::Layout;
use crate::view::later::{self, Part};
use crate::view::person::{hue, initials};
use crate::view::words::button;

/// What to be told of here; the first is as everywhere.
const NOTIFY: [(Option<Notify>, &str, Phrase); 4] = [
    (None, "usual", |words| words.later().notify_usual),
    (Some(Notify::All), "all", |words| words.later().notify_all),
    (Some(Notify::Mentions), "mentions", |words| words.later().notify_mentions),
    (Some(Notify::None), "none", |words| words.later().notify_none),
];

/// The second half of a double click, or of a key that is held down, is no answer to a question.
const READ_MS: Millis = 500;

pub(super) fn open(chat: Chat, layout: Layout) {
    let Some(head) = untrack(|| chat.line_of_room()) else { return };
    let title: Phrase = match head.kind {
        RoomKind::Open => |words| words.later().about_open,
        RoomKind::Private => |words| words.later().about_private,
        RoomKind::Direct => |words| words.later().about_direct,
    };
    dialog::open(chat, "about", title, |dialog| body(chat, layout, dialog, &head));
}

fn body(chat: Chat, layout: Layout, dialog: &Dialog, head: &RoomHead) -> El {
    let is_named = chat.is_named_now();
    let body = el("div").class("dialog-body");
    let body = match head.kind {
        RoomKind::Direct => body,
        RoomKind::Open | RoomKind::Private if is_named => body.child(names(chat, dialog, head)),
        RoomKind::Open | RoomKind::Private => body.child(
            el("div")
                .child(el("p").class("card-name").set("dir", "auto").text(&head.title))
                .child(el("p").set("dir", "auto").text(&head.topic)),
        ),
    };
    let body = if is_named { body.child(wishes(chat, &head.room)) } else { body };
    let body = if is_named && may_purge(chat, &head.room) { body.child(purge(chat, dialog, &head.room)) } else { body };
    match head.kind {
        RoomKind::Open => body,
        RoomKind::Direct => body.child(people(chat, layout, dialog, &head.room)),
        RoomKind::Private => body
            .child(people(chat, layout, dialog, &head.room))
            .child(invites(chat, &head.room))
            .child(leave(chat, dialog, &head.room)),
    }
}

/// Title and topic. Whether they may be changed is for the server to say; it does so in a sentence.
fn names(chat: Chat, dialog: &Dialog, head: &RoomHead) -> El {
    let title = input("about-title", TITLE_CHARS);
    let topic = input("about-topic", TITLE_CHARS);
    title.set_value(&head.title);
    topic.set_value(&head.topic);
    let (new_title, new_topic, dialog, before) = (title.clone(), topic.clone(), dialog.clone(), head.clone());
    let submitted = move |event: Event| {
        event.prevent_default();
        let (title, topic) = (new_title.value().trim().to_owned(), new_topic.value().trim().to_owned());
        if title.is_empty() {
            return new_title.focus();
        }
        let title = Some(title).filter(|title| *title != before.title);
        let topic = Some(topic).filter(|topic| *topic != before.topic);
        if title.is_some() || topic.is_some() {
            chat.set_room(&before.room, title, topic);
        }
        dialog.close();
    };
    el("form")
        .class("stack")
        .on("submit", submitted)
        .child(field(chat, |words| words.later().room_title, title, None))
        .child(field(chat, |words| words.later().topic, topic, Some(|words| words.later().topic_hint)))
        .child(
            el("div")
                .class("dialog-foot")
                .child(el("button").class("button").set("type", "submit").say(chat, |words| words.later().save)),
        )
}

/// What one wants to hear of this room.
fn wishes(chat: Chat, room: &RoomName) -> El {
    let muted = RwSignal::new(chat.is_muted(room));
    let (quiet, told, tell) = (room.clone(), room.clone(), room.clone());
    let mute = move |wants: bool| {
        muted.set(wants);
        chat.prefer(|settings| settings.rooms.entry(quiet.clone()).or_default().muted = wants);
    };
    let settings = chat.settings();
    let notify = choice(
        chat,
        "notify-room",
        |words| words.later().notify,
        &NOTIFY,
        move || settings.with(|settings| settings.rooms.get(&told).and_then(|room| room.notify)),
        move |value| chat.prefer(|settings| settings.rooms.entry(tell.clone()).or_default().notify = value),
    );
    let mute = switch(chat, |words| words.later().mute, muted, mute)
        .child(el("span").class("field-hint").say(chat, |words| words.later().mute_hint));
    el("div").class("stack").child(notify).child(mute)
}

fn people(chat: Chat, layout: Layout, dialog: &Dialog, room: &RoomName) -> El {
    let members = RwSignal::new(Vec::<Member>::new());
    let asked = room.clone();
    task::spawn(async move {
        let (found, _) = chat.members(&asked, None).await;
        members.try_set(found);
    });
    let dialog = dialog.clone();
    let list = move || {
        let lines = members.get().into_iter().map(|member| {
            let (id, name, dialog) = (member.id.clone(), member.name.clone(), dialog.clone());
            let open = move || {
                dialog.close();
                later::open(chat, layout, Part::Person { id: id.clone(), name: name.clone() });
            };
            let person = button("person")
                .flag("data-online", member.online)
                .flag("data-away", member.away)
                .style("--hue", &hue(&member.id).to_string())
                .on_click(open)
                .child(el("span").class("avatar").set("aria-hidden", "true").text(&initials(&member.name)))
                .child(el("span").class("person-name").set("dir", "auto").text(&member.name));
            el("li").child(person)
        });
        Some(lines.fold(el("ul").class("people picker"), El::child))
    };
    el("section").child(el("h3").class("field-label").say(chat, |words| words.people)).part(list)
}

/// Whether nothing is known that the server would refuse to remove; one message too old, and it refuses all.
fn may_purge(chat: Chat, room: &RoomName) -> bool {
    chat.with(|replica| {
        let mut messages = replica.room(room).into_iter().flat_map(|room| room.messages());
        messages.all(|message| message.removed || !chat.is_own(message) || chat.can_still_change(message))
    })
}

/// Removes all that one wrote here.
fn purge(chat: Chat, dialog: &Dialog, room: &RoomName) -> El {
    let (room, dialog) = (room.clone(), dialog.clone());
    let go = move || {
        chat.purge(&room);
        dialog.close();
    };
    sure(chat, |words| words.later().purge, |words| words.later().purge_sure, go)
}

fn leave(chat: Chat, dialog: &Dialog, room: &RoomName) -> El {
    let error = RwSignal::new(None::<String>);
    let (room, dialog) = (room.clone(), dialog.clone());
    let go = move || {
        let (room, dialog) = (room.clone(), dialog.clone());
        task::spawn(async move {
            match chat.leave_room(&room).await {
                Ok(()) => dialog.close(),
                Err(sentence) => drop(error.try_set(Some(sentence))),
            }
        });
    };
    el("div").class("stack").child(sentence("leave-error", error)).child(sure(
        chat,
        |words| words.later().leave,
        |words| words.later().leave_sure,
        go,
    ))
}

/// A button for what cannot be taken back: a second click does it, once the question can have been read. Whoever turns away
/// is asked again.
fn sure(chat: Chat, name: Phrase, question: Phrase, go: impl Fn() + 'static) -> El {
    let asked = RwSignal::new(None::<Millis>);
    let click = move || match asked.get_untracked() {
        None => asked.set(Some(time::now())),
        Some(since) if time::now() >= since + READ_MS => go(),
        Some(_) => asked.set(Some(time::now())),
    };
    let name = move || {
        let phrase = if asked.get().is_some() { question } else { name };
        phrase(chat.words.get()).to_owned()
    };
    let held = |event: Event| {
        if keys::is_repeated(&event) {
            event.prevent_default();
        }
    };
    let button = button("button danger").on_click(click).on("keydown", held);
    button.on("blur", move |_| asked.set(None)).live_text(name)
}
