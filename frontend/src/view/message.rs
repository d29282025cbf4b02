//! A message.

use stonechat_shared::event::Reaction;
use stonechat_shared::{CommandId, Seq};

use super::files::files;
use super::icon::{icon, small_icon};
use super::markup;
use super::person::{hue, initials};
use super::words::button;
use crate::locales::Phrases;
use crate::platform::dom::{El, el};
use crate::platform::time;
use crate::state::Chat;
use crate::state::rows::{Entry, Fate, Quote};

/// The class of what hovers over a message: it stays through all redrawing.
pub(crate) const ACTIONS: &str = "actions";

/// Draws a message into its element, which stays the same through all that happens to it.
pub(crate) fn draw(chat: Chat, words: &'static Phrases, entry: &Entry, message: &El) {
    let actions = message.child_of_class(ACTIONS);
    message.clear_around(actions.as_ref());
    message.put("class", Some("message"));
    message.put("tabindex", Some("-1"));
    let (id, state) = match &entry.fate {
        Fate::Stands => (None, None),
        Fate::Sent(id) => (Some(id), None),
        Fate::Queued(id) => (Some(id), Some("queued")),
        Fate::Elsewhere(id) => (Some(id), Some("elsewhere")),
        Fate::Sending(id) => (Some(id), Some("sending")),
        Fate::Refused(id, _) => (Some(id), Some("refused")),
    };
    message.put("data-seq", entry.seq.map(|seq| seq.to_string()).as_deref());
    message.put("data-id", id.map(CommandId::as_str));
    message.put("data-state", state);
    message.put("data-author", Some(entry.author.id.as_str()));
    message
        .clone()
        .flag("data-head", entry.is_head)
        .flag("data-own", entry.is_own)
        .flag("data-removed", entry.removed)
        .flag("data-mention", entry.names_me && !entry.removed)
        .style("--hue", &hue(&entry.author.id).to_string());
    let parts = [
        entry.is_head.then(|| avatar(&entry.author.name)),
        entry.reply.as_ref().map(|reply| quoted(chat, words, reply)),
        Some(meta(words, entry)),
        body(chat, words, entry),
        files(words, &entry.files),
        entry.seq.filter(|_| !entry.reactions.is_empty()).map(|seq| reactions(chat, words, seq, &entry.reactions)),
        fate(chat, words, &entry.fate),
    ];
    let before = actions.as_ref().map(|actions| actions.raw().as_ref());
    for part in parts.into_iter().flatten() {
        message.insert(&part, before);
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
    let pinned = || small_icon("pin").set("role", "img").set("aria-hidden", "false").set("aria-label", words.pinned);
    el("div").class("meta").child(author).child(clock).child_some(entry.pinned.then(pinned))
}

/// Files may say it all.
fn body(chat: Chat, words: &'static Phrases, entry: &Entry) -> Option<El> {
    if entry.removed {
        let undo = entry
            .seq
            .filter(|_| entry.undo)
            .map(|seq| button("text-button").text(words.undo).on_click(move || chat.take_back_removal(seq)));
        return Some(el("div").class("text removed").child(small_icon("trash")).text(words.removed).child_some(undo));
    }
    if entry.text.is_empty() && !entry.files.is_empty() {
        return None;
    }
    let text = el("div").class("text").set("dir", "auto");
    markup::fill(chat, words, &text, &entry.text);
    let edited = || el("span").class("edited").text(" ").text(words.edited);
    Some(text.child_some(entry.edited.then(edited)))
}

fn quoted(chat: Chat, words: &Phrases, quote: &Quote) -> El {
    let text = el("span").class("quote-text").set("dir", "auto");
    let (line, seq) = match quote {
        Quote::Here { seq, author, text: said } => {
            let author_name = el("span").class("quote-author").text(&author.name);
            let line = button("quote").style("--hue", &hue(&author.id).to_string());
            (line.child(icon("reply")).child(author_name).child(text.text(said)), Some(*seq))
        }
        Quote::Elsewhere(seq) => {
            chat.fetch_quoted(*seq);
            (button("quote").child(icon("reply")).child(text.text(words.reply_gone)), Some(*seq))
        }
        Quote::Removed => (
            el("span").class("quote").flag("data-gone", true).child(icon("reply")).child(text.text(words.removed)),
            None,
        ),
    };
    match seq {
        Some(seq) => line.on_click(move || chat.seek(seq)),
        None => line,
    }
}

fn reactions(chat: Chat, words: &Phrases, seq: Seq, reactions: &[Reaction]) -> El {
    let chips = reactions.iter().map(|reaction| {
        let (emoji, mine) = (reaction.emoji.clone(), reaction.mine);
        let count = words.count(reaction.count as usize);
        button("reaction")
            .set("aria-pressed", if mine { "true" } else { "false" })
            .set("aria-label", &(words.reacted)(&emoji, &count))
            .child(el("span").set("aria-hidden", "true").text(&emoji))
            .child(el("span").set("aria-hidden", "true").text(&count.text))
            .on_click(move || chat.react(seq, &emoji, !mine))
    });
    chips.fold(el("div").class("reactions"), El::child)
}

fn fate(chat: Chat, words: &Phrases, fate: &Fate) -> Option<El> {
    match fate {
        Fate::Stands | Fate::Sent(_) => None,
        Fate::Queued(_) => Some(waiting(words.queued)),
        Fate::Elsewhere(_) => Some(waiting(words.elsewhere)),
        Fate::Sending(_) => Some(waiting(words.sending)),
        Fate::Refused(id, reason) => Some(refused(chat, words, id, reason)),
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
