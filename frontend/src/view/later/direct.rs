//! Choosing whom to write to: one person, or a few.

use leptos::prelude::*;
use stonechat_shared::frame::Role;
use stonechat_shared::limits::DIRECT;
use stonechat_shared::page::Member;
use stonechat_shared::{RoomName, UserId, markup};

use super::dialog::{self, Dialog};
use super::field::{field, input, sentence};
use crate::platform::dom::{El, el};
use crate::platform::{style, task};
use crate::state::Chat;
use crate::view::frame::{Layout, Pane};
use crate::view::person::{hue, initials};
use crate::view::words::button;

/// Whoever writes is one of them.
const OTHERS: usize = DIRECT - 1;

pub(super) fn open(chat: Chat, layout: Layout) {
    dialog::open(chat, "new-direct", |words| words.new_direct, |dialog| body(chat, layout, dialog));
}

fn body(chat: Chat, layout: Layout, dialog: &Dialog) -> El {
    let people = RwSignal::new(None::<Vec<Member>>);
    let chosen = RwSignal::new(Vec::<UserId>::new());
    let error = RwSignal::new(None::<String>);
    task::spawn(async move {
        let style = style::fetch(super::PEOPLE);
        let found = everybody(chat).await;
        if let Some(style) = style {
            // Plain is better than not at all.
            let _ = style.arrives().await;
        }
        people.try_set(Some(found));
    });
    let typed = RwSignal::new(String::new());
    let search = input("direct-search", 80).set("type", "search").flag("autofocus", true);
    let read = search.clone();
    let search = search.on("input", move |_| typed.set(markup::mention_of(&read.value())));
    let list = move || {
        let wanted = markup::mention_key(&typed.get());
        let list = el("ul").class("people picker");
        let Some(people) = people.get() else { return Some(list) };
        let fits = |member: &&Member| markup::mention_key(&member.name).contains(&wanted);
        let lines = people.iter().filter(fits).map(|member| line(chosen, error, member));
        let list = lines.fold(list, El::child);
        let is_empty = list.first().is_none();
        Some(
            list.child_some(is_empty.then(|| el("li").class("list-empty").text(chat.words.get().later().nobody_found))),
        )
    };
    let opened = dialog.clone();
    let start = move || {
        let (users, dialog) = (chosen.get_untracked(), opened.clone());
        if users.is_empty() {
            return;
        }
        task::spawn(async move {
            match chat.talk_with(users).await {
                Ok(()) => {
                    dialog.close();
                    layout.pane.set(Pane::Room);
                }
                Err(sentence) => {
                    error.try_set(Some(sentence));
                }
            }
        });
    };
    let hint = move || {
        let words = chat.words.get();
        let count = words.count(chosen.with(Vec::len));
        (words.later().chosen)(&count, &words.count(OTHERS))
    };
    let closing = dialog.clone();
    let buttons = el("div")
        .class("dialog-foot")
        .child(button("button").on_click(move || closing.close()).say(chat, |words| words.cancel))
        .child(
            button("button primary")
                .live_set("aria-disabled", move || chosen.with(Vec::is_empty).then(|| "true".to_owned()))
                .on_click(start)
                .say(chat, |words| words.later().start_talk),
        );
    el("div")
        .class("dialog-body")
        .child(field(chat, |words| words.later().find_people, search, None))
        .part(list)
        .child(el("p").class("field-hint").live_text(hint))
        .child(sentence("direct-error", error))
        .child(buttons)
}

fn line(chosen: RwSignal<Vec<UserId>>, error: RwSignal<Option<String>>, member: &Member) -> El {
    let id = member.id.clone();
    let pick = el("input").set("type", "checkbox");
    pick.set_checked(chosen.with_untracked(|chosen| chosen.contains(&id)));
    let (picked, toggled) = (pick.clone(), id.clone());
    let pick = pick.on("change", move |_| {
        error.set(None);
        chosen.update(|chosen| match chosen.iter().position(|other| *other == toggled) {
            Some(index) => drop(chosen.remove(index)),
            None if chosen.len() < OTHERS => chosen.push(toggled.clone()),
            None => picked.set_checked(false),
        });
    });
    let person = el("label")
        .class("person")
        .flag("data-online", member.online)
        .flag("data-away", member.away)
        .style("--hue", &hue(&id).to_string())
        .child(pick)
        .child(el("span").class("avatar").set("aria-hidden", "true").text(&initials(&member.name)))
        .child(el("span").class("person-name").set("dir", "auto").text(&member.name));
    el("li").child(person)
}

/// Those who have a name: of this room, of the lobby, and who is here anywhere.
async fn everybody(chat: Chat) -> Vec<Member> {
    let me = chat.me_now().map(|me| me.id);
    let mut all: Vec<Member> = Vec::new();
    let lobby = RoomName::from(RoomName::LOBBY);
    let here = chat.room.get_untracked();
    let rooms = if here == lobby { vec![lobby] } else { vec![here, lobby] };
    for room in rooms {
        let mut after = None;
        loop {
            let (members, more) = chat.members(&room, after).await;
            after = members.last().map(|member| member.id.clone());
            for member in members {
                let is_new = all.iter().all(|known| known.id != member.id) && Some(&member.id) != me.as_ref();
                if is_new && member.role != Role::Guest {
                    all.push(member);
                }
            }
            if !more || after.is_none() {
                break;
            }
        }
    }
    all.sort_by(|a, b| (!a.online, &a.name).cmp(&(!b.online, &b.name)));
    all
}
