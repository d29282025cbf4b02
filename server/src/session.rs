//! One person over one connection. The only place that asks "may they?"; it does not know what carries it.

mod goodbye;
mod seat;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::command::Malformed;
use stonechat_shared::frame::{Frame, Joined, Limits, Role, RoomHead, Server, User, Welcome};
use stonechat_shared::{Code, Command, CommandId, RoomName, Seq, limits};

pub use goodbye::Goodbye;
use seat::Seat;

use crate::app::{App, refuse};
use crate::metrics::Metrics;
use crate::random;
use crate::refusal::{Lang, Refusal};
use crate::room::{Reader, Room};
use crate::store::{Range, history, rooms};

/// Bad frames within a minute that end a connection: a program with a bug, or somebody trying things out.
const BAD_FRAMES: u32 = 20;
const BAD_FRAMES_WITHIN: Duration = Duration::from_secs(60);
/// Rooms that one connection may be in: more than anybody reads, few enough to look through at each waking.
const ROOMS: usize = 100;

/// What a transport is to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Out {
    Frame(Utf8Bytes),
    /// The last frame, and the code of the close that follows it.
    Bye(Utf8Bytes, u16),
}

#[derive(Debug)]
pub struct Session {
    app: Arc<App>,
    user: User,
    lang: Lang,
    address: IpAddr,
    reader: Arc<Reader>,
    seats: Vec<Seat>,
    /// Answers that came about while a command was read; handed out before the next one is read.
    ready: VecDeque<Utf8Bytes>,
    bye: Option<Goodbye>,
    bad_frames: u32,
    bad_since: Instant,
    heard: Instant,
    ping_at: Instant,
}

impl Session {
    /// Begins with `welcome` ready.
    ///
    /// # Errors
    /// What to say before closing at once.
    pub async fn open(
        app: Arc<App>,
        user: User,
        session: Option<[u8; 32]>,
        lang: Lang,
        address: IpAddr,
    ) -> Result<Self, Out> {
        let reader = Arc::new(Reader::new(session));
        if !app.connect(&user.id, &reader, address) {
            return Err(Goodbye::Full.out(lang));
        }
        let now = Instant::now();
        let mut session = Self {
            user,
            lang,
            address,
            reader,
            seats: Vec::new(),
            ready: VecDeque::new(),
            bye: None,
            bad_frames: 0,
            bad_since: now,
            heard: now,
            ping_at: now + app.config.ping(),
            app,
        };
        match session.app.room_list(&session.user).await {
            Ok(rooms) => session.say(&session.welcome(rooms)),
            Err(refusal) => session.bye = Some(Goodbye::NotReadable(refusal)),
        }
        Ok(session)
    }

    /// Takes in one text frame.
    pub async fn receive(&mut self, text: &str) {
        self.alive();
        Metrics::add(&self.app.metrics.frames_in, 1);
        match Command::decode(text) {
            Ok(command) => {
                let (id, room) = (command.id().cloned(), command.room().cloned());
                if let Err(refusal) = self.obey(command).await {
                    self.refuse(&refusal, id, room);
                }
            }
            // A newer client may well say what this server does not know yet: that is no bad frame.
            Err(Malformed { code: Code::UnknownCommand, id, .. }) => self.refuse(&Refusal::UnknownCommand, id, None),
            Err(Malformed { id, detail, .. }) => self.bad_frame(&Refusal::BadFrame(detail), id),
        }
    }

    /// A frame that is not text.
    pub fn receive_binary(&mut self) {
        self.alive();
        self.bad_frame(&Refusal::Binary, None);
    }

    /// The other side gave a sign of life.
    pub fn alive(&mut self) {
        self.heard = Instant::now();
    }

    /// What goes out next; `None` when there is nothing until [`Session::woken`] or [`Session::ping_at`].
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

    async fn pick(&mut self) -> Option<Out> {
        if let Some(frame) = self.ready.pop_front() {
            return Some(Out::Frame(frame));
        }
        if let Some(frame) = self.reader.take_answer() {
            return Some(Out::Frame(frame.encode().into()));
        }
        if let Some(goodbye) = &self.bye {
            return Some(goodbye.out(self.lang));
        }
        if self.reader.is_signed_out() {
            return Some(Goodbye::SignedOut.out(self.lang));
        }
        if self.app.is_closing() {
            if !self.reader.is_settled() {
                // What was taken in is answered first: who hears nothing of it may say it again as somebody else.
                return None;
            }
            // Each is asked to come back at another moment, so that they do not all come at once.
            let spread = (self.app.connections() as u64).clamp(1_000, 5_000);
            return Some(Goodbye::Restart { retry_ms: 500 + random::below(spread) }.out(self.lang));
        }
        for seat in &mut self.seats {
            match seat.next(&self.app).await {
                Ok(Some(frame)) => return Some(Out::Frame(frame)),
                Ok(None) => {}
                Err(refusal) => return Some(Goodbye::NotReadable(refusal).out(self.lang)),
            }
        }
        if let Some((room, seq)) = self.reader.take_read() {
            return Some(Out::Frame(Frame::Read { room, seq }.encode().into()));
        }
        self.ping()
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

    async fn obey(&mut self, command: Command) -> Result<(), Refusal> {
        if command.id().is_some_and(|id| !id.is_valid()) {
            return Err(Refusal::BadId);
        }
        match command {
            Command::Join { room, after, epoch } => self.join(room, after, epoch.as_deref()).await,
            Command::Leave { room } => {
                self.leave(&room);
                Ok(())
            }
            Command::Post { ref text, .. } | Command::Edit { ref text, .. } => {
                check_text(text)?;
                self.submit(command)
            }
            Command::React { ref emoji, .. } => {
                if emoji.trim().is_empty() || emoji.chars().count() > limits::EMOJI_CHARS {
                    return Err(Refusal::BadEmoji);
                }
                self.submit(command)
            }
            Command::Remove { .. } | Command::Pin { .. } => self.submit(command),
            Command::Typing { room } => {
                self.room(&room)?.typing(self.user.author());
                Ok(())
            }
            Command::Read { room, seq } => self.read(room, seq),
            Command::Pong => Ok(()),
        }
    }

    async fn join(&mut self, name: RoomName, after: Option<Seq>, epoch: Option<&str>) -> Result<(), Refusal> {
        let room = self.room_or_new(name).await?;
        let seated = self.seats.iter().any(|seat| seat.room.name == room.name);
        if !seated && self.seats.len() >= ROOMS {
            return Err(Refusal::TooManyRooms);
        }
        let mine = epoch.is_none_or(|epoch| epoch == self.app.store.epoch());
        let head = room.head();
        let mut joined = Joined {
            room: room.name.clone(),
            epoch: self.app.store.epoch().to_owned(),
            head,
            after: after.filter(|&after| mine && after <= head && head - after <= limits::REPLAY),
            messages: None,
            more: None,
        };
        let cursor = match joined.after {
            Some(after) => after,
            None => {
                let (name, reader, range) = (room.name.clone(), self.user.id.clone(), Range::Before(Seq::MAX));
                let page = move |db: &_| history::page(db, &name, range, limits::SNAPSHOT, &reader);
                let page = self.app.store.read(page).await.map_err(refuse)?;
                (joined.head, joined.messages, joined.more) = (page.head, Some(page.messages), Some(page.more));
                page.head
            }
        };
        self.say(&Frame::Joined(joined));
        if seated {
            self.seats.retain(|seat| seat.room.name != room.name);
        } else {
            room.enter(&self.reader, &self.user);
        }
        self.seats.push(Seat::new(room, cursor));
        Ok(())
    }

    fn leave(&mut self, name: &RoomName) {
        if let Some(index) = self.seats.iter().position(|seat| seat.room.name == *name) {
            let seat = self.seats.remove(index);
            seat.room.exit(&self.reader, &self.user.id);
        }
    }

    /// Hands a command that changes the room to the store. The answer comes through the reader, once it is durable.
    fn submit(&self, command: Command) -> Result<(), Refusal> {
        let (Some(id), Some(name)) = (command.id().cloned(), command.room().cloned()) else {
            return Err(Refusal::UnknownCommand);
        };
        let room = self.room(&name)?;
        let mut posts = self.app.posts.lock().expect("nobody panics holding it");
        posts.take(self.user.id.clone(), App::now()).map_err(|retry_ms| Refusal::RateLimited { retry_ms })?;
        drop(posts);
        if !self.reader.expect_answer() {
            return Err(Refusal::Busy { retry_ms: 500 });
        }
        let (user, lang) = (self.user.clone(), self.lang);
        let (reader, metrics) = (Arc::clone(&self.reader), Arc::clone(&self.app.metrics));
        let submitted = self.app.store.commit(name, user, command, App::now(), move |result| {
            let outcome = result.map_err(refuse).and_then(|judged| judged);
            let answer = match outcome {
                Ok(committed) => {
                    room.publish(&committed);
                    Frame::Ok { id, room: committed.room, seq: committed.seq, again: committed.again }
                }
                Err(refusal) => {
                    Metrics::add(&metrics.refusals, 1);
                    refusal.frame(lang, Some(id), Some(room.name.clone()))
                }
            };
            reader.answer(answer);
        });
        submitted.map_err(|error| {
            self.reader.expect_no_answer();
            refuse(error)
        })
    }

    fn read(&self, name: RoomName, seq: Seq) -> Result<(), Refusal> {
        let room = self.room(&name)?;
        // A guest is somebody else at the next connection: there is nobody to remember it for.
        if self.user.role == Role::Guest {
            return Ok(());
        }
        let (app, reader, user) = (Arc::clone(&self.app), Arc::clone(&self.reader), self.user.id.clone());
        let id = user.clone();
        self.app
            .store
            .submit(
                move |db| rooms::read(db, &id, &room.name, seq),
                move |result| match result {
                    Ok(seq) => app.others(&user, &reader).iter().for_each(|other| other.has_read(&name, seq)),
                    // Not worth a word to the person: the next `read` says the same and more.
                    Err(error) => drop(refuse(error)),
                },
            )
            .map_err(refuse)
    }

    fn room(&self, name: &RoomName) -> Result<Arc<Room>, Refusal> {
        self.app.rooms.find(name).ok_or(Refusal::NoSuchRoom)
    }

    async fn room_or_new(&self, name: RoomName) -> Result<Arc<Room>, Refusal> {
        if !name.is_valid() {
            return Err(Refusal::BadName);
        }
        if let Some(room) = self.app.rooms.find(&name) {
            return Ok(room);
        }
        if !self.app.config.open_rooms {
            return Err(Refusal::NoSuchRoom);
        }
        let title = name.to_string();
        let head = RoomHead { room: name.clone(), title, topic: String::new(), head: 0, read: 0 };
        match self.app.make_room(head).await? {
            Some(room) => Ok(room),
            // Somebody else made it in the meantime.
            None => self.room(&name),
        }
    }

    fn bad_frame(&mut self, refusal: &Refusal, id: Option<CommandId>) {
        if self.bad_since.elapsed() > BAD_FRAMES_WITHIN {
            (self.bad_frames, self.bad_since) = (0, Instant::now());
        }
        self.bad_frames += 1;
        self.refuse(refusal, id, None);
        if self.bad_frames >= BAD_FRAMES {
            self.bye = Some(Goodbye::Flood);
        }
    }

    fn refuse(&mut self, refusal: &Refusal, id: Option<CommandId>, room: Option<RoomName>) {
        Metrics::add(&self.app.metrics.refusals, 1);
        self.say(&refusal.frame(self.lang, id, room));
    }

    fn say(&mut self, frame: &Frame) {
        self.ready.push_back(frame.encode().into());
    }

    fn welcome(&self, rooms: Vec<RoomHead>) -> Frame {
        Frame::Welcome(Welcome {
            user: self.user.clone(),
            server: Server { name: "stonechat".into(), version: env!("CARGO_PKG_VERSION").into() },
            rooms,
            limits: Limits { text: limits::TEXT_CHARS, frame: limits::FRAME_BYTES },
            ping_ms: self.app.config.ping_ms,
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for seat in self.seats.drain(..) {
            seat.room.exit(&self.reader, &self.user.id);
        }
        self.app.disconnect(&self.user.id, &self.reader, self.address);
    }
}

fn check_text(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > limits::TEXT_CHARS {
        return Err(Refusal::TooLong { limit: limits::TEXT_CHARS });
    }
    Ok(())
}
