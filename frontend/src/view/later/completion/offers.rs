//! What may be meant by what is being typed.

use leptos::prelude::*;
use stonechat_shared::frame::Role;
use stonechat_shared::page::Member;
use stonechat_shared::{Author, UserId, markup};

use super::trigger::{Kind, Trigger};
use crate::platform::dom::{El, el};
use crate::state::Chat;
use crate::view::icon::icon;
use crate::view::later::commands::COMMANDS;
use crate::view::later::emoji;
use crate::view::person::{hue, initials};

/// As many as are seen at once.
const MOST: usize = 8;
/// Who wrote before this many messages is not among those who write.
const RECENT_MESSAGES: usize = 200;

/// One thing that may be meant.
pub(super) struct Offer {
    /// What stands in front of its name.
    pub(super) lead: El,
    pub(super) name: String,
    /// What is written behind its name in the list.
    pub(super) hint: String,
    /// What is written into the field in the place of what was typed.
    pub(super) text: String,
    /// Something goes on behind it: a space is written, too.
    pub(super) goes_on: bool,
}

pub(super) fn offers(chat: Chat, members: &[Member], trigger: Trigger<'_>) -> Vec<Offer> {
    match trigger.kind {
        Kind::Command => commands(chat, trigger.sought),
        Kind::Emoji => emoji(chat, trigger.sought),
        Kind::Person => people(chat, members, trigger.sought),
        Kind::Room => rooms(chat, trigger.sought),
    }
}

fn commands(chat: Chat, sought: &str) -> Vec<Offer> {
    let words = chat.words_now();
    let sought = sought.to_ascii_lowercase();
    let fitting = COMMANDS.iter().filter(|command| command.name.starts_with(&sought));
    let offer = fitting.map(|command| Offer {
        lead: el("code").text(&format!("/{}", command.name)),
        name: command.argument.map(|argument| argument(words).to_owned()).unwrap_or_default(),
        hint: (command.does)(words).to_owned(),
        text: format!("/{}", command.name),
        goes_on: command.argument.is_some(),
    });
    offer.collect()
}

fn emoji(chat: Chat, sought: &str) -> Vec<Offer> {
    let Some(book) = emoji::book_now() else { return Vec::new() };
    let tone = emoji::tone();
    let tag = chat.words_now().tag;
    let offer = book.find(sought, MOST).into_iter().map(|emoji| {
        let sign = emoji.sign(tone);
        Offer {
            lead: el("span").class("sign").text(&sign),
            name: emoji.name(tag),
            hint: format!(":{}:", emoji.code_like(&sought.to_ascii_lowercase())),
            text: sign,
            goes_on: false,
        }
    });
    offer.collect()
}

fn people(chat: Chat, members: &[Member], sought: &str) -> Vec<Offer> {
    let sought = markup::mention_key(sought);
    let names = |(person, _): &(Author, bool)| distance(&markup::mention_key(&person.name), &sought);
    let offer = nearest(known(chat, members), names).into_iter().map(|(person, is_here)| {
        let text = format!("@{}", markup::mention_of(&person.name));
        let avatar = el("span").class("avatar").set("aria-hidden", "true").text(&initials(&person.name));
        Offer {
            lead: avatar.style("--hue", &hue(&person.id).to_string()).flag("data-online", is_here),
            hint: if text[1..] == person.name { String::new() } else { text.clone() },
            name: person.name,
            text,
            goes_on: true,
        }
    });
    offer.collect()
}

/// Everybody who may be named, and whether they are here: first who wrote last, then who is here, then who belongs here.
fn known(chat: Chat, members: &[Member]) -> Vec<(Author, bool)> {
    let room = chat.room.get_untracked();
    let mut known: Vec<(Author, bool)> = Vec::new();
    let me = chat.me_now().map(|me| me.id);
    let mut add = |id: &UserId, name: &str, is_here: bool| match known.iter_mut().find(|(other, _)| other.id == *id) {
        // Who is here is told by the name that they have now.
        Some((other, here)) if is_here => {
            other.name = name.to_owned();
            *here = true;
        }
        Some(_) => {}
        None if me.as_ref() == Some(id) => {}
        None => known.push((Author { id: id.clone(), name: name.to_owned() }, is_here)),
    };
    chat.with(|replica| {
        let Some(room) = replica.room(&room) else { return };
        for message in room.messages().rev().take(RECENT_MESSAGES).filter(|message| !message.removed) {
            add(&message.user.id, &message.user.name, false);
        }
        for user in room.people().filter(|user| user.role != Role::Guest) {
            add(&user.id, &user.name, true);
        }
    });
    for member in members.iter().filter(|member| member.role != Role::Guest) {
        add(&member.id, &member.name, false);
    }
    known
}

fn rooms(chat: Chat, sought: &str) -> Vec<Offer> {
    let sought = sought.to_ascii_lowercase();
    // What is not open is nothing to everybody else who reads it.
    let rooms = chat.rooms.get_untracked().into_iter().filter(|head| head.kind.is_open()).collect();
    let names = |head: &stonechat_shared::frame::RoomHead| {
        let title = distance(&head.title.to_ascii_lowercase(), &sought);
        distance(head.room.as_str(), &sought).into_iter().chain(title).min()
    };
    let offer = nearest(rooms, names).into_iter().map(|head| Offer {
        lead: icon("hash"),
        hint: format!("#{}", head.room),
        text: format!("#{}", head.room),
        name: head.title,
        goes_on: true,
    });
    offer.collect()
}

/// How well a name fits what is sought: it begins so, a word in it does, or it has it somewhere.
fn distance(name: &str, sought: &str) -> Option<usize> {
    let at_a_word = |(at, _): (usize, _)| name[..at].ends_with(['_', '-', '.', ' ']);
    if name.starts_with(sought) {
        Some(0)
    } else if name.match_indices(sought).any(at_a_word) {
        Some(1)
    } else {
        name.contains(sought).then_some(2)
    }
}

/// Those that fit best; among equals the order stays.
fn nearest<T>(all: Vec<T>, distance: impl Fn(&T) -> Option<usize>) -> Vec<T> {
    let mut found: Vec<(usize, T)> = Vec::new();
    for one in all {
        let Some(far) = distance(&one) else { continue };
        let place = found.partition_point(|(other, _)| *other <= far);
        found.insert(place, (far, one));
    }
    found.truncate(MOST);
    found.into_iter().map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn the_beginning_of_a_name_comes_before_the_middle() {
        let names = vec!["joanna", "mary_ann", "ann_lee", "ben", "anna"];
        assert_eq!(nearest(names, |name| distance(name, "ann")), ["ann_lee", "anna", "mary_ann", "joanna"]);
    }
}
