//! Plain text over a WebSocket, for people with a terminal: a line in is a message, a message is a line out.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stonechat_shared::frame::User;
use stonechat_shared::{Command, Event, Frame, Kind, RoomName};
use tokio::time::Instant;

use crate::app::App;
use crate::auth;
use crate::caller::Caller;
use crate::random;
use crate::refusal::{Answer, Lang, Refusal};
use crate::room::Reader;
use crate::session::{Goodbye, Manner, Out, Session};
use crate::ws::{self, Said, Talk};

/// Characters in the id of a message that comes in without one: enough to be chosen once.
const ID: usize = 20;

#[derive(Debug, Deserialize)]
pub(crate) struct Params {
    room: Option<RoomName>,
}

/// `GET /ws/{client_id}`.
pub(crate) async fn upgrade(
    State(app): State<Arc<App>>,
    Path(client): Path<String>,
    params: Result<Query<Params>, QueryRejection>,
    caller: Caller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let lang = caller.lang;
    let (client, room) = match read(&client, params) {
        Ok(both) => both,
        Err(refusal) => return Answer(refusal, lang).into_response(),
    };
    let user = caller.user.clone().or_else(|| {
        let guest = || User { name: format!("client {client}"), ..auth::guest() };
        app.config.guests.then(guest)
    });
    if let Some(Err(refusal)) = user.as_ref().map(|user| app.room_for(user, &room))
        && !app.may_make(&room)
    {
        return Answer(refusal, lang).into_response();
    }
    ws::accept(upgrade, lang, app.config.stall(), async move {
        let Some(user) = user else {
            return Err(in_words(Goodbye::NotSignedIn.out(lang)));
        };
        let session = Session::open(app, user, &caller, Manner::Whole).await.map_err(in_words)?;
        Plain::open(session, room).await
    })
}

fn read(client: &str, params: Result<Query<Params>, QueryRejection>) -> Result<(i64, RoomName), Refusal> {
    let client = client.parse().map_err(|_| Refusal::BadFrame("a client's id is an integer".into()))?;
    let Query(params) = params.map_err(|error| Refusal::BadFrame(error.body_text()))?;
    let room = params.room.unwrap_or_else(|| RoomName::LOBBY.into());
    if !room.is_valid() {
        return Err(Refusal::BadName);
    }
    Ok((client, room))
}

/// Speaks for a session, in words.
#[derive(Debug)]
struct Plain {
    session: Session,
    room: RoomName,
    /// What one frame was in words, and is still to be said.
    lines: VecDeque<String>,
}

impl Plain {
    async fn open(mut session: Session, room: RoomName) -> Result<Self, Out> {
        let lang = session.lang();
        if let Err(refusal) = session.join(room.clone(), None, None).await {
            return Err(in_words(Goodbye::NotReadable(refusal).out(lang)));
        }
        let name = called(&session.user().name, lang);
        let welcome = match lang {
            Lang::En => format!("Welcome, {name}!"),
            Lang::Zh => format!("欢迎, {name}!"),
        };
        Ok(Self { session, room, lines: VecDeque::from([welcome]) })
    }

    /// What a frame is in words; a ping of the wire is one of the socket's own here.
    fn put(&mut self, frame: Frame) -> Option<Said> {
        match frame {
            Frame::Events { events, .. } => {
                let lang = self.session.lang();
                self.lines.extend(events.iter().filter_map(|event| line(event, lang)));
                None
            }
            Frame::Error(refusal) => {
                self.lines.push_back(refusal.message);
                None
            }
            Frame::Ping { .. } => Some(Said::Message(Message::Ping(Vec::new().into()))),
            Frame::Bye { code, message, .. } => Some(Said::Last(message.into(), code)),
            Frame::Welcome(_)
            | Frame::Joined(_)
            | Frame::Ok { .. }
            | Frame::Presence(_)
            | Frame::Typing { .. }
            | Frame::Read { .. }
            | Frame::Room(_)
            | Frame::Gone { .. }
            | Frame::Heads { .. }
            | Frame::Settings
            | Frame::Pong { .. }
            | Frame::Unknown => None,
        }
    }
}

impl Talk for Plain {
    async fn receive(&mut self, text: &str) {
        let id = random::name(ID).into();
        let post = Command::Post { id, room: self.room.clone(), text: text.to_owned(), reply: None, files: Vec::new() };
        self.session.receive(&post.encode()).await;
    }

    fn receive_binary(&mut self, _: &[u8]) {
        self.session.receive_binary();
    }

    fn alive(&mut self) {
        self.session.alive();
    }

    async fn next(&mut self) -> Option<Said> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(Said::Message(Message::Text(line.into())));
            }
            let (Out::Frame(text) | Out::Bye(text, _)) = self.session.next().await?;
            let frame = serde_json::from_str(&text).expect("the session speaks the wire");
            if let Some(said) = self.put(frame) {
                return Some(said);
            }
        }
    }

    fn listens(&self) -> bool {
        self.session.listens()
    }

    fn reader(&self) -> Arc<Reader> {
        self.session.reader()
    }

    fn ping_at(&self) -> Instant {
        self.session.ping_at()
    }
}

/// A message as a line, its files by their names; nothing for what is not shown here. What has neither was removed since.
fn line(event: &Event, lang: Lang) -> Option<String> {
    let Kind::Post { text, files, .. } = &event.kind else { return None };
    let name = called(&event.user.name, lang);
    let files = files.iter().map(|file| format!("[{}]", file.name));
    let words: Vec<String> = std::iter::once(text.clone()).filter(|text| !text.is_empty()).chain(files).collect();
    let text = words.join(" ");
    (!text.is_empty()).then(|| match lang {
        Lang::En => format!("{name} says: {text}"),
        Lang::Zh => format!("{name} 说: {text}"),
    })
}

/// A client without a name is called by its number, in the reader's language.
fn called(name: &str, lang: Lang) -> String {
    match (lang, name.strip_prefix("client ").and_then(|number| number.parse::<i64>().ok())) {
        (Lang::Zh, Some(number)) => format!("客户端 {number}"),
        (Lang::Zh, None) | (Lang::En, _) => name.to_owned(),
    }
}

/// A farewell with its sentence alone.
fn in_words(out: Out) -> Out {
    let (Out::Frame(text) | Out::Bye(text, _)) = &out;
    match serde_json::from_str(text) {
        Ok(Frame::Bye { code, message, .. }) => Out::Bye(message.into(), code),
        Ok(_) | Err(_) => out,
    }
}
