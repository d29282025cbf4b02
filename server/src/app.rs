//! What all connections share.

mod entry;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stonechat_shared::frame::{Role, RoomHead, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::{RoomName, UserId};
use tokio::sync::{Semaphore, watch};

use crate::auth::{self, Credential, SessionDigest, Tickets};
use crate::clock::Clock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::rate::{Rate, Who};
use crate::refusal::Refusal;
use crate::room::{Ending, Reader, Room, Rooms};
use crate::store::{self, CannotOpen, Pace, Store, people, reads, rooms};
use crate::uploads::Uploads;

/// How long the last connections have to hear `bye` and go.
const FAREWELL: Duration = Duration::from_secs(8);
/// When a write failed or too many wait: how long until it is worth another try.
const RETRY_MS: u64 = 2_000;

/// Searches at the same time: the dearest question there is leaves half of the store's readers to people who come in.
const SEARCHES: usize = 2;

#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub clock: Clock,
    pub store: Arc<Store>,
    pub rooms: Rooms,
    pub tickets: Tickets,
    pub metrics: Arc<Metrics>,
    pub posts: Mutex<Rate<UserId>>,
    pub searches: Mutex<Rate<Who>>,
    pub free_searches: Arc<Semaphore>,
    pub uploads: Uploads,
    connected: Mutex<Connected>,
    /// Who went since that was last written down, and when.
    seen: Arc<Mutex<Vec<(UserId, Millis)>>>,
    /// How many connections are open.
    open: watch::Sender<usize>,
    closing: watch::Sender<bool>,
}

/// Who is connected, and from where.
#[derive(Debug, Default)]
struct Connected {
    people: HashMap<UserId, Vec<Arc<Reader>>>,
    addresses: HashMap<IpAddr, usize>,
}

impl App {
    /// Opens the store and takes up its rooms.
    ///
    /// # Errors
    /// [`CannotOpen`]: a sentence for whoever starts the server.
    pub async fn open(config: Config, clock: Clock, pace: Pace) -> Result<Arc<Self>, CannotOpen> {
        let metrics = Arc::new(Metrics::default());
        let store = Arc::new(Store::open(&config.data, Arc::clone(&metrics), pace, clock.now())?);
        let rows = store.read(rooms::all).await.map_err(|error| CannotOpen(error.to_string()))?;
        Ok(Arc::new(Self {
            clock,
            posts: Mutex::new(Rate::new(config.post_rate)),
            searches: Mutex::new(Rate::new(config.search_rate)),
            free_searches: Arc::new(Semaphore::new(SEARCHES)),
            uploads: Uploads::default(),
            rooms: Rooms::start(rows),
            store,
            tickets: Tickets::default(),
            metrics,
            connected: Mutex::default(),
            seen: Arc::default(),
            open: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            config,
        }))
    }

    /// Whose credential it is; nobody where there is none.
    pub async fn identify(&self, credential: &Credential) -> Result<Option<User>, Refusal> {
        let Some(session) = credential.digest() else { return Ok(None) };
        let found = self.by_session(session).await?;
        match (found, credential) {
            (None, Credential::Bearer(_)) => Err(Refusal::NotSignedIn),
            (found, Credential::Bearer(_) | Credential::Cookie(_) | Credential::None) => Ok(found),
        }
    }

    /// Whose session it is; nobody's where it has ended.
    pub async fn by_session(&self, session: SessionDigest) -> Result<Option<User>, Refusal> {
        self.store.read(move |db| people::by_session(db, &session)).await.map_err(refuse)
    }

    /// Gives a person a name, and a session: the token goes back to them.
    pub async fn sign_in(&self, known: Option<User>, name: String) -> Result<(User, String), Refusal> {
        let is_known = known.is_some();
        let user = match known {
            Some(user) => User { name, ..user },
            None => auth::member(name),
        };
        let token = auth::token();
        let (digest, now, kept) = (auth::digest(&token), self.clock.now(), user.clone());
        let named = self.store.write(move |db| match people::name(db, &kept)? {
            Ok(()) => people::start_session(db, &digest, &kept.id, now).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        });
        named.await.map_err(refuse)??;
        if is_known {
            let connected = self.connected.lock().expect("nobody panics holding it");
            connected.people.get(&user.id).into_iter().flatten().for_each(|reader| reader.end(Ending::Renewed));
        }
        Ok((user, token))
    }

    /// The room of this name, for somebody who asks something of it: the one place that says who may read a room. To who
    /// may not it is not there, whatever they ask for, so that nobody learns that it is.
    ///
    /// # Errors
    /// [`Refusal::NoSuchRoom`].
    pub fn room_for(&self, user: &User, name: &RoomName) -> Result<Arc<Room>, Refusal> {
        self.rooms.find(name).filter(|room| room.admits(&user.id)).ok_or(Refusal::NoSuchRoom)
    }

    /// The rooms that this person may read, in the order in which they were made: whatever looks into more than one
    /// room asks here.
    pub fn readable(&self, reader: &User) -> Vec<Arc<Room>> {
        self.rooms.open_to(&reader.id)
    }

    /// The rooms as this person sees them.
    pub async fn room_list(self: &Arc<Self>, user: &User) -> Result<Vec<RoomHead>, Refusal> {
        self.lines(user, self.readable(user)).await
    }

    /// A room as this person sees it.
    pub async fn line(self: &Arc<Self>, user: &User, room: &Arc<Room>) -> Result<RoomHead, Refusal> {
        let lines = self.lines(user, vec![Arc::clone(room)]).await?;
        lines.into_iter().next().ok_or(Refusal::NoSuchRoom)
    }

    async fn lines(self: &Arc<Self>, user: &User, of: Vec<Arc<Room>>) -> Result<Vec<RoomHead>, Refusal> {
        let mut lines: Vec<RoomHead> = of.iter().map(|room| room.line()).collect();
        // A guest is new with every connection and has read nothing: ten thousand of them come back without a query.
        if user.role == Role::Guest {
            return Ok(lines);
        }
        let id = user.id.clone();
        let lines = self.store.read(move |db| reads::personal(db, &id, &mut lines).map(|()| lines));
        lines.await.map_err(refuse)
    }

    /// Counts one thing that a person makes; those who make many have to wait.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`].
    pub fn take_turn(&self, user: &User) -> Result<(), Refusal> {
        let turn = self.posts.lock().expect("nobody panics holding it").take(user.id.clone(), self.clock.now());
        turn.map_err(|retry_ms| Refusal::RateLimited { retry_ms })
    }

    /// Notes a connection; false where its address has too many.
    pub fn connect(&self, user: &UserId, reader: &Arc<Reader>, address: IpAddr) -> bool {
        let mut connected = self.connected.lock().expect("nobody panics holding it");
        let count = connected.addresses.entry(address).or_default();
        let limit = self.config.connections_per_ip;
        if limit > 0 && *count >= limit {
            return false;
        }
        *count += 1;
        connected.people.entry(user.clone()).or_default().push(Arc::clone(reader));
        self.open.send_modify(|open| *open += 1);
        Metrics::add(&self.metrics.connections_total, 1);
        true
    }

    /// Notes that it has ended, and when somebody was last here; a question `lasts` no time, and is not worth a write.
    pub fn disconnect(&self, user: &User, reader: &Arc<Reader>, address: IpAddr, lasts: bool) {
        if self.drop_reader(&user.id, reader, address) && lasts && user.role != Role::Guest {
            self.saw(user.id.clone());
        }
    }

    /// Ten thousand who go at once are one write.
    fn saw(&self, user: UserId) {
        let mut seen = self.seen.lock().expect("nobody panics holding it");
        seen.push((user, self.clock.now()));
        if seen.len() > 1 {
            return;
        }
        let all = Arc::clone(&self.seen);
        let job = move |db: &_| people::seen(db, &std::mem::take(&mut *all.lock().expect("nobody panics holding it")));
        let then = |noted: Result<(), store::Error>| drop(noted.map_err(refuse));
        if self.store.submit(job, then).is_err() {
            seen.clear();
        }
    }

    /// Answers whether that was the person's last connection.
    fn drop_reader(&self, user: &UserId, reader: &Arc<Reader>, address: IpAddr) -> bool {
        let mut connected = self.connected.lock().expect("nobody panics holding it");
        if let Some(count) = connected.addresses.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                connected.addresses.remove(&address);
            }
        }
        if let Some(readers) = connected.people.get_mut(user) {
            readers.retain(|other| other.key != reader.key);
            if readers.is_empty() {
                connected.people.remove(user);
            }
        }
        self.open.send_modify(|open| *open -= 1);
        !connected.people.contains_key(user)
    }

    /// Ends the connections of a session that has ended.
    pub fn sign_out(&self, user: &UserId, session: &SessionDigest) {
        let connected = self.connected.lock().expect("nobody panics holding it");
        connected.people.get(user).into_iter().flatten().for_each(|reader| reader.sign_out(session));
    }

    /// Has the connections of this person hear that they like something else now.
    pub fn settings_changed(&self, user: &UserId) {
        let connected = self.connected.lock().expect("nobody panics holding it");
        connected.people.get(user).into_iter().flatten().for_each(|reader| reader.settings_changed());
    }

    /// The other connections of the same person.
    pub fn others(&self, user: &UserId, reader: &Reader) -> Vec<Arc<Reader>> {
        let connected = self.connected.lock().expect("nobody panics holding it");
        let readers = connected.people.get(user).into_iter().flatten();
        readers.filter(|other| other.key != reader.key).cloned().collect()
    }

    pub fn connections(&self) -> usize {
        *self.open.borrow()
    }

    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// From now on every connection is told to come back later.
    pub fn close(&self) {
        self.closing.send_replace(true);
        let connected = self.connected.lock().expect("nobody panics holding it");
        connected.people.values().flatten().for_each(|reader| reader.wake());
    }

    /// Resolves when the server has been closing for as long as anybody is waited for.
    pub async fn farewell(&self) {
        // The sender is our own: it is there as long as we are.
        drop(self.closing.subscribe().wait_for(|closing| *closing).await);
        tokio::time::sleep(FAREWELL).await;
    }

    /// Until the last connection has gone.
    pub async fn empty(&self) {
        drop(self.open.subscribe().wait_for(|open| *open == 0).await);
    }
}

/// What people are told where the store failed; operators find the error in the log.
pub fn refuse(error: store::Error) -> Refusal {
    match error {
        store::Error::Full => Refusal::Busy { retry_ms: RETRY_MS },
        store::Error::Closed => Refusal::NotStored { retry_ms: RETRY_MS },
        store::Error::Sqlite(error) => {
            tracing::error!(%error, "the store failed");
            Refusal::NotStored { retry_ms: RETRY_MS }
        }
    }
}
