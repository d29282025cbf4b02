//! The files of the next message, above where it is written: how far each has come, and what can be done about it.

use std::rc::Rc;

use leptos::prelude::*;
use stonechat_shared::limits;

use crate::platform::dom::{El, el};
use crate::platform::page;
use crate::platform::upload::File;
use crate::state::Chat;
use crate::state::tray::{Coming, Item, Load};
use crate::view::composer::Field;
use crate::view::files::size;
use crate::view::icon::icon;
use crate::view::words::button;

/// Takes files up, for the message in this field.
pub(super) fn take(field: &Field, files: Vec<File>) {
    if files.is_empty() {
        return;
    }
    let chat = field.chat;
    let words = chat.words_now();
    let too_large = (words.later().too_large)(&size(words, chat.file_limit()));
    let excess = chat.attach(files, &too_large);
    if excess > 0 {
        chat.notify((words.later().too_many_files)(&words.count(limits::FILES)));
    }
    field.element.focus();
}

/// Those of the room that is looked at.
pub(super) fn draw(chat: Chat) -> Option<El> {
    let items = chat.tray().of(&chat.room.get_untracked());
    if items.is_empty() {
        return None;
    }
    let list = el("ul").class("tray").set("role", "list").say_in(chat, "aria-label", |words| words.later().tray);
    let list = items.into_iter().map(|item| line(chat, item)).fold(list, El::child);
    Some(el("div").child(list).part(move || waiting(chat)))
}

/// What becomes of a message that was sent before its files are there.
fn waiting(chat: Chat) -> Option<El> {
    let is_coming = chat.waits_for_files() && chat.load() == Load::Coming;
    let sentence = || el("p").class("tray-note").set("role", "status").text(chat.words.get().later().sends_when_there);
    is_coming.then(sentence)
}

fn line(chat: Chat, item: Rc<Item>) -> El {
    let picture = match &item.preview {
        Some(preview) => el("img").class("tray-picture").set("src", &preview.0).set("alt", ""),
        None => icon("file"),
    };
    let [told, alarming, styled, named, left_out, retried, bar] = [(); 7].map(|()| Rc::clone(&item));
    let alarm = move || matches!(alarming.state(), Coming::Failed { .. }).then(|| "alert".to_owned());
    let names = el("span")
        .class("tray-names")
        .child(el("span").class("paper-name").set("dir", "auto").set("title", &item.name).text(&item.name))
        .child(el("span").class("tray-state").live_set("role", alarm).live_text(move || said(chat, &told)));
    let word = move || {
        let words = chat.words.get();
        let is_under_way = matches!(named.state(), Coming::Sent(_));
        let does = if is_under_way { words.later().cancel_file } else { words.later().leave_out };
        Some(does(&named.name))
    };
    let away = button("icon-button").live_set("aria-label", word).child(icon("close")).on_click(move || {
        chat.leave_out(&left_out);
        page::focus_on("composer-input");
    });
    el("li")
        .class("tray-file")
        .live_set("data-state", move || Some(name(&styled.state()).to_owned()))
        .child(picture)
        .child(names)
        .part(move || again(chat, &retried))
        .child(away)
        .part(move || progress(&bar))
}

fn again(chat: Chat, item: &Rc<Item>) -> Option<El> {
    let can_be_tried = matches!(item.state(), Coming::Failed { again: true, .. });
    let tried = Rc::clone(item);
    can_be_tried.then(|| {
        button("icon-button")
            .set("aria-label", &(chat.words.get().later().try_file)(&item.name))
            .child(icon("retry"))
            .on_click(move || chat.upload_again(&tried))
    })
}

fn progress(item: &Item) -> Option<El> {
    // What is there needs no bar, and what failed has a sentence.
    let Coming::Sent(bytes) = item.state() else { return None };
    let percent = (bytes.saturating_mul(100) / item.size.max(1)).min(100);
    Some(
        el("span")
            .class("tray-progress")
            .set("role", "progressbar")
            .set("aria-label", &item.name)
            .set("aria-valuenow", &percent.to_string())
            .style("--part", &format!("{percent}%")),
    )
}

fn said(chat: Chat, item: &Item) -> String {
    let words = chat.words.get();
    match item.state() {
        Coming::Sent(0) => words.later().file_waits.to_owned(),
        Coming::Sent(bytes) if bytes >= item.size => words.later().file_is_looked_at.to_owned(),
        Coming::Sent(bytes) => (words.later().of_size)(&size(words, bytes), &size(words, item.size)),
        Coming::There(file) => size(words, file.size),
        Coming::Failed { sentence, .. } => sentence,
    }
}

/// As the style sheet knows it.
fn name(state: &Coming) -> &'static str {
    match state {
        Coming::Sent(_) => "coming",
        Coming::There(_) => "there",
        Coming::Failed { .. } => "failed",
    }
}
