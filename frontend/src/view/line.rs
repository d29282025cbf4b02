//! The state of the line: always true, never shouting.

use leptos::prelude::*;

use super::icon::icon;
use super::words::button;
use crate::platform::dom::{El, el};
use crate::platform::{task, time};
use crate::state::{Chat, Line, Way};

/// In the left column, always there.
pub(crate) fn line_state(chat: Chat) -> El {
    let seconds = countdown(chat);
    el("div")
        .class("line")
        .live_set("data-line", move || Some(name(&chat.line.get()).to_owned()))
        .live_set("data-way", move || way(&chat.line.get()).map(str::to_owned))
        .child(el("span").class("dot"))
        .child(el("span").class("line-text").live_text(move || sentence(chat, seconds)))
        .child(try_now(chat))
}

/// Above the composer, where something has to be said: the only view of the line that a phone has.
pub(crate) fn notice(chat: Chat) -> Option<El> {
    let line = chat.line.get();
    if is_broken(&line) {
        let seconds = countdown(chat);
        let kind = if matches!(line, Line::Refused { .. }) { "error" } else { "warn" };
        let text = move || {
            let words = chat.words.get();
            chat.outbox.track();
            match chat.with(|replica| replica.outbox().all().len()) {
                0 => sentence(chat, seconds),
                n => (words.waiting)(sentence(chat, seconds).trim_end_matches(['.', '。', '…']), &words.count(n)),
            }
        };
        Some(bar(kind).child(icon("wifi-off")).child(el("span").live_text(text)).child(try_now(chat)))
    } else {
        let sentence = chat.notice.get()?;
        Some(bar("warn").set("role", "alert").child(icon("warning")).child(el("span").text(&sentence)))
    }
}

fn bar(kind: &str) -> El {
    el("p").class("notice").set("data-kind", kind)
}

fn try_now(chat: Chat) -> El {
    button("text-button")
        .live_flag("hidden", move || !can_be_better(&chat.line.get()))
        .on_click(move || chat.try_now())
        .say(chat, |words| words.try_now)
}

/// The seconds that are left until the next try.
fn countdown(chat: Chat) -> RwSignal<usize> {
    let seconds = RwSignal::new(0);
    Effect::new(move |_| {
        let line = chat.line.get();
        let Line::Reconnecting { at } = line else { return };
        task::spawn(async move {
            while chat.line.get_untracked() == (Line::Reconnecting { at }) {
                let left = at.saturating_sub(time::now()).div_ceil(1_000);
                // Nobody counts any more where the signal is gone.
                if seconds.try_set(left as usize).is_some() || left == 0 {
                    break;
                }
                time::sleep(1_000).await;
            }
        });
    });
    seconds
}

fn sentence(chat: Chat, seconds: RwSignal<usize>) -> String {
    let words = chat.words.get();
    match chat.line.get() {
        Line::Connecting => words.connecting.to_owned(),
        Line::Connected(Way::Socket) => words.connected.to_owned(),
        Line::Connected(Way::Events | Way::Questions) => words.connected_slowly.to_owned(),
        Line::Reconnecting { .. } => match seconds.get() {
            0 => words.reconnecting.to_owned(),
            left => (words.reconnecting_in)(&words.count(left)),
        },
        Line::Offline => words.offline.to_owned(),
        Line::Refused { message } if message.is_empty() => words.refused.to_owned(),
        Line::Refused { message } => message,
    }
}

/// As the style sheets and the tests know it.
fn name(line: &Line) -> &'static str {
    match line {
        Line::Connecting => "connecting",
        Line::Connected(_) => "connected",
        Line::Reconnecting { .. } => "reconnecting",
        Line::Offline => "offline",
        Line::Refused { .. } => "refused",
    }
}

fn is_broken(line: &Line) -> bool {
    match line {
        Line::Connecting | Line::Connected(_) => false,
        Line::Reconnecting { .. } | Line::Offline | Line::Refused { .. } => true,
    }
}

/// What carries the chat, where anything does.
fn way(line: &Line) -> Option<&'static str> {
    match line {
        Line::Connected(Way::Socket) => Some("socket"),
        Line::Connected(Way::Events) => Some("events"),
        Line::Connected(Way::Questions) => Some("questions"),
        Line::Connecting | Line::Reconnecting { .. } | Line::Offline | Line::Refused { .. } => None,
    }
}

fn can_be_better(line: &Line) -> bool {
    is_broken(line) || matches!(line, Line::Connected(Way::Events | Way::Questions))
}
