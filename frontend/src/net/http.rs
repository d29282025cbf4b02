//! Request and response: who we are, rooms, history.

use gloo_net::http::{Request, RequestBuilder};
use serde::Serialize;
use stonechat_shared::frame::{Refusal, RoomHead};
use stonechat_shared::json::{self, Read};
use stonechat_shared::page::{History, Members, NewRoom, NewSession, Rooms, Session};
use stonechat_shared::{RoomName, Seq, limits};

/// Why there is no answer.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// The server said no, and why.
    Refused(Refusal),
    /// The server did not answer, or not so that we understand it.
    Unreachable,
}

/// Asks for a name. With the answer comes a cookie, which the next connection carries.
pub(crate) async fn sign_in(language: &str, name: String) -> Result<Session, Trouble> {
    post(language, "/api/session", &NewSession { name }).await
}

pub(crate) async fn rooms(language: &str) -> Result<Vec<RoomHead>, Trouble> {
    let rooms: Rooms = get(language, "/api/rooms").await?;
    Ok(rooms.rooms)
}

pub(crate) async fn make_room(language: &str, room: NewRoom) -> Result<RoomHead, Trouble> {
    post(language, "/api/rooms", &room).await
}

/// The messages before the one of this seq, as many as one page holds.
pub(crate) async fn history(language: &str, room: &RoomName, before: Seq) -> Result<History, Trouble> {
    get(language, &format!("/api/rooms/{room}/messages?before={before}&limit={}", limits::PAGE)).await
}

pub(crate) async fn members(language: &str, room: &RoomName) -> Result<Members, Trouble> {
    get(language, &format!("/api/rooms/{room}/members")).await
}

async fn get<T: Read>(language: &str, url: &str) -> Result<T, Trouble> {
    read(&send(language, Request::get(url), None).await?)
}

async fn post<T: Read>(language: &str, url: &str, body: &impl Serialize) -> Result<T, Trouble> {
    let body = serde_json::to_string(body).map_err(|_| Trouble::Unreachable)?;
    read(&send(language, Request::post(url), Some(body)).await?)
}

/// The text of the answer. The same code for every kind of answer: only reading differs.
async fn send(language: &str, request: RequestBuilder, body: Option<String>) -> Result<String, Trouble> {
    // The server's sentences come in this language.
    let request = request.header("Accept-Language", language);
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|_| Trouble::Unreachable)?.send().await.map_err(|_| Trouble::Unreachable)?;
    let text = response.text().await.map_err(|_| Trouble::Unreachable)?;
    if response.ok() { Ok(text) } else { Err(json::read(&text).map_or(Trouble::Unreachable, Trouble::Refused)) }
}

fn read<T: Read>(text: &str) -> Result<T, Trouble> {
    json::read(text).map_err(|_| Trouble::Unreachable)
}
