//! The line under the composer: what is wrong with the text, or who else is typing.

use leptos::prelude::*;
use stonechat_shared::Author;

use crate::locales::Phrases;
use crate::platform::dom::{El, el};
use crate::state::Chat;
use crate::state::draft::Draft;

pub(crate) fn under(chat: Chat, draft: Draft, wrong: Option<String>) -> El {
    let words = chat.words.get();
    let under = el("p").class("under");
    let wrong = match draft.excess() {
        0 => wrong,
        excess => Some((words.too_long)(&words.count(excess))),
    };
    match (wrong, chat.typists.get().as_slice()) {
        (Some(sentence), _) => under.set("data-kind", "error").set("role", "alert").text(&sentence),
        (None, []) => under,
        (None, typists) => {
            let dots = el("span").class("dots").set("aria-hidden", "true");
            let dots = dots.child(el("i")).child(el("i")).child(el("i"));
            under.class("under typing").child(dots).child(el("span").text(&sentence(words, typists)))
        }
    }
}

/// Up to three names; a fourth would not be read to its end before it is over.
fn sentence(words: &Phrases, typists: &[Author]) -> String {
    match typists {
        [] => String::new(),
        [a] => (words.typing_one)(&a.name),
        [a, b] => (words.typing_two)(&a.name, &b.name),
        [a, b, c] => (words.typing_three)(&a.name, &b.name, &c.name),
        [_, _, _, _, ..] => words.typing_many.to_owned(),
    }
}
