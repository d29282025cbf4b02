//! The right column: who is here, and who else has been, by role.

use leptos::prelude::*;
use stonechat_shared::frame::{Role, User};
use stonechat_shared::page::Member;
use stonechat_shared::{RoomName, UserId};

use super::frame::{Layout, Pane};
use super::icon::icon;
use super::person::{hue, initials};
use super::words::button;
use crate::locales::Phrase;
use crate::platform::dom::{El, el};
use crate::platform::task;
use crate::state::Chat;

/// The highest first.
const ROLES: [(Role, Phrase); 4] = [
    (Role::Owner, |words| words.owners),
    (Role::Moderator, |words| words.moderators),
    (Role::Member, |words| words.members),
    (Role::Guest, |words| words.guests),
];

/// Somebody of this room, and whether they are here.
type Person = (User, bool);

pub(crate) fn members(chat: Chat, layout: Layout) -> El {
    let listed = RwSignal::new(Vec::<Member>::new());
    // Asked for once the room is there: before, there may be no such room.
    let ready = Memo::new(move |_| {
        chat.log.track();
        let room = chat.room.get();
        chat.with(|replica| replica.room(&room).is_some_and(|room| room.is_ready())).then_some(room)
    });
    Effect::new(move |_| {
        listed.set(Vec::new());
        if let Some(room) = ready.get() {
            task::spawn(async move {
                let members = chat.members(&room).await;
                if chat.room.get_untracked() == room {
                    listed.set(members);
                }
            });
        }
    });
    let list = move || {
        chat.presence.track();
        let people = people(chat, &chat.room.get(), &listed.get());
        let me = chat.me.get().map(|me| me.id);
        let scroll = el("div").class("members-scroll");
        if people.is_empty() && ready.get().is_some() {
            return Some(scroll.child(el("p").class("list-empty").say(chat, |words| words.nobody_listed)));
        }
        let sections = ROLES.into_iter().filter_map(|role| section(chat, role, &people, me.as_ref()));
        Some(sections.fold(scroll, El::child))
    };
    let head = el("header").class("members-head").child(el("h2").say(chat, |words| words.people)).child(
        button("icon-button only-narrow")
            .label(chat, |words| words.close)
            .on_click(move || layout.pane.set(Pane::Room))
            .child(icon("close")),
    );
    el("aside").class("members").set("id", "members").label(chat, |words| words.people).child(head).part(list)
}

fn section(chat: Chat, (role, title): (Role, Phrase), people: &[Person], me: Option<&UserId>) -> Option<El> {
    let list = el("ul").class("people");
    let mut n = 0;
    for person in people.iter().filter(|(user, _)| user.role == role) {
        list.insert(&line(chat, person, me), None);
        n += 1;
    }
    let count = move || chat.words.get().count(n).text;
    let title = el("h3").say(chat, title).text(" ").child(el("span").live_text(count));
    (n != 0).then(|| el("section").child(title).child(list))
}

fn line(chat: Chat, (user, online): &Person, me: Option<&UserId>) -> El {
    let is_me = me == Some(&user.id);
    el("li")
        .class("person")
        .flag("data-online", *online)
        .style("--hue", &hue(&user.id).to_string())
        .child(el("span").class("avatar").set("aria-hidden", "true").text(&initials(&user.name)))
        .child(el("span").class("person-name").set("dir", "auto").text(&user.name))
        .child_some(is_me.then(|| el("span").class("role").say(chat, |words| words.you)))
}

/// Those who are here, as the frames say, and those who are not, as the list says; each by name.
fn people(chat: Chat, room: &RoomName, listed: &[Member]) -> Vec<Person> {
    let mut people: Vec<Person> = chat.with(|replica| {
        let here = replica.room(room).into_iter().flat_map(|room| room.people());
        here.map(|user| (user.clone(), true)).collect()
    });
    for Member { id, name, role, .. } in listed {
        // A guest who is gone does not come back: the next visit makes a new one.
        if *role != Role::Guest && people.iter().all(|(user, _)| user.id != *id) {
            people.push((User { id: id.clone(), name: name.clone(), role: *role, away: false }, false));
        }
    }
    // A sorted list of a few hundred needs no sorting machine, which each visitor would have to load.
    let mut sorted: Vec<(User, bool)> = Vec::with_capacity(people.len());
    for (user, online) in people {
        let stands_before = |(other, here): &(User, bool)| (!here, &other.name) <= (!online, &user.name);
        let place = sorted.partition_point(stands_before);
        sorted.insert(place, (user, online));
    }
    sorted
}
