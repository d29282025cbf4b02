//! A place in a room: how far this connection has been told of it.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::frame::{Role, User, events_frame};
use stonechat_shared::{Seq, UserId};
use tokio::time::Instant;

use super::Manner;
use crate::app::{App, refuse};
use crate::refusal::Refusal;
use crate::room::{BATCH, CALM, Reader, Room};
use crate::store::history;

#[derive(Debug)]
pub(super) struct Seat {
    pub(super) room: Arc<Room>,
    pub(super) cursor: Seq,
    reader: Arc<Reader>,
    /// Who is in the room because of this place.
    present: Option<UserId>,
    manner: Manner,
    /// The person has not been seen here for a while.
    away: bool,
    /// The versions of presence and typing that were told last.
    presence: Option<u64>,
    /// When this place was told everybody who is here, until the first beat after that.
    told_all_at: Option<Instant>,
    typing: Option<u64>,
}

impl Seat {
    /// Takes a place; it is given up by dropping it.
    pub(super) fn take(room: Arc<Room>, cursor: Seq, reader: &Arc<Reader>, user: &User, manner: Manner) -> Self {
        // A guest who asks again and again is somebody new each time: they would fill the room.
        let counts = manner.lasts() || user.role != Role::Guest;
        room.enter(reader, counts.then_some(user));
        let (reader, present) = (Arc::clone(reader), counts.then(|| user.id.clone()));
        Self { room, cursor, reader, present, manner, away: false, presence: None, told_all_at: None, typing: None }
    }

    /// Reads on from somewhere else, as who has just come.
    pub(super) fn go_to(&mut self, cursor: Seq) {
        (self.cursor, self.presence, self.told_all_at, self.typing) = (cursor, None, None, None);
    }

    /// The person is not seen here, or is again.
    pub(super) fn away(&mut self, on: bool) {
        if let Some(user) = self.present.as_ref().filter(|_| self.away != on) {
            self.room.away(user, on);
            self.away = on;
        }
    }

    /// The next frame for this place: what happened first, then who is here.
    pub(super) async fn next(&mut self, app: &App) -> Result<Option<Utf8Bytes>, Refusal> {
        if self.room.head() > self.cursor {
            let (frame, cursor) = match self.room.after(self.cursor) {
                Some(batch) => batch,
                None => self.replay(app).await?,
            };
            self.cursor = cursor;
            return Ok(Some(frame));
        }
        Ok(if self.manner.is_whole() { self.presence().or_else(|| self.typing()) } else { None })
    }

    /// Who is here, at most once a [`CALM`]: who comes in between two beats is told everybody at once, and lets the next
    /// beat pass where it is too near.
    fn presence(&mut self) -> Option<Utf8Bytes> {
        let (frame, version) = self.room.presence_since(self.presence)?;
        match self.told_all_at {
            Some(at) if at.elapsed() < CALM => {
                self.room.remind();
                return None;
            }
            Some(_) => self.told_all_at = None,
            None if self.presence.is_none() => self.told_all_at = Some(Instant::now()),
            None => {}
        }
        self.presence = Some(version);
        Some(frame)
    }

    fn typing(&mut self) -> Option<Utf8Bytes> {
        let (frame, version) = self.room.typing_since(self.typing)?;
        self.typing = Some(version);
        Some(frame)
    }

    /// The ring does not reach back to this cursor: the store does.
    async fn replay(&self, app: &App) -> Result<(Utf8Bytes, Seq), Refusal> {
        let (name, cursor) = (self.room.name.clone(), self.cursor);
        let events = app.store.read(move |db| history::events_after(db, &name, cursor, BATCH)).await.map_err(refuse)?;
        let to = cursor + events.len() as Seq;
        let frame = events_frame(&self.room.name, events.iter().map(String::as_str));
        Ok((frame.into(), to))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.manner.lasts() {
            self.room.exit(&self.reader, self.present.take(), self.away);
        } else {
            self.room.exit_later(&self.reader, self.present.take());
        }
    }
}
