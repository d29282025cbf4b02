//! The three columns, and on a phone the one that is shown.

use leptos::ev;
use leptos::prelude::*;
use stonechat_shared::UserId;

use super::later::{self, Part};
use super::words::button;
use super::{members, room, sidebar};
use crate::platform::dom::{El, el, mount, watch};
use crate::platform::keys::{self, Shortcut};
use crate::platform::{address, page};
use crate::state::Chat;

/// Which column a phone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Rooms,
    Room,
    People,
    /// On a wide screen, in the place of the people.
    Search,
    Pinned,
    Thread,
}

/// What is open; nothing that anybody but this page knows.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) pane: RwSignal<Pane>,
    /// On a wide screen the column of people can be put away.
    pub(crate) hides_people: RwSignal<bool>,
    /// The buttons over a message, and what owns them.
    pub(crate) actions: StoredValue<Option<(Owner, El)>, LocalStorage>,
    /// Alt is held down.
    pub(crate) alt: RwSignal<bool>,
    /// The view of what goes over the line, while it is open.
    pub(crate) inspector: StoredValue<Option<(Owner, El)>, LocalStorage>,
}

/// Puts the page in the place of the skeleton that stood in for it.
pub(crate) fn show(chat: Chat) {
    let layout = Layout {
        pane: RwSignal::new(Pane::Room),
        hides_people: RwSignal::new(false),
        actions: StoredValue::new_local(None),
        alt: RwSignal::new(false),
        inspector: StoredValue::new_local(None),
    };
    // Never removed: they listen for as long as the page lives.
    let _ = window_event_listener(ev::keyup, move |event| {
        if event.key() == "Alt" {
            layout.alt.set(false);
        }
    });
    let _ = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Alt" {
            layout.alt.set(true);
        }
        let part = keys::shortcut(&event).map(|shortcut| match shortcut {
            Shortcut::Inspector => Part::Inspector,
            Shortcut::Keys => Part::Keys,
            Shortcut::Search => Part::Search(String::new()),
            Shortcut::Switcher => Part::Switcher,
        });
        // A dialog over the people has it first.
        let closes = || layout.pane.get_untracked() == Pane::People && El::find("dialog[open]").is_none();
        if let Some(part) = part {
            event.prevent_default();
            later::open(chat, layout, part);
        } else if event.key() == "Escape" && closes() {
            layout.pane.set(Pane::Room);
        }
    });
    // Alt that is let go over another window is never heard of.
    watch(move || {
        if !chat.watched.get() {
            layout.alt.set(false);
        }
    });
    let frame = el("div")
        .class("app")
        .live_set("data-pane", move || Some(layout.pane.get().name().to_owned()))
        .live_set("data-people", move || layout.hides_people.get().then(|| "off".to_owned()))
        .child(sidebar::sidebar(chat, layout))
        .child(room::room(chat, layout))
        .child(
            button("scrim")
                .set("tabindex", "-1")
                .label(chat, |words| words.close)
                .on_click(move || layout.pane.set(Pane::Room)),
        )
        .child(members::members(chat, layout));
    let announcer = el("div")
        .class("vh")
        .set("id", "announcer")
        .set("role", "status")
        .set("aria-live", "polite")
        .live_text(move || chat.announcement.get());
    watch(move || {
        if chat.is_named() && chat.line.get().is_connected() {
            later::open(chat, layout, Part::Attendance);
        }
    });
    if let Some(invite) = address::invite() {
        later::open(chat, layout, Part::Invitation(invite));
    } else if let Some(name) = address::person() {
        later::open(chat, layout, Part::Person { id: UserId::default(), name });
    }
    page::remove_skeleton();
    mount(&frame);
    mount(&announcer);
}

impl Layout {
    pub(crate) fn shows_people(self) -> bool {
        match self.pane.get() {
            Pane::People => true,
            Pane::Search | Pane::Pinned | Pane::Thread => false,
            Pane::Rooms | Pane::Room => page::is_wide() && !self.hides_people.get(),
        }
    }

    pub(crate) fn toggle_people(self) {
        if page::is_wide() && self.pane.get_untracked().is_panel() {
            self.pane.set(Pane::Room);
        } else if page::is_wide() {
            self.hides_people.update(|hides| *hides = !*hides);
        } else {
            self.pane.update(|pane| *pane = if *pane == Pane::People { Pane::Room } else { Pane::People });
        }
    }
}

impl Pane {
    /// Whether it stands beside the room where there is space for both.
    fn is_panel(self) -> bool {
        match self {
            Self::Rooms | Self::Room | Self::People => false,
            Self::Search | Self::Pinned | Self::Thread => true,
        }
    }

    /// As the style sheets know it.
    fn name(self) -> &'static str {
        match self {
            Self::Rooms => "rooms",
            Self::Room => "room",
            Self::People => "people",
            Self::Search => "search",
            Self::Pinned => "pinned",
            Self::Thread => "thread",
        }
    }
}
