//! What outlives a reload: who we are, and the messages that were not confirmed.

use leptos::prelude::*;
use stonechat_shared::frame::User;
use stonechat_shared::json::{self, Error, Read, Value, Write};
use stonechat_shared::replica::Pending;
use stonechat_shared::{Replica, UserId};

use super::{Chat, Core};
use crate::platform::{locks, storage, time};

/// Another person who signs in on this machine does not send what this one wrote.
struct Kept {
    owner: UserId,
    pending: Vec<Pending>,
}

impl Read for Kept {
    fn read(mut value: Value) -> Result<Self, Error> {
        Ok(Self { owner: value.field("owner")?, pending: value.field("pending")? })
    }
}

/// Who we were at the last visit.
pub(super) fn me() -> Option<User> {
    json::read(&storage::get(storage::ME)?).ok()
}

pub(super) fn set_me(me: Option<&User>) {
    storage::set(storage::ME, &me.map(Write::write).unwrap_or_default());
}

impl Chat {
    /// Writes down what waits, each tab under a key of its own, before it is sent or shown.
    pub(super) fn keep_outbox(self) {
        if !self.keep_outbox_as(&storage::outbox_key()) {
            self.notify(self.words.get_untracked().not_kept.to_owned());
        }
    }

    /// Answers whether it is kept.
    fn keep_outbox_as(self, key: &str) -> bool {
        let kept = self.with(|replica| {
            let outbox = replica.outbox();
            Some((outbox.owner()?, outbox.all()).write())
        });
        storage::set(key, &kept.unwrap_or_default())
    }

    /// What somebody else wrote here is put by until they are back: it is neither shown nor sent as another's, and holds
    /// nobody up.
    pub(super) fn put_by(self) {
        let me = self.me.with_untracked(|me| me.as_ref().map(|me| me.id.clone()));
        let is_foreign = self.with(|replica| replica.outbox().owner().is_some_and(|owner| Some(owner) != me.as_ref()));
        // Where it cannot be put by it stays: better in the way than lost.
        if is_foreign && self.keep_outbox_as(&storage::free_outbox_key()) {
            self.change(Replica::give_up);
        }
    }

    /// Shows what this person's other tabs have in their outboxes, and takes over from tabs that are gone.
    pub(super) fn meet_other_tabs(self) {
        for key in storage::foreign_outboxes() {
            self.mirror(&key);
            // Without locks nobody can tell whether that tab is gone. If it is not, the server answers the second of two
            // equal posts with the first one's outcome.
            if !self.adopt_when_gone(&key) {
                self.adopt(&key);
            }
        }
    }

    /// Another tab has written down what waits there.
    pub(crate) fn hear_other_tab(self, key: &str) {
        if self.mirror(key) {
            self.adopt_when_gone(key);
        }
    }

    /// Answers whether the browser can tell when that is.
    fn adopt_when_gone(self, key: &str) -> bool {
        let gone = key.to_owned();
        locks::when_free(key, move || self.adopt(&gone))
    }

    /// Answers whether that tab was not known yet.
    fn mirror(self, key: &str) -> bool {
        let pending = self.kept(key).unwrap_or_default();
        self.change(|replica| replica.mirror(key, pending));
        let met = |core: &mut Core| {
            let is_new = !core.met.iter().any(|other| other == key);
            if is_new {
                core.met.push(key.to_owned());
            }
            is_new
        };
        self.core.try_update_value(met) == Some(true)
    }

    /// The tab of this key is gone: what it left is ours to send, where it was the same person's.
    fn adopt(self, key: &str) {
        if let Some(pending) = self.kept(key) {
            self.change(|replica| replica.restore(pending, time::now()));
            // Kept here before it is gone there: what stands here already may be older.
            if self.keep_outbox_as(&storage::outbox_key()) {
                storage::set(key, "");
            }
        }
        self.change(|replica| replica.mirror(key, Vec::new()));
        self.core.update_value(|core| core.met.retain(|other| other != key));
    }

    /// The page is back from the browser's memory, where it held nothing.
    pub(crate) fn came_back(self) {
        if storage::hold_outbox() && storage::get(&storage::outbox_key()).is_none() {
            self.change(Replica::give_up);
            self.meet_other_tabs();
        }
    }

    fn kept(self, key: &str) -> Option<Vec<Pending>> {
        let kept = json::read::<Kept>(&storage::get(key)?).ok()?;
        let ours = self.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.id == kept.owner));
        ours.then_some(kept.pending)
    }
}
