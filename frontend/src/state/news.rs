//! What a screen reader is told of a room: a line when it is calm, a number in a flood.

use leptos::prelude::*;
use stonechat_shared::{Message, Seq};

use super::Chat;
use super::rows::in_a_line;
use crate::platform::{task, time};

/// A screen reader gets this long to say a line before the next one comes.
const CALM_MS: u64 = 1_500;
/// Characters of it: what one listens to.
const SAID_CHARS: usize = 500;

/// What others wrote that was not announced yet.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Everything up to here was; nothing before the room's first messages are there.
    told: Option<Seq>,
    waiting: usize,
    newest: Option<(String, String)>,
}

impl News {
    /// Another room: what stands there already is not news.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }
}

impl Chat {
    /// Looks for what is new in the room that is looked at.
    pub(super) fn tell_news(self) {
        let name = self.room.get_untracked();
        let added = self.core.try_update_value(|core| {
            let room = core.replica.room(&name).filter(|room| room.is_ready())?;
            let me = core.replica.me().map(|me| &me.id);
            let Some(told) = core.news.told.replace(room.cursor()) else { return Some((0, false)) };
            let newer = room.messages().rev().take_while(|message| message.seq > told);
            let news: Vec<&Message> = newer.filter(|message| Some(&message.user.id) != me).collect();
            let added = news.len();
            if let Some(newest) = news.first() {
                core.news.newest = Some((newest.user.name.clone(), in_a_line(newest, SAID_CHARS)));
            }
            let first = core.news.waiting == 0 && added > 0;
            core.news.waiting += added;
            Some((added, first))
        });
        let Some((added, first)) = added.flatten() else { return };
        if added > 0 && !self.watched.get_untracked() {
            self.unseen.update(|unseen| *unseen += added);
        }
        if first {
            task::spawn(async move {
                time::sleep(CALM_MS).await;
                self.announce();
            });
        }
    }

    fn announce(self) {
        let news = self.core.try_update_value(|core| (std::mem::take(&mut core.news.waiting), core.news.newest.take()));
        let words = self.words.get_untracked();
        match news {
            Some((1, Some((name, text)))) => self.announcement.set((words.said)(&name, &text)),
            Some((0, _)) | None => {}
            Some((n, _)) => self.announcement.set((words.new_messages)(&words.count(n))),
        }
    }
}
