//! `GET /api/search`: what was written, wherever who asks may read.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use stonechat_shared::page::Found;
use stonechat_shared::{RoomName, Seq, limits};

use super::Answered;
use crate::app::{App, refuse};
use crate::caller::Asker;
use crate::rate::Who;
use crate::refusal::Refusal;
use crate::store::{self, search};

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    #[serde(default)]
    q: String,
    room: Option<RoomName>,
    before: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn search(
    State(app): State<Arc<App>>,
    asker: Asker,
    params: Result<Query<Params>, QueryRejection>,
) -> Answered<Json<Found>> {
    let reader = asker.reader(&app)?;
    let Query(params) = asker.answer(params.map_err(|error| Refusal::BadFrame(error.body_text())))?;
    let readable = app.readable(&reader).iter().map(|room| room.name.clone()).collect();
    let search = asker.answer(params.search(readable))?;
    let who = asker.user.as_ref().map_or(Who::Address(asker.address), |user| Who::Person(user.id.clone()));
    let turn = app.searches.lock().expect("nobody panics holding it").take(who, app.clock.now());
    asker.answer(turn.map_err(|retry_ms| Refusal::RateLimited { retry_ms }))?;
    let place = Arc::clone(&app.free_searches).acquire_owned().await;
    let place = asker.answer(place.map_err(|_| refuse(store::Error::Closed)))?;
    let search = search::Search { reader: reader.id, ..search };
    let found = app.store.read(move |db| {
        // Who goes away takes their place along only when the search has ended: it is under way all the same.
        let _place = place;
        search::find(db, &search)
    });
    let found = found.await.map_err(refuse).and_then(|found| found.ok_or(Refusal::NoSuchMessage));
    Ok(Json(asker.answer(found)?))
}

impl Params {
    /// What to look for in which of the rooms that may be read. A room that may not is as one that is not there.
    fn search(self, readable: Vec<RoomName>) -> Result<search::Search, Refusal> {
        let query = search::Query::parse(&self.q)?;
        let before = self.before.map(|before| place(&before)).transpose()?;
        let known = |room: &RoomName| readable.contains(room);
        if !query.rooms.iter().chain(&self.room).chain(before.as_ref().map(|(room, _)| room)).all(known) {
            return Err(Refusal::NoSuchRoom);
        }
        // Who writes `in:` means that room, wherever they are while they write it.
        let rooms = match (query.rooms.is_empty(), self.room) {
            (false, _) => query.rooms.clone(),
            (true, Some(room)) => vec![room],
            (true, None) => readable,
        };
        let limit = self.limit.unwrap_or(limits::SEARCH_PAGE).clamp(1, limits::SEARCH_PAGE);
        Ok(search::Search { query, rooms, before, limit, reader: Default::default() })
    }
}

/// `lobby:1041`
fn place(text: &str) -> Result<(RoomName, Seq), Refusal> {
    let parts = text.split_once(':').and_then(|(room, seq)| Some((RoomName::from(room), seq.parse().ok()?)));
    parts.ok_or_else(|| Refusal::BadFrame("before names a message, as in lobby:1041".into()))
}
