//! Calls who looks elsewhere: a note of the system's for what names them, and a sound.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::settings::Notify;
use stonechat_shared::{Message, RoomName, Seq, markup};

use crate::platform::dom::watch;
use crate::platform::{notify, page, sound, storage, task};
use crate::state::Chat;
use crate::state::settings::told_of;

/// Characters of a message in a note.
const PREVIEW: usize = 140;
/// A person who comes back to more than this reads the list.
const MOST: usize = 3;

/// Up to where each room was told, or did not have to be.
type Told = Rc<RefCell<Vec<(RoomName, Seq)>>>;

pub(super) fn begin(chat: Chat) {
    // What is there already is for the list to tell.
    let heads = chat.rooms.with_untracked(|rooms| rooms.iter().map(|head| (head.room.clone(), head.head)).collect());
    let told: Told = Rc::new(RefCell::new(heads));
    watch(move || {
        let looks = chat.watched.get();
        let shown = chat.room.get();
        let settings = chat.settings().get_untracked();
        for head in chat.rooms.get() {
            let wanted = told_of(&settings, &head.room);
            let wants = match wanted {
                Notify::All => head.unread != 0,
                Notify::Mentions => head.mentions != 0,
                Notify::None => false,
            };
            let from = reached(&told, &head.room);
            // What was to call nobody does not call later, when something else is chosen.
            if looks && head.room == shown || wanted == Notify::None {
                reach(&told, &head.room, head.head);
            } else if wants && from < head.head {
                reach(&told, &head.room, head.head);
                task::spawn(call(chat, head.clone(), from.max(head.read), wanted == Notify::All));
            }
        }
    });
}

async fn call(chat: Chat, head: RoomHead, from: Seq, all: bool) {
    let Some(me) = chat.me_now() else { return };
    let is_for_me = |message: &Message| {
        let is_news = message.seq > from && message.user.id != me.id && !message.removed;
        is_news && (all || head.kind == RoomKind::Direct || markup::names(&message.text, &me.name))
    };
    let messages = chat.newest_messages(&head).await;
    let news: Vec<&Message> = messages.iter().filter(|message| is_for_me(message)).collect();
    for message in &news[news.len().saturating_sub(MOST)..] {
        show(chat, &head, message);
    }
    let Some(newest) = news.last() else { return };
    let newest = format!("{}#{}", head.room, newest.seq);
    if sound::is_on() && storage::get(storage::SOUNDED).as_ref() != Some(&newest) {
        storage::set(storage::SOUNDED, &newest);
        sound::beep();
    }
}

fn show(chat: Chat, head: &RoomHead, message: &Message) {
    if !notify::is_on() {
        return;
    }
    let author = &message.user.name;
    let title = match head.kind {
        RoomKind::Direct => author.clone(),
        RoomKind::Open | RoomKind::Private => format!("{author} · {}", head.title),
    };
    let (room, seq) = (head.room.clone(), message.seq);
    let tag = format!("{room}#{seq}");
    notify::show(&title, &markup::preview(&message.text, PREVIEW), &tag, move || {
        page::raise();
        chat.go(&room);
        chat.seek(seq);
    });
}

fn reached(told: &Told, room: &RoomName) -> Seq {
    told.borrow().iter().find(|(name, _)| name == room).map_or(0, |(_, seq)| *seq)
}

fn reach(told: &Told, room: &RoomName, seq: Seq) {
    let mut told = told.borrow_mut();
    match told.iter_mut().find(|(name, _)| name == room) {
        Some((_, reached)) => *reached = (*reached).max(seq),
        None => told.push((room.clone(), seq)),
    }
}
