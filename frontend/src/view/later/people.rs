//! The right column's content: who is here, and who else has been, by role.

use std::cell::RefCell;

use leptos::prelude::*;
use stonechat_shared::frame::Role;
use stonechat_shared::ids::Millis;
use stonechat_shared::page::Member;
use stonechat_shared::{RoomName, UserId, limits};

use crate::locales::Phrase;
use crate::platform::dom::{El, el, watch};
use crate::platform::{task, time};
use crate::state::Chat;
use crate::state::private::known;
use crate::view::frame::Layout;
use crate::view::later::{self, Part};
use crate::view::person::{hue, initials};
use crate::view::words::button;

/// The highest first.
const ROLES: [(Role, Phrase); 4] = [
    (Role::Owner, |words| words.later().owners),
    (Role::Moderator, |words| words.later().moderators),
    (Role::Member, |words| words.later().members),
    (Role::Guest, |words| words.later().guests),
];

thread_local! {
    /// Owns the list, for as long as the page lives.
    static OWNER: RefCell<Option<Owner>> = const { RefCell::new(None) };
}

/// Fills the column, unless that was done before.
pub(super) fn fill(chat: Chat, layout: Layout, column: El) {
    if OWNER.with_borrow(Option::is_none) {
        let owner = Owner::new();
        owner.with(|| list(chat, layout, column));
        OWNER.set(Some(owner));
    }
}

fn list(chat: Chat, layout: Layout, column: El) {
    let listed = RwSignal::new(Vec::<Member>::new());
    // There are more of them than were asked for.
    let more = RwSignal::new(false);
    // Counts lists: the answer to what was asked for an earlier one belongs to none.
    let turn = StoredValue::new(0_u32);
    let load = move |room: RoomName, after: Option<UserId>| {
        let asked = turn.get_value();
        task::spawn(async move {
            let (members, has_more) = chat.members(&room, after).await;
            if turn.get_value() == asked {
                more.set(has_more);
                let mut all = listed.get_untracked();
                all.extend(members);
                listed.set(all);
            }
        });
    };
    // Asked for once the room is there: before, there may be no such room.
    let ready = Memo::new(move |_| {
        chat.log.track();
        let room = chat.room.get();
        chat.with(|replica| replica.room(&room).is_some_and(|room| room.is_ready())).then_some(room)
    });
    watch(move || {
        // Whoever has a name now is somebody else than the guest who was here.
        chat.me.track();
        turn.update_value(|turn| *turn += 1);
        more.set(false);
        listed.set(Vec::new());
        if let Some(room) = ready.get() {
            load(room, None);
        }
    });
    let leaving = StoredValue::new(Leaving::default());
    // Whoever comes and goes in another room changes nothing here.
    let people = Memo::new(move |_| {
        chat.presence.track();
        let room = chat.room.get();
        let mut people = people(chat, &room, &listed.get());
        leaving.update_value(|leaving| leaving.note(room, &mut people));
        people
    });
    let list = move || {
        let (people, me) = (people.get(), chat.me.get().map(|me| me.id));
        let all = el("div");
        if people.is_empty() && ready.get().is_some() {
            return Some(all.child(el("p").class("list-empty").say(chat, |words| words.later().nobody_listed)));
        }
        let sections = ROLES.into_iter().filter_map(|role| section(chat, layout, role, &people, me.as_ref()));
        let all = sections.fold(all, El::child);
        let next = move || {
            let last = listed.with_untracked(|listed| listed.last().map(|member| member.id.clone()));
            load(chat.room.get_untracked(), last);
        };
        let button = || button("text-button").on_click(next).say(chat, |words| words.later().more_people);
        Some(all.child_some(more.get().then(button)))
    };
    // It lives as long as the page; what scrolls stays the same element, or each change would lead back to its top.
    let _ = column.child(el("div").class("members-scroll").part(list));
}

/// Who was here, and who has left since: the list that was asked for knows nothing of that.
#[derive(Default)]
struct Leaving {
    room: RoomName,
    here: Vec<UserId>,
    gone: Vec<(UserId, Millis)>,
}

impl Leaving {
    /// Tells of those who are not here any more when that was.
    fn note(&mut self, room: RoomName, people: &mut [Member]) {
        if self.room != room {
            *self = Self { room, ..Self::default() };
        }
        let here: Vec<UserId> = people.iter().filter(|it| it.online).map(|it| it.id.clone()).collect();
        self.gone.retain(|(id, _)| !here.contains(id));
        let left = std::mem::replace(&mut self.here, here).into_iter().filter(|id| !self.here.contains(id));
        self.gone.extend(left.map(|id| (id, time::now())));
        for person in people.iter_mut().filter(|person| !person.online) {
            let gone = self.gone.iter().find(|(id, _)| *id == person.id).map(|(_, at)| *at);
            person.seen = person.seen.max(gone);
        }
    }
}

fn section(
    chat: Chat,
    layout: Layout,
    (role, title): (Role, Phrase),
    people: &[Member],
    me: Option<&UserId>,
) -> Option<El> {
    let list = el("ul").class("people");
    let mut n = 0;
    for person in people.iter().filter(|person| person.role == role) {
        list.insert(&line(chat, layout, person, me), None);
        n += 1;
    }
    let count = move || chat.words.get().count(n).text;
    let title = el("h2").say(chat, title).text(" ").child(el("span").live_text(count));
    (n != 0).then(|| el("section").child(title).child(list))
}

fn line(chat: Chat, layout: Layout, person: &Member, me: Option<&UserId>) -> El {
    let is_me = me == Some(&person.id);
    let words = chat.words.get();
    let seen =
        person.seen.filter(|_| !person.online).map(|seen| (words.later().last_seen)(&time::exact(words.tag, seen)));
    let (id, name) = (person.id.clone(), person.name.clone());
    let open = move || later::open(chat, layout, Part::Person { id: id.clone(), name: name.clone() });
    let line = button("person")
        .flag("data-online", person.online)
        .flag("data-away", person.away)
        .set_some("title", seen.as_deref().or_else(|| person.away.then_some(words.later().away)))
        .style("--hue", &hue(&person.id).to_string())
        .on_click(open)
        .child(el("span").class("avatar").set("aria-hidden", "true").text(&initials(&person.name)))
        .child(el("span").class("person-name").set("dir", "auto").text(&person.name))
        .child_some(is_me.then(|| el("span").class("role").say(chat, |words| words.later().you)));
    el("li").child(line)
}

/// Those who are here, as the frames say, and the others, as the list says; each by name.
fn people(chat: Chat, room: &RoomName, listed: &[Member]) -> Vec<Member> {
    // In a room that is too large for frames to name everybody, the list says who is here, too.
    let mut is_large = false;
    let mut people: Vec<Member> = chat.with(|replica| {
        let room = replica.room(room);
        is_large = room.is_some_and(|room| room.online() > limits::PRESENCE);
        let here = room.into_iter().flat_map(|room| room.people());
        here.map(|user| known(user.clone())).collect()
    });
    for member in listed {
        let online = is_large && member.online;
        // A guest who is gone does not come back: the next visit makes a new one.
        if (online || member.role != Role::Guest) && people.iter().all(|person| person.id != member.id) {
            people.push(Member { online, away: online && member.away, ..member.clone() });
        }
    }
    // A sorted list of a few hundred needs no sorting machine, which each visitor would have to load.
    let mut sorted: Vec<Member> = Vec::with_capacity(people.len());
    for person in people {
        let stands_before = |other: &Member| (!other.online, &other.name) <= (!person.online, &person.name);
        let place = sorted.partition_point(stands_before);
        sorted.insert(place, person);
    }
    sorted
}
