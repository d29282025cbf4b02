//! What a person may do, one command at a time.

use std::sync::Arc;

use stonechat_shared::frame::{Frame, Joined, Role, RoomHead};
use stonechat_shared::{Command, CommandId, RoomName, Seq, UserId, limits};

use super::Session;
use super::seat::Seat;
use crate::app::{App, refuse};
use crate::metrics::Metrics;
use crate::refusal::Refusal;
use crate::room::{Reader, Room};
use crate::store::{self, Range, history, reads};
use crate::text;

/// Rooms that one connection may be in: more than anybody reads, few enough to look through at each waking.
const ROOMS: usize = 100;

impl Session {
    pub(super) async fn obey(&mut self, command: Command) -> Result<(), Refusal> {
        if command.id().is_some_and(|id| !id.is_valid()) {
            return Err(Refusal::BadId);
        }
        match command {
            // It would be over with this answer.
            Command::Join { .. } if !self.manner.lasts() => {
                Err(Refusal::BadFrame("rooms are joined with GET /events?join=…".into()))
            }
            Command::Join { room, after, epoch } => self.join(room, after, epoch.as_deref()).await,
            Command::Leave { room } => {
                self.leave(&room);
                Ok(())
            }
            Command::Post { text: ref written, ref files, .. } => {
                if files.len() > limits::FILES {
                    return Err(Refusal::TooManyFiles);
                }
                // Files may say it all.
                if files.is_empty() || !written.is_empty() {
                    text::message(written)?;
                }
                self.submit(command).await
            }
            Command::Edit { text: ref written, .. } => {
                text::message(written)?;
                self.submit(command).await
            }
            Command::React { ref emoji, .. } => {
                if emoji.trim().is_empty() || emoji.chars().count() > limits::EMOJI_CHARS {
                    return Err(Refusal::BadEmoji);
                }
                self.submit(command).await
            }
            Command::Set { id, room, title, topic } => self.submit(set(id, room, title, topic)?).await,
            Command::Remove { .. } | Command::Pin { .. } | Command::Purge { .. } => self.submit(command).await,
            Command::Typing { room } => {
                self.room(&room)?.typing(self.user.author());
                Ok(())
            }
            Command::Read { room, seq, back } => self.read(room, seq, back),
            Command::Unread { room, seq } => self.unread(room, seq),
            Command::Away { on } => {
                // A question is over with its answer: whoever asks is there.
                self.away = on && self.manner.lasts();
                self.seats.iter_mut().for_each(|seat| seat.away(self.away));
                Ok(())
            }
            Command::Ping { id } => {
                self.say(Frame::Pong { id });
                Ok(())
            }
            Command::Pong => Ok(()),
        }
    }

    /// Takes a place in a room.
    ///
    /// # Errors
    /// A [`Refusal`] where there is no such room, or too many are taken.
    pub async fn join(&mut self, name: RoomName, after: Option<Seq>, epoch: Option<&str>) -> Result<(), Refusal> {
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
        if self.manner.is_whole() || joined.messages.is_some() {
            self.say(Frame::Joined(joined));
        }
        match self.seats.iter_mut().find(|seat| seat.room.name == room.name) {
            Some(seat) => seat.go_to(cursor),
            None => {
                let mut seat = Seat::take(room, cursor, &self.reader, &self.user, self.manner);
                seat.away(self.away);
                self.seats.push(seat);
            }
        }
        Ok(())
    }

    /// Takes places in several rooms; where one cannot be had, that is said.
    pub async fn join_all(&mut self, places: Vec<(RoomName, Option<Seq>)>, epoch: Option<&str>) {
        for (room, after) in places {
            if let Err(refusal) = self.join(room.clone(), after, epoch).await {
                self.refuse(&refusal, None, Some(room));
            }
        }
    }

    fn leave(&mut self, name: &RoomName) {
        self.seats.retain(|seat| seat.room.name != *name);
    }

    /// Hands a command that changes the room to the store. The answer comes through the reader, once it is durable.
    async fn submit(&mut self, command: Command) -> Result<(), Refusal> {
        let (Some(id), Some(name)) = (command.id().cloned(), command.room().cloned()) else {
            return Err(Refusal::UnknownCommand);
        };
        let room = self.room(&name)?;
        if !self.reader.expect_answer() {
            return Err(Refusal::Busy { retry_ms: 500 });
        }
        let now = self.app.clock.now();
        let turn = self.app.posts.lock().expect("nobody panics holding it").take(self.user.id.clone(), now);
        if let Err(retry_ms) = turn {
            let repeated = self.repeat(id).await;
            return match repeated {
                Ok(true) => Ok(()),
                Ok(false) | Err(_) => {
                    self.reader.expect_no_answer();
                    Err(repeated.err().unwrap_or(Refusal::RateLimited { retry_ms }))
                }
            };
        }
        let (user, lang, app) = (self.user.clone(), self.lang, Arc::clone(&self.app));
        let (reader, metrics) = (Arc::clone(&self.reader), Arc::clone(&self.app.metrics));
        let since = self.app.config.changeable_since(now);
        let submitted = self.app.store.commit(name, user, command, now, since, move |result| {
            let outcome = result.map_err(refuse).and_then(|judged| judged);
            let answer = match outcome {
                Ok(committed) => {
                    Metrics::add(&metrics.repeats, u64::from(committed.again));
                    room.publish(&committed);
                    app.heard(&room, &committed);
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

    /// Answers a command that was carried out before, and says whether it was. Who repeats one has lost a connection,
    /// not their patience: it writes nothing, and counts for nothing.
    async fn repeat(&self, id: CommandId) -> Result<bool, Refusal> {
        let first = self.app.store.first_outcome(self.user.id.clone(), id.clone()).await.map_err(refuse)?;
        let answer = first.map(|first| Frame::Ok { id, room: first.room, seq: first.seq, again: true });
        let repeated = answer.is_some();
        Metrics::add(&self.app.metrics.repeats, u64::from(repeated));
        answer.into_iter().for_each(|answer| self.reader.answer(answer));
        Ok(repeated)
    }

    fn read(&self, name: RoomName, seq: Seq, back: Option<u32>) -> Result<(), Refusal> {
        let room = self.room(&name)?;
        // A guest is somebody else at the next connection: there is nobody to remember it for.
        if self.user.role == Role::Guest {
            return Ok(());
        }
        let (app, reader, user, id) = self.for_reading();
        let told = move |result: Result<bool, store::Error>| match result {
            Ok(true) => {
                app.others(&user, &reader).iter().for_each(|other| other.has_read(&room.name));
                // Who read all of it knows what is left.
                if seq < room.head() {
                    reader.has_read(&room.name);
                }
            }
            // It went back meanwhile, and this connection has not heard.
            Ok(false) => reader.has_read(&room.name),
            // Not worth a word to the person: the next `read` says the same and more.
            Err(error) => drop(refuse(error)),
        };
        self.app.store.submit(move |db| reads::read(db, &id, &name, seq, back), told).map_err(refuse)
    }

    fn unread(&self, name: RoomName, seq: Seq) -> Result<(), Refusal> {
        let room = self.room(&name)?;
        if self.user.role == Role::Guest {
            return Err(Refusal::GuestsMayNot);
        }
        let (app, reader, user, id) = self.for_reading();
        let told = move |result: Result<(), store::Error>| match result {
            Ok(()) => {
                app.others(&user, &reader).iter().for_each(|other| other.has_read(&room.name));
                reader.has_read(&room.name);
            }
            Err(error) => drop(refuse(error)),
        };
        self.app.store.submit(move |db| reads::unread(db, &id, &name, seq), told).map_err(refuse)
    }

    fn for_reading(&self) -> (Arc<App>, Arc<Reader>, UserId, UserId) {
        (Arc::clone(&self.app), Arc::clone(&self.reader), self.user.id.clone(), self.user.id.clone())
    }

    fn room(&self, name: &RoomName) -> Result<Arc<Room>, Refusal> {
        self.app.room_for(&self.user, name)
    }

    async fn room_or_new(&self, name: RoomName) -> Result<Arc<Room>, Refusal> {
        if !name.is_valid() {
            return Err(Refusal::BadName);
        }
        let found = self.room(&name);
        if found.is_ok() || !self.app.may_make(&name) {
            return found;
        }
        let title = name.to_string();
        let head = RoomHead { room: name.clone(), title, ..RoomHead::default() };
        let maker = Some(&self.user).filter(|user| user.role != Role::Guest);
        match self.app.make_room(head, maker).await? {
            Some(room) => Ok(room),
            // Somebody else made it in the meantime.
            None => self.room(&name),
        }
    }
}

/// A change of a room's title and topic, each as one line. A room may be without a topic.
fn set(id: CommandId, room: RoomName, title: Option<String>, topic: Option<String>) -> Result<Command, Refusal> {
    if title.is_none() && topic.is_none() {
        return Err(Refusal::Empty);
    }
    let title = title.map(|title| text::line(&title, limits::TITLE_CHARS)).transpose()?;
    let topic = topic.map(|topic| match text::line(&topic, limits::TITLE_CHARS) {
        Err(Refusal::Empty) => Ok(String::new()),
        line => line,
    });
    Ok(Command::Set { id, room, title, topic: topic.transpose()? })
}
