//! A message.

use stonechat_shared::CommandId;

use super::icon::{icon, small_icon};
use super::person::{hue, initials};
use super::words::button;
use crate::locales::Phrases;
use crate::platform::dom::{El, el};
use crate::platform::time;
use crate::state::Chat;
use crate::state::rows::{Entry, Fate, Quote};

/// Draws a message into its element, which stays the same through all that happens to it.
pub(crate) fn draw(chat: Chat, words: &Phrases, entry: &Entry, message: &El) {
    message.clear();
    message.put("class", Some("message"));
    let (seq, id, state) = match &entry.fate {
        Fate::Stands(seq) => (Some(seq.to_string()), None, None),
        Fate::Sent(id) => (None, Some(id), None),
        Fate::Queued(id) => (None, Some(id), Some("queued")),
        Fate::Elsewhere(id) => (None, Some(id), Some("elsewhere")),
        Fate::Sending(id) => (None, Some(id), Some("sending")),
        Fate::Refused(id, _) => (None, Some(id), Some("refused")),
    };
    message.put("data-seq", seq.as_deref());
    message.put("data-id", id.map(CommandId::as_str));
    message.put("data-state", state);
    message.put("data-author", Some(entry.author.id.as_str()));
    let filled = message
        .clone()
        .flag("data-head", entry.is_head)
        .flag("data-own", entry.is_own)
        .flag("data-removed", entry.removed)
        .style("--hue", &hue(&entry.author.id).to_string())
        .child_some(entry.is_head.then(|| avatar(&entry.author.name)))
        .child_some(entry.reply.as_ref().map(|quote| quoted(words, quote)))
        .child(meta(words, entry))
        .child(body(words, entry));
    match &entry.fate {
        Fate::Stands(_) | Fate::Sent(_) => {}
        Fate::Queued(_) => message.insert(&waiting(words.queued), None),
        Fate::Elsewhere(_) => message.insert(&waiting(words.elsewhere), None),
        Fate::Sending(_) => message.insert(&waiting(words.sending), None),
        Fate::Refused(id, reason) => filled.insert(&refused(chat, words, id, reason), None),
    }
}

fn avatar(name: &str) -> El {
    el("span").class("avatar").set("aria-hidden", "true").text(&initials(name))
}

fn meta(words: &Phrases, entry: &Entry) -> El {
    let clock = el("time")
        .class("time")
        .set("datetime", &time::iso(entry.at))
        .set("title", &time::exact(words.tag, entry.at))
        .text(&time::clock(words.tag, entry.at));
    let author = el("span").class("author").set("dir", "auto").text(&entry.author.name);
    el("div").class("meta").child(author).child(clock)
}

fn body(words: &Phrases, entry: &Entry) -> El {
    if entry.removed {
        el("div").class("text removed").child(small_icon("trash")).text(words.removed)
    } else {
        let edited = entry.edited.then(|| el("span").class("edited").text(" ").text(words.edited));
        el("div").class("text").set("dir", "auto").text(&entry.text).child_some(edited)
    }
}

fn quoted(words: &Phrases, quote: &Quote) -> El {
    let line = el("span").class("quote").child(icon("reply"));
    let text = el("span").class("quote-text").set("dir", "auto");
    match quote {
        Quote::Here { author, text: said } => line
            .style("--hue", &hue(&author.id).to_string())
            .child(el("span").class("quote-author").text(&author.name))
            .child(text.text(said)),
        Quote::Gone => line.flag("data-gone", true).child(text.text(words.reply_gone)),
    }
}

fn waiting(what_for: &str) -> El {
    let said = el("span").class("vh").text(what_for);
    el("span").class("state").set("title", what_for).child(small_icon("clock")).child(said)
}

fn refused(chat: Chat, words: &Phrases, id: &CommandId, reason: &str) -> El {
    let (again, gone) = (id.clone(), id.clone());
    el("div")
        .class("fate")
        .set("role", "group")
        .set("aria-label", words.not_sent)
        .child(small_icon("warning"))
        .child(el("span").class("fate-text").text(reason))
        .child(button("text-button").on_click(move || chat.retry(&again)).text(words.retry))
        .child(button("text-button").on_click(move || chat.discard(&gone)).text(words.discard))
}
