//! Request and response: who we are, rooms, history.

use stonechat_shared::frame::{Frame, Refusal, RoomHead};
use stonechat_shared::json::{self, Read, Write};
use stonechat_shared::page::{
    Found, Heard, History, Invitation, Invite, Invites, Members, NewDirect, NewInvite, NewRoom, NewSession, Rooms,
    Session,
};
use stonechat_shared::replica::Ask;
use stonechat_shared::settings::Settings;
use stonechat_shared::{Author, Command, RoomName, Seq, UserId, limits};

use super::tap::{self, Direction};
use crate::platform::address;
use crate::platform::fetch::{self, fetch};

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

/// Messages of a room, so many at most.
pub(crate) async fn history(language: &str, room: &RoomName, ask: Ask, limit: usize) -> Result<History, Trouble> {
    let (place, seq) = match ask {
        Ask::Before(seq) => ("before", seq),
        Ask::After(seq) => ("after", seq),
        Ask::Around(seq) => ("around", seq),
    };
    get(language, &format!("/api/rooms/{room}/messages?{place}={seq}&limit={limit}")).await
}

/// The newest messages that are pinned, those before the one of this seq.
pub(crate) async fn pinned(language: &str, room: &RoomName, before: Seq) -> Result<History, Trouble> {
    get(language, &format!("/api/rooms/{room}/messages?pinned=true&before={before}&limit={}", limits::PAGE)).await
}

/// The oldest messages, after this seq, of the thread in which one stands.
pub(crate) async fn thread(language: &str, room: &RoomName, of: Seq, after: Seq) -> Result<History, Trouble> {
    get(language, &format!("/api/rooms/{room}/messages?thread={of}&after={after}&limit={}", limits::PAGE)).await
}

/// What is found in all rooms; `before` continues a list with what is older than its last message.
pub(crate) async fn search(language: &str, query: &str, before: Option<(&RoomName, Seq)>) -> Result<Found, Trouble> {
    let before = before.map(|(room, seq)| format!("&before={room}:{seq}")).unwrap_or_default();
    get(language, &format!("/api/search?q={}{before}", address::encoded(query))).await
}

/// The newest messages of a room, a few of them.
pub(crate) async fn newest(language: &str, room: &RoomName) -> Result<History, Trouble> {
    get(language, &format!("/api/rooms/{room}/messages?limit=20")).await
}

/// A page of those who belong to a room: after this person, where there is one.
pub(crate) async fn members(language: &str, room: &RoomName, after: Option<UserId>) -> Result<Members, Trouble> {
    let after = after.map(|id| format!("?after={id}")).unwrap_or_default();
    get(language, &format!("/api/rooms/{room}/members{after}")).await
}

/// Those whose names begin like this.
pub(crate) async fn members_named(language: &str, room: &RoomName, name: &str) -> Result<Members, Trouble> {
    get(language, &format!("/api/rooms/{room}/members?named={}", address::encoded(name))).await
}

/// Who this is, by the name that they have now.
pub(crate) async fn user(language: &str, id: &UserId) -> Result<Author, Trouble> {
    get(language, &format!("/api/users/{id}")).await
}

pub(crate) async fn direct(language: &str, users: Vec<UserId>) -> Result<RoomHead, Trouble> {
    post(language, "/api/direct", &NewDirect { users }).await
}

/// Gives one's place in a private room up.
pub(crate) async fn leave(language: &str, room: &RoomName) -> Result<(), Trouble> {
    delete(language, &format!("/api/rooms/{room}/members/me")).await
}

pub(crate) async fn invites(language: &str, room: &RoomName) -> Result<Invites, Trouble> {
    get(language, &format!("/api/rooms/{room}/invites")).await
}

pub(crate) async fn make_invite(language: &str, room: &RoomName, new: &NewInvite) -> Result<Invite, Trouble> {
    post(language, &format!("/api/rooms/{room}/invites"), new).await
}

pub(crate) async fn revoke(language: &str, room: &RoomName, invite: &str) -> Result<(), Trouble> {
    delete(language, &format!("/api/rooms/{room}/invites/{invite}")).await
}

/// Where an invitation leads.
pub(crate) async fn invitation(language: &str, invite: &str) -> Result<Invitation, Trouble> {
    get(language, &format!("/api/invites/{invite}")).await
}

/// Comes in by an invitation.
pub(crate) async fn come_in(language: &str, invite: &str) -> Result<RoomHead, Trouble> {
    post(language, &format!("/api/invites/{invite}"), &NewInvite::default()).await
}

pub(crate) async fn settings(language: &str) -> Result<Settings, Trouble> {
    get(language, "/api/settings").await
}

pub(crate) async fn keep_settings(language: &str, settings: &Settings) -> Result<Settings, Trouble> {
    read(&send(language, "PUT", "/api/settings", Some(settings.write()), "*/*").await?)
}

/// Where a file of this name is brought.
pub(crate) fn upload_url(name: &str) -> String {
    format!("/api/files?name={}", String::from(js_sys::encode_uri_component(name)))
}

/// Carries out one command, as this person and nobody else.
pub(super) async fn command(language: &str, me: Option<UserId>, command: &Command) -> Result<Frame, Trouble> {
    post(language, &as_somebody(me.as_ref()), command).await
}

/// The same, though the page may be gone before there is an answer.
pub(crate) fn leave_behind(me: Option<&UserId>, command: &Command) {
    fetch::leave_behind(&as_somebody(me), &command.encode());
}

fn as_somebody(me: Option<&UserId>) -> String {
    format!("/command?as={}", me.map_or("", UserId::as_str))
}

/// Asks what has happened, and waits for it.
pub(super) async fn events(language: &str, url: &str) -> Option<Heard> {
    read(&send(language, "GET", url, None, "application/json").await.ok()?).ok()
}

/// Whether the server answers at all.
pub(super) async fn is_there() -> bool {
    fetch("GET", "/healthz", &[], None).await.is_some_and(|answer| answer.ok)
}

async fn get<T: Read>(language: &str, url: &str) -> Result<T, Trouble> {
    read(&send(language, "GET", url, None, "*/*").await?)
}

async fn post<T: Read>(language: &str, url: &str, body: &dyn Write) -> Result<T, Trouble> {
    read(&send(language, "POST", url, Some(body.write()), "*/*").await?)
}

async fn delete(language: &str, url: &str) -> Result<(), Trouble> {
    send(language, "DELETE", url, None, "*/*").await.map(drop)
}

/// The text of the answer. The same code for every kind of answer: only reading differs.
async fn send(language: &str, method: &str, url: &str, body: Option<String>, accept: &str) -> Result<String, Trouble> {
    // The server's sentences come in this language.
    let headers = [("Accept-Language", language), ("Accept", accept), ("Content-Type", "application/json")];
    let is_talk = url.starts_with("/command") || url.starts_with("/events");
    body.iter().filter(|_| is_talk).for_each(|body| tap::pass(Direction::Sent, body));
    let answer = fetch(method, url, &headers, body.as_deref()).await.ok_or(Trouble::Unreachable)?;
    if is_talk {
        tap::pass(Direction::Heard, &answer.text);
    }
    if answer.ok {
        Ok(answer.text)
    } else {
        Err(json::read(&answer.text).map_or(Trouble::Unreachable, Trouble::Refused))
    }
}

fn read<T: Read>(text: &str) -> Result<T, Trouble> {
    json::read(text).map_err(|_| Trouble::Unreachable)
}
