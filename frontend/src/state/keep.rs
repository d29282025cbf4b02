//! What outlives a reload: who we are, and the messages that were not confirmed.

use leptos::prelude::*;
use serde::Serialize;
use stonechat_shared::frame::User;
use stonechat_shared::json::{self, Error, Read, Reader};
use stonechat_shared::replica::Pending;

use super::Chat;
use crate::platform::{storage, time};

/// Another person who signs in on this machine does not send what this one wrote.
#[derive(Serialize)]
struct Kept {
    user: User,
    pending: Vec<Pending>,
}

impl Read for Kept {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let (mut user, mut pending) = (None, Vec::new());
        reader.object(&mut |key, reader| {
            match key {
                "user" => user = Read::read(reader)?,
                "pending" => pending = Read::read(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(Self { user: user.ok_or_else(|| reader.error("user"))?, pending })
    }
}

/// Who we were at the last visit.
pub(super) fn me() -> Option<User> {
    json::read(&storage::get(storage::ME)?).ok()
}

pub(super) fn set_me(me: Option<&User>) {
    let text = me.and_then(|me| serde_json::to_string(me).ok());
    storage::set(storage::ME, &text.unwrap_or_default());
}

impl Chat {
    /// Writes down what waits, each tab under a key of its own.
    pub(super) fn keep_outbox(self) {
        let kept = self.with(|replica| {
            let pending = replica.outbox().all().to_vec();
            replica.me().cloned().filter(|_| !pending.is_empty()).map(|user| Kept { user, pending })
        });
        let text = kept.and_then(|kept| serde_json::to_string(&kept).ok());
        storage::set(&storage::outbox_key(), &text.unwrap_or_default());
    }

    /// Takes up what tabs that are gone have left. A tab that is still open keeps its own copy: the server tells the
    /// second of two equal posts, and answers it with the first one's outcome.
    pub(super) fn adopt_outbox(self) {
        if self.core.try_update_value(|core| std::mem::replace(&mut core.adopted, true)) != Some(false) {
            return;
        }
        for key in storage::foreign_outboxes() {
            let kept = storage::get(&key).and_then(|text| json::read::<Kept>(&text).ok());
            if let Some(kept) = kept.filter(|kept| self.with(|replica| replica.me() == Some(&kept.user))) {
                storage::set(&key, "");
                self.change(|replica| replica.restore(kept.pending, time::now()));
            }
        }
    }
}
