//! One person over one connection. The only place that asks "may they?"; it does not know what carries it.

mod commands;
mod goodbye;
mod seat;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::command::Malformed;
use stonechat_shared::frame::{Frame, Limits, Role, RoomHead, Server, User, Welcome};
use stonechat_shared::{Code, Command, CommandId, RoomName, limits};
use tokio::time::Instant;

pub use goodbye::Goodbye;
use seat::Seat;

use crate::app::App;
use crate::caller::Caller;
use crate::metrics::Metrics;
use crate::random;
use crate::refusal::{Lang, Refusal};
use crate::room::{Ending, News, Reader};

/// Bad frames within a minute that end a connection: a program with a bug, or somebody trying things out.
const BAD_FRAMES: u32 = 20;
const BAD_FRAMES_WITHIN: Duration = Duration::from_secs(60);

/// What a transport is to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Out {
    Frame(Utf8Bytes),
    /// The last frame, and the code of the close that follows it.
    Bye(Utf8Bytes, u16),
}

/// How much a connection wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Everything, from `welcome` on, for as long as it lasts.
    Whole,
    /// The same as one answer: who was given it comes back with a question.
    First,
    /// What its cursors have not seen, and nothing that may be lost: for an answer that ends as soon as it says
    /// something.
    News,
}

impl Manner {
    /// Whether it lasts, so that the person is here exactly as long as it does.
    fn lasts(self) -> bool {
        match self {
            Self::Whole => true,
            Self::First | Self::News => false,
        }
    }

    fn is_whole(self) -> bool {
        match self {
            Self::Whole | Self::First => true,
            Self::News => false,
        }
    }
}

#[derive(Debug)]
pub struct Session {
    app: Arc<App>,
    user: User,
    lang: Lang,
    address: IpAddr,
    manner: Manner,
    reader: Arc<Reader>,
    seats: Vec<Seat>,
    /// How much of the crier's news it has heard; nothing where it does not listen.
    heads: Option<u64>,
    /// The client has told that nobody touches anything.
    away: bool,
    /// Answers that came about while a command was read; handed out before the next one is read.
    ready: VecDeque<Frame>,
    bye: Option<Goodbye>,
    bad_frames: u32,
    bad_since: Instant,
    heard: Instant,
    ping_at: Instant,
}

/// A command that was not carried out: why, and what to name in the answer.
type Refused = (Refusal, Option<CommandId>, Option<RoomName>);

impl Session {
    /// Begins, where the manner is to hear everything, with `welcome` ready.
    ///
    /// # Errors
    /// What to say before closing at once.
    pub async fn open(app: Arc<App>, user: User, caller: &Caller, manner: Manner) -> Result<Self, Out> {
        let reader = Arc::new(Reader::new(caller.session));
        if !app.connect(&user.id, &reader, caller.address) {
            return Err(Goodbye::Full.out(caller.lang));
        }
        let now = Instant::now();
        let mut session = Self {
            user,
            lang: caller.lang,
            address: caller.address,
            manner,
            reader,
            seats: Vec::new(),
            heads: None,
            away: false,
            ready: VecDeque::new(),
            bye: None,
            bad_frames: 0,
            bad_since: now,
            heard: now,
            ping_at: now + app.config.ping(),
            app,
        };
        // Guests are many, and have no rooms in which something could be new to them.
        if manner == Manner::Whole && session.user.role != Role::Guest {
            session.heads = Some(session.app.rooms.crier().listen(&session.reader));
        }
        if manner.is_whole() {
            match session.app.room_list(&session.user).await {
                Ok(rooms) => session.say(session.welcome(rooms)),
                Err(refusal) => session.bye = Some(Goodbye::NotReadable(refusal)),
            }
        }
        Ok(session)
    }

    /// Takes in one text frame.
    pub async fn receive(&mut self, text: &str) {
        if let Err((refusal, id, room)) = self.take_in(text).await {
            self.refuse(&refusal, id, room);
        }
    }

    /// Takes in one command and answers what came of it, once that is durable; nothing where the command is of a kind
    /// that is not answered.
    pub async fn ask(&mut self, text: &str) -> Option<Frame> {
        if let Err((refusal, id, room)) = self.take_in(text).await {
            return Some(refusal.frame(self.lang, id, room));
        }
        if let Some(answer) = self.ready.pop_front() {
            return Some(answer);
        }
        while !self.reader.is_settled() {
            if let Some(answer) = self.reader.take_answer() {
                return Some(answer);
            }
            self.reader.woken().await;
        }
        None
    }

    async fn take_in(&mut self, text: &str) -> Result<(), Refused> {
        self.alive();
        Metrics::add(&self.app.metrics.frames_in, 1);
        match Command::decode(text) {
            Ok(command) => {
                let (id, room) = (command.id().cloned(), command.room().cloned());
                self.obey(command).await.map_err(|refusal| (refusal, id, room))
            }
            // A newer client may well say what this server does not know yet: that is no bad frame.
            Err(Malformed { code: Code::UnknownCommand, id, .. }) => Err((Refusal::UnknownCommand, id, None)),
            Err(Malformed { id, detail, .. }) => {
                self.count_bad_frame();
                Err((Refusal::BadFrame(detail), id, None))
            }
        }
    }

    /// A frame that is not text.
    pub fn receive_binary(&mut self) {
        self.alive();
        self.count_bad_frame();
        self.refuse(&Refusal::Binary, None, None);
    }

    /// The other side gave a sign of life.
    pub fn alive(&mut self) {
        self.heard = Instant::now();
    }

    /// What goes out next; `None` when there is nothing until [`Session::reader`] is woken or [`Session::ping_at`].
    pub async fn next(&mut self) -> Option<Out> {
        let out = self.pick().await?;
        let (Out::Frame(text) | Out::Bye(text, _)) = &out;
        Metrics::add(&self.app.metrics.frames_out, 1);
        Metrics::add(&self.app.metrics.bytes_out, text.len() as u64);
        Some(out)
    }

    /// Whether to take in more: not while the server stops, nor while the disk is behind with what was said already.
    pub fn listens(&self) -> bool {
        !self.app.is_closing() && self.reader.has_place()
    }

    pub fn reader(&self) -> Arc<Reader> {
        Arc::clone(&self.reader)
    }

    /// When [`Session::next`] has something to say though nothing happened.
    pub fn ping_at(&self) -> Instant {
        self.ping_at
    }

    pub fn user(&self) -> &User {
        &self.user
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// How far this connection has been told of its rooms, as in `lobby:1041,dev:17`. A room whose snapshot is still to
    /// be said has no number yet.
    pub fn cursor(&self) -> String {
        let is_to_come = |name: &RoomName| {
            self.ready
                .iter()
                .any(|frame| matches!(frame, Frame::Joined(joined) if joined.room == *name && joined.after.is_none()))
        };
        let place = |seat: &Seat| match is_to_come(&seat.room.name) {
            true => seat.room.name.to_string(),
            false => format!("{}:{}", seat.room.name, seat.cursor),
        };
        self.seats.iter().map(place).collect::<Vec<_>>().join(",")
    }

    async fn pick(&mut self) -> Option<Out> {
        if let Some(frame) = self.ready.pop_front() {
            return Some(Out::Frame(frame.encode().into()));
        }
        if let Some(frame) = self.reader.take_answer() {
            return Some(Out::Frame(frame.encode().into()));
        }
        if let Some(goodbye) = &self.bye {
            return Some(goodbye.out(self.lang));
        }
        if self.app.is_closing() || self.reader.ending().is_some() {
            if !self.reader.is_settled() {
                // What was taken in is answered first: who hears nothing of it may say it again as somebody else.
                return None;
            }
            return Some(self.ending().out(self.lang));
        }
        // Whoever was let go hears nothing more of the room, whatever waits for them.
        self.seats.retain(|seat| seat.room.admits(&self.user.id));
        while self.manner.is_whole()
            && let Some((name, news)) = self.reader.take_news()
        {
            // Where it is joined, the events say it.
            let is_here = self.seats.iter().any(|seat| seat.room.name == name);
            if !(is_here && news == News::Elsewhere) {
                return Some(self.news(name, news).await);
            }
        }
        for seat in &mut self.seats {
            match seat.next(&self.app).await {
                Ok(Some(frame)) => return Some(Out::Frame(frame)),
                Ok(None) => {}
                Err(refusal) => return Some(Goodbye::NotReadable(refusal).out(self.lang)),
            }
        }
        if !self.manner.is_whole() {
            return None;
        }
        if self.reader.take_settings() {
            return Some(Out::Frame(Frame::Settings.encode().into()));
        }
        self.heads().or_else(|| self.ping())
    }

    /// How far rooms have come that are not joined; the events of those that are say it already.
    fn heads(&mut self) -> Option<Out> {
        let (frame, version, rooms) = self.app.rooms.crier().since(self.heads?)?;
        self.heads = Some(version);
        let is_news = |name: &RoomName| !self.seats.iter().any(|seat| seat.room.name == *name);
        rooms.iter().any(is_news).then_some(Out::Frame(frame))
    }

    /// What this room is to this person now.
    async fn news(&self, name: RoomName, news: News) -> Out {
        let frame = match self.app.room_for(&self.user, &name) {
            Ok(room) => match self.app.line(&self.user, &room).await {
                Ok(RoomHead { room, read: seq, back, unread, mentions, .. }) if news == News::Read => {
                    Frame::Read { room, seq, back, unread, mentions }
                }
                Ok(line) => Frame::Room(line),
                Err(refusal) => return Goodbye::NotReadable(refusal).out(self.lang),
            },
            Err(_) => Frame::Gone { room: name },
        };
        Out::Frame(frame.encode().into())
    }

    fn ending(&self) -> Goodbye {
        match self.reader.ending() {
            Some(Ending::SignedOut) => Goodbye::SignedOut,
            Some(Ending::Renewed) => Goodbye::Renewed,
            None => {
                // Each is asked to come back at another moment, so that they do not all come at once: one a millisecond,
                // and faster than that where a crowd would otherwise not be back within the ten seconds of a promise.
                let spread = (self.app.connections() as u64).clamp(1_000, 4_000);
                Goodbye::Restart { retry_ms: 500 + random::below(spread) }
            }
        }
    }

    fn ping(&mut self) -> Option<Out> {
        let now = Instant::now();
        if now < self.ping_at {
            return None;
        }
        if now.duration_since(self.heard) > self.app.config.ping() * 2 {
            return Some(Goodbye::NoPong.out(self.lang));
        }
        self.ping_at = now + self.app.config.ping();
        let heads = self.seats.iter().map(|seat| (seat.room.name.clone(), seat.room.head())).collect();
        Some(Out::Frame(Frame::Ping { heads }.encode().into()))
    }

    fn count_bad_frame(&mut self) {
        if self.bad_since.elapsed() > BAD_FRAMES_WITHIN {
            (self.bad_frames, self.bad_since) = (0, Instant::now());
        }
        self.bad_frames += 1;
        if self.bad_frames >= BAD_FRAMES {
            self.bye = Some(Goodbye::Flood);
        }
    }

    fn refuse(&mut self, refusal: &Refusal, id: Option<CommandId>, room: Option<RoomName>) {
        Metrics::add(&self.app.metrics.refusals, 1);
        self.say(refusal.frame(self.lang, id, room));
    }

    fn say(&mut self, frame: Frame) {
        self.ready.push_back(frame);
    }

    fn welcome(&self, rooms: Vec<RoomHead>) -> Frame {
        Frame::Welcome(Welcome {
            user: self.user.clone(),
            server: Server { name: "stonechat".into(), version: env!("CARGO_PKG_VERSION").into() },
            rooms,
            limits: Limits {
                text: limits::TEXT_CHARS,
                frame: limits::FRAME_BYTES,
                file: self.app.config.file_limit,
                edit_ms: self.app.config.edit_seconds.saturating_mul(1_000),
            },
            ping_ms: self.app.config.ping_ms,
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.seats.clear();
        self.app.rooms.crier().leave(&self.reader);
        self.app.disconnect(&self.user, &self.reader, self.address, self.manner.lasts());
    }
}
