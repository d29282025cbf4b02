//! A place in a room: how far this connection has been told of it.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::Seq;
use stonechat_shared::frame::events_frame;

use crate::app::{App, refuse};
use crate::refusal::Refusal;
use crate::room::{BATCH, Room};
use crate::store::history;

#[derive(Debug)]
pub(super) struct Seat {
    pub(super) room: Arc<Room>,
    pub(super) cursor: Seq,
    /// The versions of presence and typing that were told last.
    presence: Option<u64>,
    typing: Option<u64>,
}

impl Seat {
    pub(super) fn new(room: Arc<Room>, cursor: Seq) -> Self {
        Self { room, cursor, presence: None, typing: None }
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
        if let Some((frame, version)) = self.room.presence_since(self.presence) {
            self.presence = Some(version);
            return Ok(Some(frame));
        }
        let typing = self.room.typing_since(self.typing);
        Ok(typing.map(|(frame, version)| {
            self.typing = Some(version);
            frame
        }))
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
