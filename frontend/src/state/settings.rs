//! What the person likes: kept by the server for who has a session, and by this browser for the first picture of the next
//! visit, and for guests.

use std::cell::Cell;

use leptos::prelude::*;
use stonechat_shared::RoomName;
use stonechat_shared::settings::{Clock, Density, Notify, RoomSettings, Settings, Theme};

use super::Chat;
use crate::locales;
use crate::net::http;
use crate::platform::{page, storage, task, time};

thread_local! {
    /// Not among the chat's signals: who has not signed in would load for nothing what it takes to keep them.
    static SETTINGS: ArcRwSignal<Settings> = ArcRwSignal::new(of_this_browser());
    /// They are on their way to the server, or have still to go there.
    static SAVING: Cell<Saving> = const { Cell::new(Saving::Done) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saving {
    Done,
    UnderWay,
    /// Changed again since they were sent, or not taken: once more.
    Again,
}

impl Chat {
    pub(crate) fn settings(self) -> ArcRwSignal<Settings> {
        SETTINGS.with(Clone::clone)
    }

    /// Asks the server for them, unless it has still to hear what was chosen here.
    pub(crate) async fn fetch_settings(self) {
        if SAVING.get() != Saving::Done {
            return self.save_settings().await;
        }
        let Ok(told) = http::settings(self.tag()).await else { return };
        let here = self.settings().get_untracked();
        if told == Settings::default() && here != told && storage::get(storage::UNTOLD).is_some() {
            self.save_settings().await;
        } else if SAVING.get() == Saving::Done {
            storage::set(storage::UNTOLD, "");
            self.obey(told);
        }
    }

    /// The person has chosen something: it holds at once.
    pub(crate) fn prefer(self, choose: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings().get_untracked();
        choose(&mut settings);
        settings.rooms.retain(|_, room| *room != RoomSettings::default());
        self.obey(settings);
        storage::set(storage::UNTOLD, "yes");
        if self.is_named_now() {
            task::spawn(self.save_settings());
        }
    }

    /// One at a time: of two that are under way the earlier might be the last to arrive.
    async fn save_settings(self) {
        if SAVING.replace(Saving::Again) == Saving::UnderWay {
            return;
        }
        while SAVING.get() == Saving::Again {
            SAVING.set(Saving::UnderWay);
            let settings = self.settings().get_untracked();
            if http::keep_settings(self.tag(), &settings).await.is_err() {
                // With the next connection.
                return SAVING.set(Saving::Again);
            }
            if SAVING.get() == Saving::UnderWay {
                SAVING.set(Saving::Done);
                storage::set(storage::UNTOLD, "");
            }
        }
    }

    /// Lets them hold, here and at the next visit.
    fn obey(self, settings: Settings) {
        let theme = if settings.theme == Theme::System { "" } else { settings.theme.name() };
        let density = if settings.density == Density::Comfortable { "" } else { settings.density.name() };
        for (key, attribute, value) in
            [(storage::THEME, "data-theme", theme), (storage::DENSITY, "data-density", density)]
        {
            storage::set(key, value);
            page::set_root(attribute, value);
        }
        let words = settings.language.as_deref().and_then(locales::named);
        if let Some(words) = words.filter(|words| words.tag != self.words_now().tag) {
            self.speak(words);
        }
        let clock = if settings.clock == Clock::Auto { "" } else { settings.clock.name() };
        if time::set_clock(clock) {
            // Whatever shows a time shows it anew.
            self.words.update(|_| {});
        }
        let muted = settings.rooms.iter().filter(|(_, room)| room.muted).map(|(name, _)| name.clone());
        self.mute(muted.collect());
        self.settings().set(settings);
    }
}

/// What to be told of in this room.
pub(crate) fn told_of(settings: &Settings, room: &RoomName) -> Notify {
    match settings.rooms.get(room) {
        Some(room) if room.muted => Notify::None,
        Some(room) => room.notify.unwrap_or(settings.notify),
        None => settings.notify,
    }
}

fn of_this_browser() -> Settings {
    let kept = |key| storage::get(key).unwrap_or_default();
    let theme = kept(storage::THEME);
    let themes = [Theme::Light, Theme::Dark, Theme::Contrast];
    let clock = kept(storage::CLOCK);
    Settings {
        language: storage::get(storage::LANGUAGE),
        theme: themes.into_iter().find(|one| one.name() == theme).unwrap_or_default(),
        density: if kept(storage::DENSITY).is_empty() { Density::Comfortable } else { Density::Compact },
        clock: [Clock::Twelve, Clock::TwentyFour].into_iter().find(|one| one.name() == clock).unwrap_or_default(),
        ..Settings::default()
    }
}
