//! A picture, as large as there is space, and from it to the others of the room.

use leptos::prelude::*;
use stonechat_shared::File;

use super::dialog::{self, Dialog};
use crate::platform::dom::{El, Event, el, watch};
use crate::platform::keys;
use crate::state::Chat;
use crate::view::files::{place, size, size_of};
use crate::view::icon::icon;
use crate::view::words::button;

/// Where one is among the pictures of the room that are loaded.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    file: File,
    index: usize,
    count: usize,
}

pub(super) fn open(chat: Chat, picture: &El) {
    if let Some(id) = picture.attribute("data-file").filter(|id| find(chat, id).is_some()) {
        dialog::open_bare("lightbox", |dialog, element| fill(chat, dialog, element, id));
    }
}

fn fill(chat: Chat, dialog: &Dialog, element: El, id: String) -> El {
    let at = RwSignal::new(id);
    let shown = Memo::new(move |_| {
        chat.log.track();
        chat.going.track();
        at.with(|at| find(chat, at))
    });
    // It has gone with its message.
    let closing = dialog.clone();
    watch(move || {
        if shown.with(Option::is_none) {
            closing.close();
        }
    });
    let step = move |after: bool| {
        let pictures = pictures(chat);
        let now = at.with_untracked(|at| pictures.iter().position(|file| file.id.as_str() == at));
        let next = now.and_then(|now| if after { now.checked_add(1) } else { now.checked_sub(1) });
        if let Some(file) = next.and_then(|next| pictures.get(next)) {
            at.set(file.id.as_str().to_owned());
        }
    };
    let pressed = move |event: Event| {
        for (key, after) in [("ArrowLeft", false), ("ArrowRight", true)] {
            if keys::is(&event, key) {
                event.prevent_default();
                step(after);
            }
        }
    };
    // A click beside the picture is as good as the button.
    let beside = dialog.clone();
    let clicked = move |event: Event| {
        if El::around(&event, "img, button, a, .lightbox-head").is_none() {
            beside.close();
        }
    };
    let is_end = move |after: bool| {
        shown.with(|shown| shown.as_ref().is_none_or(|it| if after { it.index + 1 == it.count } else { it.index == 0 }))
    };
    let arrow = move |after: bool| {
        button(if after { "lightbox-step after" } else { "lightbox-step" })
            .label(
                chat,
                if after { |words| words.later().next_picture } else { |words| words.later().previous_picture },
            )
            // Not `disabled`: it would lose the focus, and the keys with it.
            .live_set("aria-disabled", move || is_end(after).then(|| "true".to_owned()))
            .live_flag("hidden", move || shown.with(|shown| shown.as_ref().is_none_or(|it| it.count == 1)))
            .child(icon("back"))
            .on_click(move || step(after))
    };
    let file = Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|shown| shown.file.clone())));
    element
        .class("lightbox")
        .live_set("aria-label", move || file.get().map(|file| file.name))
        .child(head(chat, dialog, shown))
        .child(
            el("div")
                .class("lightbox-stage")
                .set("tabindex", "-1")
                .flag("autofocus", true)
                .part(move || file.get().map(|file| image(&file))),
        )
        .child(arrow(false))
        .child(arrow(true))
        .on("keydown", pressed)
        .on("click", clicked)
}

fn head(chat: Chat, dialog: &Dialog, shown: Memo<Option<Shown>>) -> El {
    let file = move || shown.with(|shown| shown.as_ref().map(|shown| shown.file.clone()));
    let about = move || {
        let words = chat.words.get();
        shown.with(|shown| {
            shown.as_ref().map_or_else(String::new, |Shown { file, index, count }| {
                let bytes = size(words, file.size);
                if *count == 1 {
                    return bytes;
                }
                let place = (words.later().picture_of)(&words.count(index + 1).text, &words.count(*count).text);
                format!("{bytes} · {place}")
            })
        })
    };
    let closing = dialog.clone();
    el("header")
        .class("lightbox-head")
        .child(
            el("h2")
                .class("paper-name")
                .set("dir", "auto")
                .live_text(move || file().map_or(String::new(), |it| it.name)),
        )
        .child(el("span").class("lightbox-about").set("aria-live", "polite").live_text(about))
        .child(
            el("a")
                .class("icon-button")
                .label(chat, |words| words.later().download)
                .live_set("href", move || file().map(|file| place(&file)))
                .live_set("download", move || file().map(|file| file.name))
                .child(icon("download")),
        )
        .child(
            button("icon-button")
                .label(chat, |words| words.close)
                .on_click(move || closing.close())
                .child(icon("close")),
        )
}

/// The whole picture, over the smaller one that is here already.
fn image(file: &File) -> El {
    let (width, height) = size_of(file).unwrap_or((1, 1));
    el("img")
        .set("src", &place(file))
        .set("alt", &file.name)
        .set("width", &width.to_string())
        .set("height", &height.to_string())
        .style("--before", &format!("url(\"{}?size=medium\")", place(file)))
}

fn find(chat: Chat, id: &str) -> Option<Shown> {
    let pictures = pictures(chat);
    let index = pictures.iter().position(|file| file.id.as_str() == id)?;
    Some(Shown { file: pictures[index].clone(), index, count: pictures.len() })
}

/// Those of the room that is looked at, oldest first, without those of messages that are about to go.
fn pictures(chat: Chat) -> Vec<File> {
    let room = chat.room.get_untracked();
    let is_going =
        |seq| chat.going.with_untracked(|going| going.iter().any(|(of, target, _)| (of, *target) == (&room, seq)));
    chat.with(|replica| {
        let messages = replica.room(&room).into_iter().flat_map(|room| room.messages());
        let files = messages.filter(|message| !is_going(message.seq)).flat_map(|message| &message.files);
        files.filter(|file| size_of(file).is_some()).cloned().collect()
    })
}
