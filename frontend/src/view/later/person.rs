//! Who somebody is, and the way to write to them alone.

use leptos::prelude::*;
use stonechat_shared::UserId;
use stonechat_shared::frame::Role;
use stonechat_shared::page::Member;

use super::dialog::{self, Dialog};
use super::field::sentence;
use crate::locales::Phrases;
use crate::platform::dom::{El, el};
use crate::platform::{task, time};
use crate::state::Chat;
use crate::state::private::can_be_written_to;
use crate::view::frame::{Layout, Pane};
use crate::view::person::{hue, initials};
use crate::view::words::button;

pub(super) fn open(chat: Chat, layout: Layout, id: UserId, name: String) {
    let id = Some(id).filter(|id| !id.as_str().is_empty());
    let body = |dialog: &Dialog| {
        let found = RwSignal::new(None::<Option<Member>>);
        let name = name.trim_start_matches('@').to_owned();
        let asked = name.clone();
        task::spawn(async move {
            let member = chat.look_up(id, &asked).await;
            found.try_set(Some(member));
        });
        let dialog = dialog.clone();
        el("div").class("dialog-body").part(move || {
            Some(match found.get() {
                None => face(&UserId::from(""), &name, &[]),
                Some(None) => face(&UserId::from(""), &name, &[chat.words.get().later().nobody_known.to_owned()]),
                Some(Some(member)) => card(chat, layout, &dialog, &member),
            })
        })
    };
    dialog::open(chat, "person", |words| words.later().person, body);
}

fn card(chat: Chat, layout: Layout, dialog: &Dialog, member: &Member) -> El {
    let words = chat.words.get();
    let mut lines = vec![role(words, member.role).to_owned(), presence(words, member)];
    lines.extend(member.last_post.map(|at| (words.later().last_wrote)(&time::exact(words.tag, at))));
    let face = face(&member.id, &member.name, &lines)
        .flag("data-online", member.online)
        .flag("data-away", member.online && member.away);
    let is_me = chat.me_now().is_some_and(|me| me.id == member.id);
    if is_me || !chat.is_named_now() || !can_be_written_to(member.role) {
        return face;
    }
    let error = RwSignal::new(None);
    let (id, dialog) = (member.id.clone(), dialog.clone());
    let write = move || {
        let (id, dialog) = (id.clone(), dialog.clone());
        task::spawn(async move {
            match chat.talk_with(vec![id]).await {
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
    let message = button("button primary").on_click(write).text(words.later().message_them);
    let first = message.clone();
    time::next_frame(move || first.focus());
    el("div").class("stack").child(face).child(sentence("person-error", error)).child(message)
}

fn face(id: &UserId, name: &str, lines: &[String]) -> El {
    let text = el("div").child(el("p").class("card-name").set("dir", "auto").text(name));
    let text = lines.iter().fold(text, |text, line| text.child(el("p").class("field-hint").text(line)));
    el("div")
        .class("card")
        .style("--hue", &hue(id).to_string())
        .child(el("span").class("avatar").set("aria-hidden", "true").text(&initials(name)))
        .child(text)
}

fn role(words: &'static Phrases, role: Role) -> &'static str {
    match role {
        Role::Owner => words.later().owner,
        Role::Moderator => words.later().moderator,
        Role::Member => words.later().member,
        Role::Guest => words.guest,
    }
}

fn presence(words: &'static Phrases, member: &Member) -> String {
    match (member.online, member.seen) {
        (true, _) if member.away => words.later().away.to_owned(),
        (true, _) => words.later().here_now.to_owned(),
        (false, Some(at)) => (words.later().last_seen)(&time::exact(words.tag, at)),
        (false, None) => words.later().not_here.to_owned(),
    }
}
