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
    newest: Seq,
    /// The message that was announced last, and in which words.
    said: Option<(Seq, String)>,
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
        self.unsay();
        let added = self.core.try_update_value(|core| {
            let room = core.replica.room(&name).filter(|room| room.is_ready())?;
            let me = core.replica.me().map(|me| &me.id);
            let Some(told) = core.news.told.replace(room.cursor()) else { return Some((0, false)) };
            let newer = room.messages().rev().take_while(|message| message.seq > told);
            let news: Vec<&Message> = newer.filter(|message| Some(&message.user.id) != me).collect();
            let added = news.len();
            core.news.newest = news.first().map_or(core.news.newest, |newest| newest.seq);
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
        let (waiting, newest) = self
            .core
            .try_update_value(|core| (std::mem::take(&mut core.news.waiting), core.news.newest))
            .unwrap_or_default();
        let words = self.words.get_untracked();
        match (waiting, self.message(newest)) {
            (0, _) => {}
            (1, Some(message)) if message.removed => {}
            (1, Some(message)) => {
                let said = (words.said)(&message.user.name, &in_a_line(&message, SAID_CHARS));
                self.core.update_value(|core| core.news.said = Some((newest, said.clone())));
                self.announcement.set(said);
            }
            (n, _) => self.announcement.set((words.new_messages)(&words.count(n))),
        }
    }

    /// What was said of a message that is removed now is not to be found in the page any more.
    fn unsay(self) {
        let Some((seq, said)) = self.core.try_update_value(|core| core.news.said.take()).flatten() else { return };
        if self.message(seq).is_some_and(|message| !message.removed) {
            self.core.update_value(|core| core.news.said = Some((seq, said)));
        } else if self.announcement.with_untracked(|now| *now == said) {
            self.announcement.set(String::new());
        }
    }
}
