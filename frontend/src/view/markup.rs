//! A message's text in the page: elements for its spans, text nodes for its text.

use stonechat_shared::RoomName;
use stonechat_shared::markup::{self, Piece, Span};

use super::icon::small_icon;
use super::words::button;
use crate::locales::Phrases;
use crate::platform::dom::{El, Event, el};
use crate::platform::{address, keys};
use crate::state::Chat;

/// Puts the text into `place`.
pub(crate) fn fill(chat: Chat, words: &'static Phrases, place: &El, text: &str) {
    place.put("data-big", markup::is_emoji_only(text).then_some(""));
    let mut open = vec![place.clone()];
    for piece in markup::read(text) {
        let Some(top) = open.last() else { return };
        match piece {
            Piece::Text(text) => drop(top.clone().text(text)),
            Piece::Mark(_) => {}
            Piece::Open(span) => {
                let (outer, inner) = element(chat, words, span);
                top.insert(&outer, None);
                open.push(inner);
            }
            Piece::Close => drop(open.pop()),
        }
    }
}

/// The element of a span, and where in it its content goes.
fn element(chat: Chat, words: &'static Phrases, span: Span<'_>) -> (El, El) {
    let outer = match span {
        Span::Bold => el("strong"),
        Span::Italic => el("em"),
        Span::Strike => el("s"),
        Span::Code => el("code"),
        Span::CodeBlock(language) => return code_block(words, language),
        Span::Quote => el("blockquote"),
        Span::List { ordered } => el(if ordered { "ol" } else { "ul" }),
        Span::Item(number) => el("li").set_some("value", number.map(|number| number.to_string()).as_deref()),
        Span::Link(address) => el("a").set("href", address).set("target", "_blank").set("rel", "noopener noreferrer"),
        Span::Mention(name) => {
            let me = chat.me_now().is_some_and(|me| markup::is_mention_of(name, &me.name));
            el("a").class("mention").set("href", &address::path_of_person(name)).flag("data-me", me)
        }
        // Others may be no more than a number: going there would make a room of it.
        Span::Room(name) if chat.knows_room(name) => room_link(chat, name.into()),
        Span::Room(_) | Span::Shortcode(_) => el("span"),
    };
    (outer.clone(), outer)
}

fn room_link(chat: Chat, room: RoomName) -> El {
    let path = address::path_of(&room);
    let go = move |event: Event| {
        if keys::is_plain_click(&event) {
            event.prevent_default();
            chat.go(&room);
        }
    };
    el("a").class("room-ref").set("href", &path).on("click", go)
}

/// Its button does what the timeline has it do.
fn code_block(words: &'static Phrases, language: &str) -> (El, El) {
    let code = el("code").set_some("data-language", (!language.is_empty()).then_some(language));
    let button = button("icon-button copy").set("aria-label", words.copy_code).child(small_icon("copy"));
    (el("div").class("code-block").child(el("pre").set("tabindex", "0").child(code.clone())).child(button), code)
}
