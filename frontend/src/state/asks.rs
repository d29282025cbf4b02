//! What is asked of the server by request and response, and what to say where it was refused.

use leptos::prelude::*;
use stonechat_shared::limits::PAGE;
use stonechat_shared::page::{Member, NewRoom};
use stonechat_shared::replica::Ask;
use stonechat_shared::{RoomName, Seq, UserId};

use super::Chat;
use crate::net::http::{self, Trouble};
use crate::net::{self, Order};
use crate::platform::{numbers, page, task, time};

/// After a failure the same page of history is not asked for again sooner than this.
const AGAIN_MS: u64 = 3_000;
/// How often the list of rooms is asked for: whoever has no name is told of other rooms by nothing else.
const LIST_MS: u64 = 30_000;

/// After an answer the list is not asked for again sooner than this, whatever is heard.
const COUNT_MS: u64 = 2_000;
/// For each person here, how much longer somebody may wait for it.
const CROWD_MS: u64 = 2;

/// How often a message is asked for that others answer.
const QUOTE_TRIES: usize = 3;

impl Chat {
    /// Asks for a name to write under.
    ///
    /// # Errors
    /// A sentence for the person.
    pub(crate) async fn sign_in(self, name: String) -> Result<(), String> {
        let session = http::sign_in(self.tag(), name).await.map_err(|trouble| self.sentence(trouble))?;
        // First the order, then the new face: what is written from now on goes out under the new name.
        self.order(Order::Renew);
        self.core.update_value(|core| core.replica.known_as(session.user.id.clone()));
        self.me.set(Some(session.user));
        Ok(())
    }

    /// Makes a room and goes there.
    ///
    /// # Errors
    /// A sentence for the person.
    pub(crate) async fn make_room(self, room: NewRoom) -> Result<(), String> {
        let made = http::make_room(self.tag(), room).await;
        self.enter(made).await
    }

    /// Those who belong to a room, and whether there are more; nobody where there is no answer.
    pub(crate) async fn members(self, room: &RoomName, after: Option<UserId>) -> (Vec<Member>, bool) {
        let members = http::members(self.tag(), room, after).await;
        members.map(|members| (members.members, members.more)).unwrap_or_default()
    }

    /// Those of them whose names begin like this, as they would in a mention, and whether there are more; nothing where
    /// there is no answer.
    pub(crate) async fn members_named(self, room: &RoomName, name: &str) -> Option<(Vec<Member>, bool)> {
        let members = http::members_named(self.tag(), room, name).await.ok()?;
        Some((members.members, members.more))
    }

    /// Asks for the list of rooms: others may have made some, or have written in one that we did not join.
    pub(crate) async fn list(self) {
        if let Ok(rooms) = http::rooms(self.tag()).await {
            self.change(|replica| replica.list(rooms));
        }
    }

    /// Asks for the list where it alone knows what is new, and not again for a moment. Where many people are, each waits for a
    /// time of its own: all of them have heard at once.
    pub(super) fn count_anew(self) {
        let begin = |core: &mut super::Core| {
            !core.counting && core.replica.take_uncounted() && {
                core.counting = true;
                true
            }
        };
        if self.core.try_update_value(begin) != Some(true) {
            return;
        }
        let many = self.with(|replica| replica.room(&self.room.get_untracked()).map_or(0, |room| room.online()));
        task::spawn(async move {
            time::sleep((numbers::chance() * many as f64) as u64 * CROWD_MS).await;
            self.list().await;
            time::sleep(COUNT_MS).await;
            self.core.update_value(|core| {
                core.counting = false;
                core.dirty.heads = true;
            });
            self.ask_redraw();
        });
    }

    /// Keeps the list of rooms fresh for as long as the page lives.
    pub(crate) async fn keep_list(self) {
        loop {
            time::sleep(LIST_MS).await;
            if self.line.get_untracked().is_connected() && page::is_visible() {
                self.list().await;
            }
        }
    }

    /// Going to a room that was not there may have made it.
    pub(super) fn list_if_new(self) {
        let name = self.room.get_untracked();
        let is_new = self.with(|replica| {
            let is_ready = replica.room(&name).is_some_and(|room| room.is_ready());
            is_ready && replica.heads().iter().all(|head| head.room != name)
        });
        if is_new && self.core.try_update_value(|core| core.listed_for.replace(name.clone())).flatten() != Some(name) {
            task::spawn(self.list());
        }
    }

    /// Asks for a page of history, unless one is on its way.
    pub(crate) fn load_history(self, name: RoomName, ask: Ask) {
        let is_loading = self.with(|replica| replica.room(&name).is_none_or(|room| room.is_loading()));
        if is_loading {
            return;
        }
        self.core.update_value(|core| core.replica.ask_history(&name, ask));
        task::spawn(async move {
            let page = http::history(self.tag(), &name, ask, PAGE).await.ok();
            if page.is_none() {
                time::sleep(AGAIN_MS).await;
            }
            self.change(|replica| replica.history(&name, ask, page));
        });
    }

    /// Asks for a message from far back, to show what it says over those that answer it.
    pub(crate) fn fetch_quoted(self, seq: Seq) {
        let name = self.room.get_untracked();
        task::spawn(async move {
            // Where more and more comes meanwhile, that it is an earlier message has to do.
            for _ in 0..QUOTE_TRIES {
                let Ok(page) = http::history(self.tag(), &name, Ask::Around(seq), 1).await else { return };
                let used = self.core.try_update_value(|core| core.replica.set_aside(&name, seq, page));
                if let Some(output) = used.flatten() {
                    return self.carry_out(output);
                }
            }
        });
    }

    /// Where its socket is opened.
    pub(crate) fn socket_address(self) -> String {
        net::socket(self.tag())
    }

    pub(super) fn tag(self) -> &'static str {
        self.words.get_untracked().tag
    }

    /// What to say of a failure: the server's own sentence, where it had one.
    pub(super) fn sentence(self, trouble: Trouble) -> String {
        match trouble {
            Trouble::Refused(refusal) => refusal.message,
            Trouble::Unreachable => self.words.get_untracked().unreachable.to_owned(),
        }
    }
}
