//! What a person likes.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use stonechat_shared::settings::{RoomSettings, Settings};

use super::Answered;
use crate::app::{App, refuse};
use crate::caller::Asker;
use crate::refusal::Refusal;
use crate::store::settings;

/// Rooms for which a person can say something else: more than anybody has in their list.
const ROOMS: usize = 500;
/// Characters in the name of a language.
const LANGUAGE: usize = 16;

pub(crate) async fn get(State(app): State<Arc<App>>, asker: Asker) -> Answered<Json<Settings>> {
    let user = asker.signed_in()?.id.clone();
    let settings = app.store.read(move |db| settings::get(db, &user)).await;
    Ok(Json(asker.answer(settings.map_err(refuse))?))
}

/// Puts these in the place of those that were there.
pub(crate) async fn put(State(app): State<Arc<App>>, asker: Asker, body: Bytes) -> Answered<Json<Settings>> {
    let user = asker.signed_in()?.id.clone();
    let mut new: Settings = asker.body(&body)?;
    asker.answer(check(&new))?;
    new.rooms.retain(|_, room| *room != RoomSettings::default());
    let (kept, id) = (new.clone(), user.clone());
    let written = app.store.write(move |db| settings::put(db, &id, &kept)).await;
    asker.answer(written.map_err(refuse))?;
    app.settings_changed(&user);
    Ok(Json(new))
}

fn check(settings: &Settings) -> Result<(), Refusal> {
    let plain = |tag: &String| {
        (1..=LANGUAGE).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !settings.language.iter().all(plain) {
        return Err(Refusal::BadFrame("`language` is a tag as in `zh` or `en-GB`".into()));
    }
    if settings.rooms.len() > ROOMS {
        return Err(Refusal::BadFrame(format!("`rooms` has {ROOMS} rooms at most")));
    }
    match settings.rooms.keys().find(|room| !room.is_valid()) {
        Some(_) => Err(Refusal::BadName),
        None => Ok(()),
    }
}
