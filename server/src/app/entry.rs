//! Who comes into which room: rooms are made, people are let in, and whoever it concerns is told.

use std::sync::Arc;

use rusqlite::Connection;
use stonechat_shared::frame::{RoomHead, RoomKind, User};
use stonechat_shared::page::{Invite, NewInvite};
use stonechat_shared::{Kind, RoomName, UserId};
use tokio::sync::oneshot;

use super::{App, refuse};
use crate::random;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::store::{self, Committed, RoomRow, invites, private, rooms};

/// What the names of rooms that are not open begin with, and how many letters and digits follow: 120 bits, not to be
/// guessed. Nobody makes a room of such a name by asking for it, so that asking does not tell whether it is there.
const HIDDEN: &str = "x-";
const HIDDEN_CHARS: usize = 24;
/// People in a private room who are all told at once that somebody wrote: as many as know each other.
const A_FEW: usize = 50;
/// The same for invitations.
const INVITE: &str = "i_";

impl App {
    /// Whether joining makes a room of this name.
    pub fn may_make(&self, name: &RoomName) -> bool {
        self.config.open_rooms && !is_hidden(name) && self.rooms.find(name).is_none()
    }

    /// Makes a room. `None` where there is one of that name. One that is private gets a name of its own, and has whoever
    /// made it in it.
    pub async fn make_room(
        self: &Arc<Self>,
        mut head: RoomHead,
        maker: Option<&User>,
    ) -> Result<Option<Arc<Room>>, Refusal> {
        if !head.kind.is_open() {
            head.room = hidden();
        } else if is_hidden(&head.room) {
            return Ok(None);
        }
        let maker = maker.map(|user| user.id.clone());
        let people = if head.kind.is_open() { Vec::new() } else { maker.iter().cloned().collect() };
        let row =
            RoomRow { title: head.title, topic: head.topic, kind: head.kind, maker, people, ..RoomRow::new(head.room) };
        let (app, now) = (Arc::clone(self), self.clock.now());
        self.change(
            move |db| Ok(Ok((rooms::create(db, &row, now)?, row))),
            move |(new, row)| new.then(|| app.open_room(row)),
        )
        .await
    }

    /// The room of this person and these others, and whether it is new.
    pub async fn direct(self: &Arc<Self>, user: &User, mut people: Vec<UserId>) -> Result<(Arc<Room>, bool), Refusal> {
        people.push(user.id.clone());
        people.sort();
        people.dedup();
        if !(2..=stonechat_shared::limits::DIRECT).contains(&people.len()) {
            return Err(Refusal::BadPeople);
        }
        let (app, now, name) = (Arc::clone(self), self.clock.now(), hidden());
        self.change(
            move |db| private::direct(db, people, name, now),
            move |(row, new)| match app.rooms.find(&row.name) {
                Some(room) => (room, new),
                None => (app.open_room(row), new),
            },
        )
        .await
    }

    pub async fn make_invite(self: &Arc<Self>, room: &Room, user: &User, new: NewInvite) -> Result<Invite, Refusal> {
        let (room, author, now) = (only_private(room)?, user.author(), self.clock.now());
        let id = format!("{INVITE}{}", random::name(HIDDEN_CHARS));
        self.change(move |db| invites::make(db, &room, &author, id, &new, now), |invite| invite).await
    }

    /// Lets somebody into the room that this invitation leads to.
    pub async fn join_by(self: &Arc<Self>, invite: String, user: &User) -> Result<Arc<Room>, Refusal> {
        let (app, id, user, now) = (Arc::clone(self), user.id.clone(), user.id.clone(), self.clock.now());
        let joined = self.change(
            move |db| invites::join(db, &invite, &id, now),
            move |(name, new)| {
                let room = app.rooms.find(&name);
                if let Some(room) = room.as_ref().filter(|_| new) {
                    app.rooms.admit(room, &user);
                    app.tell(&room.name, [&user]);
                }
                room
            },
        );
        joined.await?.ok_or(Refusal::NoSuchInvite)
    }

    /// Leaves a private room for good: to come back takes an invitation.
    pub async fn leave(self: &Arc<Self>, room: Arc<Room>, user: &User) -> Result<(), Refusal> {
        let (app, id, user, name) = (Arc::clone(self), user.id.clone(), user.id.clone(), only_private(&room)?);
        self.change(
            move |db| private::leave(db, &name, &id).map(Ok),
            move |()| {
                app.rooms.dismiss(&room, &user);
                app.tell(&room.name, [&user]);
            },
        )
        .await
    }

    /// Opens a room that is new in the store, and tells those who may read it.
    fn open_room(&self, row: RoomRow) -> Arc<Room> {
        let people = row.people.clone();
        let room = self.rooms.open(row);
        self.tell(&room.name, &people);
        if room.kind.is_open() {
            self.rooms.crier().moved(&room.name, 0);
        }
        room
    }

    /// Has the connections of these people hear that this room's line in their list is another one.
    pub(super) fn tell<'a>(&self, room: &RoomName, people: impl IntoIterator<Item = &'a UserId>) {
        let connected = self.connected.lock().expect("nobody panics holding it");
        let readers = people.into_iter().filter_map(|user| connected.people.get(user)).flatten();
        readers.for_each(|reader| reader.changed(room));
    }

    /// Tells those whom it concerns what a commit did to a room's line in their list, where the room's own readers would
    /// not hear of it.
    pub fn heard(&self, room: &Room, committed: &Committed) {
        let Some((event, _)) = &committed.event else { return };
        let is_news = match event.kind {
            Kind::Room { .. } => true,
            // Among a few, each of them is meant. In a larger room those who are called are.
            Kind::Post { .. } => !room.kind.is_open() && room.everybody().len() <= A_FEW,
            Kind::Edit { .. }
            | Kind::Remove { .. }
            | Kind::React { .. }
            | Kind::Pin { .. }
            | Kind::Purge { .. }
            | Kind::Unknown => false,
        };
        let mut people = if is_news { room.everybody() } else { committed.called.clone() };
        people.retain(|user| room.admits(user));
        if people.is_empty() {
            // Nearly every message: the writer's thread has better things to do.
            return;
        }
        let connected = self.connected.lock().expect("nobody panics holding it");
        let readers = people.iter().filter_map(|user| connected.people.get(user)).flatten();
        readers.for_each(|reader| reader.changed_elsewhere(&room.name));
    }

    /// Runs a job of the store, and `known` on the writer's thread once it is durable: whoever comes next finds what it
    /// did, though whoever asked for it may have gone.
    pub(super) async fn change<T: Send + 'static, U: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<Result<T, Refusal>, rusqlite::Error> + Send + 'static,
        known: impl FnOnce(T) -> U + Send + 'static,
    ) -> Result<U, Refusal> {
        let (send, done) = oneshot::channel();
        let then = move |result: Result<Result<T, Refusal>, store::Error>| {
            drop(send.send(result.map(|judged| judged.map(known))));
        };
        self.store.submit(job, then).map_err(refuse)?;
        done.await.map_err(|_| refuse(store::Error::Closed))?.map_err(refuse)?
    }
}

/// The name of a room to which people are invited.
fn only_private(room: &Room) -> Result<RoomName, Refusal> {
    match room.kind {
        RoomKind::Private => Ok(room.name.clone()),
        RoomKind::Open | RoomKind::Direct => Err(Refusal::NotPrivate),
    }
}

fn hidden() -> RoomName {
    format!("{HIDDEN}{}", random::name(HIDDEN_CHARS)).into()
}

fn is_hidden(name: &RoomName) -> bool {
    let rest = name.as_str().strip_prefix(HIDDEN);
    rest.is_some_and(|rest| rest.len() == HIDDEN_CHARS && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_name_is_a_rooms_name_and_known_as_hidden() {
        let name = hidden();
        assert!(name.is_valid() && is_hidden(&name), "{name}");
        assert_ne!(name, hidden());
        for open in ["lobby", "x-ray", "x-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "y-aaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert!(!is_hidden(&open.into()), "{open}");
        }
    }
}
