//! Request and response: the bodies of the plain HTTP routes.

mod download;
pub(crate) mod members;
pub(crate) mod private;
mod search;
pub(crate) mod settings;
mod upload;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::page::{History, NewRoom, NewSession, Rooms, Session, Ticket};
use stonechat_shared::{Author, RoomName, Seq, UserId, limits};

use crate::app::{App, refuse};
use crate::auth::{self, TICKET};
use crate::caller::Asker;
use crate::refusal::{Answer, Refusal};
use crate::store::{Range, history, people};
use crate::text;

pub(crate) use search::search;

pub(crate) use download::download;
pub(crate) use upload::upload;

type Answered<T> = Result<T, Answer>;

pub(crate) async fn session(asker: Asker) -> Answered<Json<Session>> {
    let user = asker.signed_in()?.clone();
    Ok(Json(Session { user, token: None }))
}

/// Takes a name: a new person, or a new name for who is signed in already.
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    asker: Asker,
    headers: HeaderMap,
    body: Bytes,
) -> Answered<Response> {
    let NewSession { name } = asker.body(&body)?;
    let name = asker.answer(text::line(&name, limits::NAME_CHARS))?;
    let (user, token) = asker.answer(app.sign_in(asker.user.clone(), name).await)?;
    let cookie = auth::cookie(&token, &headers);
    Ok(([(header::SET_COOKIE, cookie)], Json(Session { user, token: Some(token) })).into_response())
}

pub(crate) async fn sign_out(State(app): State<Arc<App>>, asker: Asker, headers: HeaderMap) -> Answered<Response> {
    if let Some(digest) = asker.credential.digest() {
        let ended = app.store.write(move |db| people::end_session(db, &digest)).await;
        asker.answer(ended.map_err(refuse))?;
        if let Some(user) = &asker.user {
            app.sign_out(&user.id, &digest);
        }
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::no_cookie(&headers))]).into_response())
}

pub(crate) async fn ticket(State(app): State<Arc<App>>, asker: Asker) -> Answered<Json<Ticket>> {
    asker.signed_in()?;
    let session = asker.answer(asker.credential.digest().ok_or(Refusal::NotSignedIn))?;
    let ticket = app.tickets.issue(session);
    Ok(Json(Ticket { ticket, expires_ms: TICKET.as_millis() as u64 }))
}

pub(crate) async fn rooms(State(app): State<Arc<App>>, asker: Asker) -> Answered<Json<Rooms>> {
    let rooms = asker.answer(app.room_list(&asker.reader(&app)?).await)?;
    Ok(Json(Rooms { rooms }))
}

pub(crate) async fn make_room(
    State(app): State<Arc<App>>,
    asker: Asker,
    body: Bytes,
) -> Answered<(StatusCode, Json<RoomHead>)> {
    let user = asker.signed_in()?;
    let NewRoom { room, title, topic, private } = asker.body(&body)?;
    if !(private || room.is_valid()) {
        return Err(Answer(Refusal::BadName, asker.lang));
    }
    let title = match title.filter(|title| !title.trim().is_empty()) {
        Some(title) => asker.answer(text::line(&title, limits::TITLE_CHARS))?,
        None if private => return asker.answer(Err(Refusal::Empty)),
        None => room.to_string(),
    };
    let topic = match topic.filter(|topic| !topic.trim().is_empty()) {
        Some(topic) => asker.answer(text::line(&topic, limits::TITLE_CHARS))?,
        None => String::new(),
    };
    let kind = if private { RoomKind::Private } else { RoomKind::Open };
    asker.answer(if private { app.take_turn(user) } else { Ok(()) })?;
    let head = RoomHead { room, title, topic, kind, ..RoomHead::default() };
    let made = asker.answer(app.make_room(head, Some(user)).await)?;
    let made = asker.answer(made.ok_or(Refusal::RoomExists))?;
    Ok((StatusCode::CREATED, Json(made.line())))
}

pub(crate) async fn room(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(room): Path<RoomName>,
) -> Answered<Json<RoomHead>> {
    let reader = asker.reader(&app)?;
    let room = asker.answer(app.room_for(&reader, &room))?;
    asker.answer(app.line(&reader, &room).await).map(Json)
}

#[derive(Debug, Deserialize)]
pub(crate) struct PageParams {
    before: Option<Seq>,
    after: Option<Seq>,
    around: Option<Seq>,
    /// Only those that are pinned.
    #[serde(default)]
    pinned: bool,
    /// Only those of the thread in which this one stands.
    thread: Option<Seq>,
    limit: Option<usize>,
}

/// A page of history; without a place in it, the newest one.
pub(crate) async fn messages(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(room): Path<RoomName>,
    params: Result<Query<PageParams>, QueryRejection>,
) -> Answered<Json<History>> {
    let reader = asker.reader(&app)?;
    let Query(params) = asker.answer(params.map_err(|error| Refusal::BadFrame(error.body_text())))?;
    let room = asker.answer(app.room_for(&reader, &room))?;
    let range = match (params.before, params.after, params.around) {
        (before, _, _) if params.pinned => Range::Pinned(before.unwrap_or(Seq::MAX)),
        (_, after, _) if let Some(of) = params.thread => Range::Thread { of, after: after.unwrap_or(0) },
        (Some(seq), _, _) => Range::Before(seq),
        (None, Some(seq), _) => Range::After(seq),
        (None, None, Some(seq)) => Range::Around(seq),
        (None, None, None) => Range::Before(Seq::MAX),
    };
    let limit = params.limit.unwrap_or(limits::SNAPSHOT).clamp(1, limits::PAGE);
    let name = room.name.clone();
    let page = app.store.read(move |db| history::page(db, &name, range, limit, &reader.id)).await;
    Ok(Json(asker.answer(page.map_err(refuse))?))
}

pub(crate) async fn user(
    State(app): State<Arc<App>>,
    asker: Asker,
    Path(user): Path<UserId>,
) -> Answered<Json<Author>> {
    asker.reader(&app)?;
    let found = app.store.read(move |db| people::find(db, &user)).await;
    let user = asker.answer(found.map_err(refuse).and_then(|user| user.ok_or(Refusal::NoSuchUser)))?;
    Ok(Json(user.author()))
}

/// The process answers.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// It can also read its store, and is not about to stop.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    let readable = app.store.read(|db| db.query_row("SELECT 1", [], |_| Ok(()))).await.is_ok();
    if readable && !app.is_closing() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render(app.connections()))
}
