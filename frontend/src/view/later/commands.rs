//! Commands: what begins with `/` is one, and never a message by mistake.

use leptos::prelude::*;
use stonechat_shared::frame::RoomKind;

use super::copy::copy;
use super::invites;
use crate::locales::Phrase;
use crate::platform::{address, task};
use crate::state::deeds::Context;
use crate::view::composer::Field;
use crate::view::later::{self, Part};

/// One command. All there is to know of it stands here: the list of commands and the completion read the same table.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// What is written behind it; it is not carried out without.
    pub(super) argument: Option<Phrase>,
    pub(super) does: Phrase,
    /// With the argument, without the spaces around it.
    run: fn(&Field, &str),
}

pub(super) const COMMANDS: [Command; 5] = [
    Command {
        name: "me",
        argument: Some(|words| words.later().text_argument),
        does: |words| words.later().does_me,
        run: me,
    },
    Command {
        name: "nick",
        argument: Some(|words| words.later().name_argument),
        does: |words| words.later().does_nick,
        run: nick,
    },
    Command {
        name: "topic",
        argument: Some(|words| words.later().text_argument),
        does: |words| words.later().does_topic,
        run: topic,
    },
    Command { name: "invite", argument: None, does: |words| words.later().does_invite, run: invite },
    Command { name: "help", argument: None, does: |words| words.later().does_help, run: help },
];

/// Does what stands in the field. Where that is not possible a sentence says why, and the text stays.
pub(super) fn carry_out(field: &Field) {
    let text = field.element.value();
    match understood(&text) {
        Meant::Text(text) => field.say(text.to_owned()),
        Meant::Command(command, argument) => {
            if let (Some(wanted), "") = (command.argument, argument) {
                let words = field.chat.words_now();
                field.wrong.set(Some((words.later().needs)(command.name, wanted(words))));
            } else {
                (command.run)(field, argument);
            }
        }
        Meant::Nothing(name) => field.wrong.set(Some((field.chat.words_now().later().no_such_command)(name))),
    }
}

/// What was meant by a text that begins with `/`.
enum Meant<'a> {
    /// Written with two of them, it is a text that begins with one.
    Text(&'a str),
    Command(&'static Command, &'a str),
    /// There is no command of this name.
    Nothing(&'a str),
}

fn understood(text: &str) -> Meant<'_> {
    let text = text.trim_start();
    let rest = text.strip_prefix('/').unwrap_or(text);
    if rest.starts_with('/') {
        return Meant::Text(rest);
    }
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match COMMANDS.iter().find(|command| command.name.eq_ignore_ascii_case(name)) {
        Some(command) => Meant::Command(command, argument.trim()),
        None => Meant::Nothing(name),
    }
}

fn me(field: &Field, text: &str) {
    field.say(format!("*{text}*"));
}

fn nick(field: &Field, name: &str) {
    let (field, name, written) = (field.clone(), name.to_owned(), field.element.value());
    task::spawn(async move {
        match field.chat.sign_in(name).await {
            Ok(()) => done_unless_written(&field, &written),
            Err(sentence) => {
                field.wrong.try_set(Some(sentence));
            }
        }
    });
}

fn topic(field: &Field, topic: &str) {
    field.chat.set_room(&field.chat.room.get_untracked(), None, Some(topic.to_owned()));
    done(field);
}

/// Copies an address by which others come in.
fn invite(field: &Field, _: &str) {
    let chat = field.chat;
    let Some(head) = untrack(|| chat.line_of_room()) else { return };
    match head.kind {
        RoomKind::Open => {
            copy(chat, address::link_of_room(&head.room), |words| words.later().copied);
            done(field);
        }
        RoomKind::Direct => field.wrong.set(Some(chat.words_now().later().direct_stays.to_owned())),
        RoomKind::Private => {
            let (field, written) = (field.clone(), field.element.value());
            task::spawn(async move {
                match chat.make_invite(&head.room, invites::usual()).await {
                    Ok(invite) => {
                        copy(chat, address::link_of(&invite.invite), |words| words.later().invite_copied);
                        done_unless_written(&field, &written);
                    }
                    Err(sentence) => drop(field.wrong.try_set(Some(sentence))),
                }
            });
        }
    }
}

fn help(field: &Field, _: &str) {
    done(field);
    later::open(field.chat, field.layout, Part::Keys);
}

/// Whoever went on writing while it was done keeps what they wrote.
fn done_unless_written(field: &Field, before: &str) {
    if field.element.value() == before {
        done(field);
    }
}

/// It was no message: an answer that was begun goes on.
fn done(field: &Field) {
    match field.chat.context.get_untracked() {
        Some(Context::Edit(_)) => field.chat.context.set(None),
        Some(Context::Reply(_)) | None => field.clear(),
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, Meant, understood};

    #[test]
    fn what_begins_with_a_slash_is_a_command_or_nothing() {
        for (text, name, argument) in
            [("/me waves", "me", "waves"), (" /NICK  Ann Lee ", "nick", "Ann Lee"), ("/help", "help", "")]
        {
            let Meant::Command(command, found) = understood(text) else { panic!("{text}") };
            assert_eq!((command.name, found), (name, argument), "{text}");
        }
        for (text, name) in [("/", ""), ("/ me", ""), ("/mee waves", "mee"), ("/usr/bin", "usr/bin")] {
            let Meant::Nothing(found) = understood(text) else { panic!("{text}") };
            assert_eq!(found, name, "{text}");
        }
        for (text, sent) in [("//me waves", "/me waves"), (" ///", "//")] {
            let Meant::Text(found) = understood(text) else { panic!("{text}") };
            assert_eq!(found, sent, "{text}");
        }
    }

    #[test]
    fn a_command_has_a_name_that_can_be_typed() {
        for command in &COMMANDS {
            assert!(command.name.bytes().all(|byte| byte.is_ascii_lowercase()), "{}", command.name);
        }
    }
}
