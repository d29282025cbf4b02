//! The wire without a socket: frames as server-sent events or as answers to questions, and commands one by one.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use stonechat_shared::frame::Frame;
use stonechat_shared::{Code, RoomName, Seq};
use tokio::time::Instant;

use crate::app::App;
use crate::caller::Caller;
use crate::listen::Flow;
use crate::refusal::{Answer, Refusal};
use crate::session::{Goodbye, Manner, Out, Session};

/// Seconds that a question may wait for its answer: less than proxies let a request be silent.
const LONGEST_WAIT: u64 = 25;
/// Bytes of frames in one answer: what a phone on a slow network has read before it asks again.
const ANSWER: usize = 256 * 1024;
/// Where a browser says how far it has read, when it comes back by itself.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Asks nginx, and proxies that copy it, to pass each event on as it comes.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    /// `lobby:1040,dev:17`: the rooms, and how far each is known.
    #[serde(default)]
    join: String,
    /// The name of the log that those numbers are of.
    epoch: Option<String>,
    /// Seconds.
    wait: Option<u64>,
    /// Whether to say everything that a new connection is told, though there are cursors.
    welcome: Option<u8>,
}

/// `GET /events`.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    let params = params.map_err(|error| Refusal::BadFrame(error.body_text())).map(|Query(params)| params);
    let places = params.and_then(|params| Ok((places(&params.join)?, params)));
    let (mut places, params) = match places {
        Ok(both) => both,
        Err(refusal) => return Answer(refusal, caller.lang).into_response(),
    };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A browser that comes back by itself asks the address that it first asked, and says here how far it got since.
    resume(&mut places, text(LAST_EVENT_ID));
    let asks = text(header::ACCEPT).contains("application/json");
    let is_new = places.iter().all(|(_, after)| after.is_none()) || params.welcome == Some(1);
    let manner = match (asks, is_new) {
        (false, _) => Manner::Whole,
        (true, true) => Manner::First,
        (true, false) => Manner::News,
    };
    let session = open(app, &caller, manner, places, params.epoch.as_deref()).await;
    if asks {
        let wait = Duration::from_secs(params.wait.unwrap_or(0).min(LONGEST_WAIT));
        answer(session, wait).await
    } else {
        let stream = stream::unfold(Some(Stream { session, flow: caller.flow }), next_event);
        ([(X_ACCEL_BUFFERING, "no")], Sse::new(stream)).into_response()
    }
}

/// `POST /command`.
pub(crate) async fn command(
    State(app): State<Arc<App>>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match carry_out(app, &caller, body).await {
        Ok(frame) => {
            let json = [(header::CONTENT_TYPE, "application/json")];
            (status(&frame), json, frame.encode()).into_response()
        }
        Err(refusal) => Answer(refusal, caller.lang).into_response(),
    }
}

async fn carry_out(app: Arc<App>, caller: &Caller, body: Result<Bytes, BytesRejection>) -> Result<Frame, Refusal> {
    let body = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
        _ => Refusal::BadFrame(error.body_text()),
    })?;
    let text = std::str::from_utf8(&body).map_err(|_| Refusal::BadFrame("text is UTF-8".into()))?;
    let user = caller.person(&app).ok_or(Refusal::NotSignedIn)?;
    // A socket stays whose it was; a request that lost its session on the way must not be carried out as a stranger's.
    if caller.claims.as_ref().is_some_and(|claims| *claims != user.id) {
        return Err(Refusal::NotSignedIn);
    }
    let session = Session::open(app, user, caller, Manner::News).await;
    // Too many connections is the one reason why there may be none.
    let mut session = session.map_err(|_| Refusal::Busy { retry_ms: 30_000 })?;
    let answer = session.ask(text).await;
    Ok(answer.unwrap_or_else(|| Frame::Ok { id: "".into(), room: "".into(), seq: None, again: false }))
}

async fn open(
    app: Arc<App>,
    caller: &Caller,
    manner: Manner,
    places: Vec<(RoomName, Option<Seq>)>,
    epoch: Option<&str>,
) -> Result<Session, Out> {
    if !caller.version {
        return Err(Goodbye::Version.out(caller.lang));
    }
    let user = caller.person(&app).ok_or_else(|| Goodbye::NotSignedIn.out(caller.lang))?;
    let mut session = Session::open(app, user, caller, manner).await?;
    session.join_all(places, epoch).await;
    Ok(session)
}

/// An answer that goes on.
struct Stream {
    session: Result<Session, Out>,
    flow: Arc<Flow>,
}

/// The next frame of a stream; nothing after the last one.
async fn next_event(stream: Option<Stream>) -> Option<(Result<Event, Infallible>, Option<Stream>)> {
    let Stream { session, flow } = stream?;
    let mut session = match session {
        Ok(session) => session,
        Err(out) => return Some((Ok(event(&out, "")), None)),
    };
    flow.drained().await;
    // Nobody answers a ping here: that what came before was taken is the sign of life.
    session.alive();
    let out = loop {
        match session.next().await {
            Some(out) => break out,
            None => wait(&session, session.ping_at()).await,
        }
    };
    let event = event(&out, &session.cursor());
    let rest = matches!(out, Out::Frame(_)).then_some(Stream { session: Ok(session), flow });
    Some((Ok(event), rest))
}

fn event(out: &Out, cursor: &str) -> Event {
    let (Out::Frame(text) | Out::Bye(text, _)) = out;
    let event = Event::default().data(text.as_str());
    if cursor.is_empty() { event } else { event.id(cursor) }
}

/// All frames that there are, as soon as there is one, or none when the time is up.
async fn answer(session: Result<Session, Out>, longest: Duration) -> Response {
    let mut frames = Vec::new();
    let cursor = match session {
        Ok(mut session) => {
            collect(&mut session, longest, &mut frames).await;
            session.cursor()
        }
        Err(Out::Frame(text) | Out::Bye(text, _)) => {
            frames.push(text);
            String::new()
        }
    };
    let frames: Vec<&str> = frames.iter().map(|frame| frame.as_str()).collect();
    // A cursor is of names and numbers: nothing in it needs escaping.
    let body = format!(r#"{{"frames":[{}],"cursor":"{cursor}"}}"#, frames.join(","));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn collect(session: &mut Session, longest: Duration, frames: &mut Vec<axum::extract::ws::Utf8Bytes>) {
    let until = Instant::now() + longest;
    let mut size = 0;
    loop {
        while let Some(out) = session.next().await {
            let (last, text) = match out {
                Out::Frame(text) => (false, text),
                Out::Bye(text, _) => (true, text),
            };
            size += text.len();
            frames.push(text);
            if last || size > ANSWER {
                return;
            }
        }
        if !frames.is_empty() || Instant::now() >= until {
            return;
        }
        wait(session, until).await;
    }
}

async fn wait(session: &Session, until: Instant) {
    let reader = session.reader();
    tokio::select! {
        () = reader.woken() => {}
        () = tokio::time::sleep_until(until) => {}
    }
}

/// Reads `lobby:1040,dev`.
fn places(text: &str) -> Result<Vec<(RoomName, Option<Seq>)>, Refusal> {
    let places = text.split(',').map(str::trim).filter(|place| !place.is_empty());
    places
        .map(|place| match place.split_once(':') {
            None => Ok((place.into(), None)),
            Some((room, after)) => {
                let after = after.parse().map_err(|_| Refusal::BadFrame(format!("`{after}` is no seq")))?;
                Ok((room.into(), Some(after)))
            }
        })
        .collect()
}

/// Moves the places to where this cursor says; one that cannot be read says nothing.
fn resume(wanted: &mut Vec<(RoomName, Option<Seq>)>, cursor: &str) {
    for (room, after) in places(cursor).unwrap_or_default() {
        match wanted.iter_mut().find(|(name, _)| *name == room) {
            Some(place) => place.1 = after,
            None => wanted.push((room, after)),
        }
    }
}

/// The status that says the same as the frame.
fn status(frame: &Frame) -> StatusCode {
    let Frame::Error(refusal) = frame else { return StatusCode::OK };
    match refusal.code {
        Code::BadFrame | Code::UnknownCommand | Code::BadId | Code::Empty | Code::NameTaken | Code::Unknown => {
            StatusCode::BAD_REQUEST
        }
        Code::NotSignedIn => StatusCode::UNAUTHORIZED,
        Code::Forbidden | Code::Muted | Code::Banned => StatusCode::FORBIDDEN,
        Code::NoSuchRoom | Code::NoSuchMessage | Code::NoSuchFile => StatusCode::NOT_FOUND,
        Code::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Code::SlowMode | Code::RateLimited | Code::Overloaded => StatusCode::TOO_MANY_REQUESTS,
    }
}

#[cfg(test)]
mod tests {
    use super::{places, resume};

    #[test]
    fn a_list_of_rooms_says_how_far_each_is_known() {
        assert_eq!(places("lobby:1040, dev"), Ok(vec![("lobby".into(), Some(1040)), ("dev".into(), None)]));
        assert_eq!(places(""), Ok(vec![]));
        assert!(places("lobby:x").is_err());
        assert!(places("lobby:-1").is_err());
    }

    #[test]
    fn a_browser_that_comes_back_by_itself_goes_on_where_it_was() {
        let mut wanted = places("lobby:1,dev").unwrap_or_default();
        resume(&mut wanted, "lobby:7,other:2");
        assert_eq!(wanted, [("lobby".into(), Some(7)), ("dev".into(), None), ("other".into(), Some(2))]);
        resume(&mut wanted, "nonsense:nonsense");
        assert_eq!(wanted[0].1, Some(7));
    }
}
