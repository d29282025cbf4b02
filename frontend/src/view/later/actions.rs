//! What can be done to a message: buttons over its corner while it is pointed at or has the focus.

use leptos::prelude::*;
use stonechat_shared::frame::Role;
use stonechat_shared::{Message, Seq};

use super::copy::copy;
use crate::locales::Phrases;
use crate::platform::dom::{El, Event, el};
use crate::platform::{address, keys};
use crate::state::Chat;
use crate::state::deeds::Context;
use crate::view::frame::Layout;
use crate::view::icon::icon;
use crate::view::later::{self, Part};
use crate::view::message::ACTIONS;
use crate::view::words::button;

/// Those that most people reach for.
const QUICK: [&str; 3] = ["👍", "❤️", "😂"];

/// The author's name leads to who they are; a keyboard gets there by this.
pub(super) const AUTHOR_KEY: &str = "a";

/// One thing that can be done: its icon, what it is called where the message is pinned or not, the key that does it while the
/// message has the focus.
pub(super) struct Action {
    icon: &'static str,
    name: fn(&'static Phrases, bool) -> &'static str,
    key: &'static str,
    act: fn(Chat, Layout, &Message),
}

const REPLY: Action = Action {
    icon: "reply",
    name: |words, _| words.later().reply,
    key: "r",
    act: |chat, _, message| {
        chat.context.set(Some(Context::Reply(message.seq)));
    },
};
const THREAD: Action = Action {
    icon: "hash",
    name: |words, _| words.later().show_thread,
    key: "t",
    act: |chat, layout, message| later::open(chat, layout, Part::Thread(message.seq)),
};
const EDIT: Action = Action {
    icon: "edit",
    name: |words, _| words.later().edit,
    key: "e",
    act: |chat, _, message| chat.start_edit(message.seq),
};
const PIN: Action = Action {
    icon: "pin",
    name: |words, pinned| if pinned { words.later().unpin } else { words.later().pin },
    key: "p",
    act: |chat, _, message| chat.pin(message.seq, !message.pinned),
};
const LINK: Action = Action {
    icon: "link",
    name: |words, _| words.later().copy_link,
    key: "c",
    act: |chat, _, message| {
        copy(chat, address::link_to(&chat.room.get_untracked(), message.seq), |words| words.later().copied);
    },
};
const UNREAD: Action = Action {
    icon: "bell",
    name: |words, _| words.later().mark_unread,
    key: "u",
    act: |chat, _, message| chat.mark_unread(message.seq),
};
const REMOVE: Action = Action {
    icon: "trash",
    name: |words, _| words.later().remove,
    key: "Delete",
    act: |chat, _, message| {
        // The buttons may have stood there for longer than that is allowed.
        if !chat.is_own(message) || chat.can_still_change(message) {
            chat.remove(message.seq);
        }
    },
};

/// One of each that has a key of its own.
pub(super) const ALL: [&Action; 7] = [&REPLY, &THREAD, &EDIT, &PIN, &LINK, &UNREAD, &REMOVE];

impl Action {
    /// What it does, in the list of keys.
    pub(super) fn does(&self, words: &'static Phrases) -> &'static str {
        (self.name)(words, false)
    }

    /// The key as it stands on keyboards.
    pub(super) fn label(&self) -> String {
        if self.key.len() == 1 { self.key.to_ascii_uppercase() } else { self.key.to_owned() }
    }
}

/// Shows them for this message, and for no other any more.
pub(super) fn open(chat: Chat, layout: Layout, element: &El) {
    let is_shown = element.child_of_class(ACTIONS).is_some();
    if is_shown || !element.is_pointed_at() {
        return;
    }
    // Lines that come move others under a pointer that rests: whoever walks by keyboard keeps what is at theirs.
    if El::find(".message:is(:focus-visible, :has(:focus-visible))").is_some_and(|other| other != *element) {
        return;
    }
    let Some(message) = element.attribute("data-seq").and_then(|seq| chat.message(seq.parse::<Seq>().ok()?)) else {
        return;
    };
    let owner = Owner::new();
    let bar = owner.with(|| bar(chat, layout, &message, element));
    let before = layout.actions.try_update_value(|shown| shown.replace((owner, bar.clone()))).flatten();
    if let Some((owner, bar)) = before {
        bar.remove();
        owner.cleanup();
    }
    element.insert(&bar, None);
}

fn bar(chat: Chat, layout: Layout, message: &Message, element: &El) -> El {
    let actions = actions(chat, message);
    let bar = el("div").class(ACTIONS).set("role", "group").set("aria-label", chat.words_now().later().message_actions);
    let can_react = chat.is_named_now() && !message.removed;
    let seq = message.seq;
    let quick = QUICK.iter().take(if can_react { QUICK.len() } else { 0 }).map(|&emoji| {
        let is_given =
            move |message: Message| message.reactions.iter().any(|reaction| reaction.emoji == emoji && reaction.mine);
        button("icon-button quick")
            .set("aria-label", &(chat.words_now().later().react_with)(emoji))
            .text(emoji)
            .on_click(move || chat.react(seq, emoji, !chat.message(seq).is_some_and(is_given)))
    });
    let bar = quick.fold(bar, El::child);
    let bar = if can_react { bar.child(react(chat, layout, seq, element)) } else { bar };
    let bar = actions.iter().fold(bar, |bar, action| {
        let (act, called) = (action.act, action.name);
        // The buttons stay while the message changes under them.
        let name = move || {
            chat.log.track();
            chat.message(seq).map(|message| called(chat.words.get(), message.pinned).to_owned())
        };
        let done = button("icon-button").live_set("aria-label", name).live_set("title", name).child(icon(action.icon));
        bar.child(done.on_click(move || with_message(chat, layout, seq, act)))
    });
    let pressed = move |event: Event| {
        let action = actions.iter().find(|action| keys::is(&event, action.key)).map(|action| action.act);
        if let Some(act) = action.or_else(|| keys::is(&event, AUTHOR_KEY).then_some(show_author)) {
            event.prevent_default();
            with_message(chat, layout, seq, act);
        }
    };
    // For as long as the buttons are there.
    let _ = element.clone().on("keydown", pressed);
    bar
}

fn show_author(chat: Chat, layout: Layout, message: &Message) {
    let (id, name) = (message.user.id.clone(), message.user.name.clone());
    later::open(chat, layout, Part::Person { id, name });
}

/// Any emoji there is.
fn react(chat: Chat, layout: Layout, seq: Seq, message: &El) -> El {
    let name = chat.words_now().later().add_reaction;
    let (message, more) = (message.clone(), button("icon-button"));
    let more = more.set("aria-label", name).set("title", name).set("aria-haspopup", "dialog").child(icon("react"));
    let anchor = more.clone();
    more.on_click(move || later::open(chat, layout, Part::Reaction(seq, message.clone(), anchor.clone())))
}

/// What stands there now, not what stood there when the buttons came.
fn with_message(chat: Chat, layout: Layout, seq: Seq, act: fn(Chat, Layout, &Message)) {
    if let Some(message) = chat.message(seq) {
        act(chat, layout, &message);
    }
}

/// What this person may do to this message.
fn actions(chat: Chat, message: &Message) -> Vec<&'static Action> {
    let mut actions = Vec::new();
    let (is_named, is_own) = (chat.is_named_now(), chat.is_own(message));
    let may_rule = chat.me_now().is_some_and(|me| me.role >= Role::Moderator);
    let is_open = chat.can_still_change(message);
    if !message.removed {
        if is_named {
            actions.push(&REPLY);
        }
        if is_own && is_named && is_open {
            actions.push(&EDIT);
        }
        if is_named {
            actions.push(&PIN);
        }
    }
    if message.reply.is_some() || chat.is_answered(message.seq) {
        actions.push(&THREAD);
    }
    actions.push(&LINK);
    if is_named {
        actions.push(&UNREAD);
    }
    if !message.removed && is_named && (is_own && is_open || may_rule) {
        actions.push(&REMOVE);
    }
    actions
}
