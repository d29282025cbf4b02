//! Direct messages, and the ways into private rooms.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use stonechat_shared::RoomName;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::ids::Millis;
use stonechat_shared::page::{Invitation, Invite, Invites, NewDirect, NewInvite};

use super::Answered;
use crate::app::{App, refuse};
use crate::caller::Asker;
use crate::refusal::Refusal;
use crate::store::invites;

/// A way in that is good for longer is better made without an end.
const LONGEST: Millis = 366 * 24 * 60 * 60 * 1000;
/// More people than a room is made for.
const MOST_USES: u32 = 100_000;

/// The room of these people and who asks: it is made when it is first asked for.
pub(crate) async fn direct(
    State(app): State<Arc<App>>,
    asker: Asker,
    body: Bytes,
) -> Answered<(StatusCode, Json<RoomHead>)> {
    let user = asker.signed_in()?;
    let NewDirect { users } = asker.body(&body)?;
    asker.answer(app.take_turn(user))?;
    let (room, new) = asker.answer(app.direct(user, users).await)?;
    let line = asker.answer(app.line(user, &room).await)?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(line)))
}

pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(room): Path<RoomName>,
    body: Bytes,
) -> Answered<(StatusCode, Json<Invite>)> {
    let room = asker.answer(app.room_for(&asker.reader(&app)?, &room))?;
    let user = asker.signed_in()?;
    let new: NewInvite = if body.is_empty() { NewInvite::default() } else { asker.body(&body)? };
    if new.expires_ms.is_some_and(|ms| !(1..=LONGEST).contains(&ms)) {
        return asker.answer(Err(Refusal::BadFrame(format!("`expires_ms` is from 1 to {LONGEST}"))));
    }
    if new.uses.is_some_and(|uses| !(1..=MOST_USES).contains(&uses)) {
        return asker.answer(Err(Refusal::BadFrame(format!("`uses` is from 1 to {MOST_USES}"))));
    }
    asker.answer(app.take_turn(user))?;
    let invite = asker.answer(app.make_invite(&room, user, new).await)?;
    Ok((StatusCode::CREATED, Json(invite)))
}

pub(crate) async fn invites(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(room): Path<RoomName>,
) -> Answered<Json<Invites>> {
    let room = asker.answer(app.room_for(&asker.reader(&app)?, &room))?;
    let (name, now) = (room.name.clone(), app.clock.now());
    let invites = match room.kind {
        RoomKind::Private => app.store.read(move |db| invites::list(db, &name, now)).await.map_err(refuse),
        RoomKind::Open | RoomKind::Direct => Err(Refusal::NotPrivate),
    };
    Ok(Json(Invites { invites: asker.answer(invites)? }))
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path((room, invite)): Path<(RoomName, String)>,
) -> Answered<StatusCode> {
    let room = asker.answer(app.room_for(&asker.reader(&app)?, &room))?.name.clone();
    let revoked = app.store.write(move |db| invites::revoke(db, &room, &invite)).await;
    let revoked = asker.answer(revoked.map_err(refuse))?;
    asker.answer(revoked.then_some(StatusCode::NO_CONTENT).ok_or(Refusal::NoSuchInvite))
}

/// Where an invitation leads: who holds it may know that before they come in, and before they have a name.
pub(crate) async fn invitation(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(invite): Path<String>,
) -> Answered<Json<Invitation>> {
    let now = app.clock.now();
    let found = app.store.read(move |db| invites::show(db, &invite, now)).await;
    let found = found.map_err(refuse).and_then(|found| found.ok_or(Refusal::NoSuchInvite));
    Ok(Json(asker.answer(found)?))
}

pub(crate) async fn come_in(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(invite): Path<String>,
) -> Answered<Json<RoomHead>> {
    let user = asker.signed_in()?;
    let room = asker.answer(app.join_by(invite, user).await)?;
    Ok(Json(asker.answer(app.line(user, &room).await)?))
}

pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(room): Path<RoomName>,
) -> Answered<StatusCode> {
    let room = asker.answer(app.room_for(&asker.reader(&app)?, &room))?;
    asker.answer(app.leave(room, asker.signed_in()?).await)?;
    Ok(StatusCode::NO_CONTENT)
}
