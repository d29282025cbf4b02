//! A room: the only way into its log, and what its readers read from.
//!
//! *Architecture invariants:* an event is encoded once, when it is committed; the ring and every reader share those
//! bytes. A reader is a cursor: a slow one costs the difference of two numbers, and no queue grows with it.

mod crier;
mod reader;
mod ring;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::frame::{Frame, RoomHead, RoomKind, User};
use stonechat_shared::{Author, Kind, RoomName, Seq, UserId};
use tokio::sync::mpsc;
use tokio::time::Instant;

pub use crier::Crier;
pub use reader::{Ending, News, Reader};
pub(crate) use ring::BATCH;
use ring::Ring;

use crate::presence::{Crowd, Typists};
use crate::store::{Committed, RoomRow};

/// How often at most a room tells who is here and who is typing.
pub const CALM: Duration = Duration::from_secs(1);
/// How long somebody who asks again and again may be between two questions before they have gone.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Room {
    pub name: RoomName,
    pub kind: RoomKind,
    /// Who may read it, unless it is open.
    people: RwLock<HashSet<UserId>>,
    about: RwLock<About>,
    /// The newest seq in the ring.
    head: AtomicU64,
    ring: RwLock<Ring>,
    crowd: Mutex<Told<Crowd>>,
    typists: Mutex<Told<Typists>>,
    readers: Mutex<HashMap<u64, Arc<Reader>>>,
    /// The herald has been asked to wake the readers and has not begun yet.
    news: AtomicBool,
    /// The room waits for the next beat of [`Rooms::beat`].
    restless: AtomicBool,
    /// A reader waits for the next beat, because it was told a moment ago.
    reminded: AtomicBool,
    signals: Signals,
}

#[derive(Clone, Debug)]
struct About {
    title: String,
    topic: String,
}

/// Something of which only the latest value is told, as one encoded frame.
#[derive(Debug)]
struct Told<T> {
    now: T,
    /// Grows with every frame, so that a reader sees whether it missed one.
    version: u64,
    frame: Utf8Bytes,
    at: Option<Instant>,
}

impl<T: Default> Default for Told<T> {
    fn default() -> Self {
        Self { now: T::default(), version: 0, frame: Utf8Bytes::default(), at: None }
    }
}

impl<T> Told<T> {
    fn tell(&mut self, frame: &Frame) {
        self.version += 1;
        self.frame = frame.encode().into();
        self.at = Some(Instant::now());
    }
}

/// Where a room says that there is something to do for it.
#[derive(Clone, Debug)]
struct Signals {
    herald: mpsc::UnboundedSender<Arc<Room>>,
    beat: mpsc::UnboundedSender<Arc<Room>>,
    crier: Arc<Crier>,
}

impl Room {
    fn new(row: RoomRow, signals: Signals) -> Self {
        Self {
            name: row.name,
            kind: row.kind,
            people: RwLock::new(row.people.into_iter().collect()),
            about: RwLock::new(About { title: row.title, topic: row.topic }),
            head: AtomicU64::new(row.head),
            ring: RwLock::new(Ring::new(row.head)),
            crowd: Mutex::default(),
            typists: Mutex::default(),
            readers: Mutex::default(),
            news: AtomicBool::new(false),
            restless: AtomicBool::new(false),
            reminded: AtomicBool::new(false),
            signals,
        }
    }

    /// Whether this person may read here, and write.
    pub fn admits(&self, user: &UserId) -> bool {
        self.kind.is_open() || self.people.read().expect("nobody panics holding it").contains(user)
    }

    /// Who may read it, unless it is open.
    pub fn everybody(&self) -> Vec<UserId> {
        self.people.read().expect("nobody panics holding it").iter().cloned().collect()
    }

    pub fn head(&self) -> Seq {
        self.head.load(Ordering::Acquire)
    }

    /// Its line in a room list, without what is each reader's own.
    pub fn line(&self) -> RoomHead {
        let About { title, topic } = self.about.read().expect("nobody panics holding it").clone();
        RoomHead { room: self.name.clone(), title, topic, kind: self.kind, head: self.head(), ..RoomHead::default() }
    }

    /// Takes in what was just committed. Called on the writer's thread, in the order of the commits.
    pub fn publish(self: &Arc<Self>, committed: &Committed) {
        let Some((event, encoded)) = &committed.event else { return };
        self.ring.write().expect("nobody panics holding it").push(&self.name, event, encoded);
        if let Kind::Room { title, topic } = &event.kind {
            let mut about = self.about.write().expect("nobody panics holding it");
            title.iter().for_each(|title| about.title.clone_from(title));
            topic.iter().for_each(|topic| about.topic.clone_from(topic));
        }
        self.head.store(event.seq, Ordering::Release);
        if self.kind.is_open() {
            self.signals.crier.moved(&self.name, event.seq);
        }
        if lock(&self.typists).now.stop(&event.user.id) {
            self.rest_later();
        }
        self.wake_later();
    }

    /// The events after this cursor as one frame, and the cursor after it. `None`: the ring does not reach back that
    /// far, and the store has to be asked.
    pub fn after(&self, cursor: Seq) -> Option<(Utf8Bytes, Seq)> {
        self.ring.read().expect("nobody panics holding it").after(&self.name, cursor)
    }

    /// A reader comes, and with it a person who is here now, unless they do not count.
    pub fn enter(self: &Arc<Self>, reader: &Arc<Reader>, user: Option<&User>) {
        lock(&self.readers).insert(reader.key, Arc::clone(reader));
        if let Some(user) = user {
            lock(&self.crowd).now.arrive(user);
            self.rest_later();
        }
    }

    /// It goes; `away` where it had not seen its person for a while.
    pub fn exit(self: &Arc<Self>, reader: &Reader, user: Option<UserId>, away: bool) {
        lock(&self.readers).remove(&reader.key);
        let Some(user) = user else { return };
        lock(&self.crowd).now.depart(&user, away);
        lock(&self.typists).now.stop(&user);
        self.rest_later();
    }

    /// The same for a reader that comes back with its next question: the person stays for as long as that takes.
    pub fn exit_later(self: &Arc<Self>, reader: &Reader, user: Option<UserId>) {
        lock(&self.readers).remove(&reader.key);
        let Some(user) = user else { return };
        let room = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(BETWEEN_QUESTIONS).await;
            lock(&room.crowd).now.depart(&user, false);
            room.rest_later();
        });
    }

    /// A connection of theirs has not seen them for a while, or has again.
    pub fn away(self: &Arc<Self>, user: &UserId, on: bool) {
        lock(&self.crowd).now.away(user, on);
        self.rest_later();
    }

    /// Wakes the readers at the next beat, though nothing may have happened.
    pub fn remind(self: &Arc<Self>) {
        self.reminded.store(true, Ordering::Release);
        self.rest_later();
    }

    pub fn typing(self: &Arc<Self>, author: Author) {
        let mut typists = lock(&self.typists);
        if typists.now.typing(author, Instant::now()) && typists.at.is_none_or(|at| at.elapsed() >= CALM) {
            let frame = Frame::Typing { room: self.name.clone(), users: typists.now.names() };
            typists.tell(&frame);
            self.wake_later();
        }
        drop(typists);
        self.rest_later();
    }

    /// The presence frame for somebody who has seen version `seen`, and the version that it brings them to. Who missed
    /// one, or has none, gets everybody.
    pub fn presence_since(&self, seen: Option<u64>) -> Option<(Utf8Bytes, u64)> {
        let crowd = lock(&self.crowd);
        match seen {
            Some(seen) if seen == crowd.version => None,
            Some(seen) if seen + 1 == crowd.version => Some((crowd.frame.clone(), crowd.version)),
            Some(_) | None => Some((Frame::Presence(crowd.now.full(&self.name)).encode().into(), crowd.version)),
        }
    }

    /// The same for who is typing. Somebody new has no use for a frame that says that nobody is.
    pub fn typing_since(&self, seen: Option<u64>) -> Option<(Utf8Bytes, u64)> {
        let typists = lock(&self.typists);
        let news = seen.map_or(!typists.now.is_empty(), |seen| seen != typists.version);
        (news && typists.version > 0).then(|| (typists.frame.clone(), typists.version))
    }

    pub fn online(&self) -> usize {
        lock(&self.crowd).now.online()
    }

    /// Everybody who is here now.
    pub fn people(&self) -> Vec<User> {
        lock(&self.crowd).now.people().cloned().collect()
    }

    fn wake(&self) {
        for reader in lock(&self.readers).values() {
            reader.wake();
        }
    }

    /// Leaves waking the readers to the herald: ten thousand of them take a while, and the writer's thread has better
    /// things to do. Events that arrive meanwhile are one waking.
    fn wake_later(self: &Arc<Self>) {
        if !self.news.swap(true, Ordering::AcqRel) {
            // The herald is gone only when the server is going.
            drop(self.signals.herald.send(Arc::clone(self)));
        }
    }

    fn rest_later(self: &Arc<Self>) {
        if !self.restless.swap(true, Ordering::AcqRel) {
            drop(self.signals.beat.send(Arc::clone(self)));
        }
    }

    /// Tells who came and went since the last beat, and who is typing.
    fn beat(self: &Arc<Self>) {
        self.restless.store(false, Ordering::Release);
        let mut crowd = lock(&self.crowd);
        if let Some(report) = crowd.now.report(&self.name) {
            crowd.tell(&Frame::Presence(report));
            self.wake_later();
        }
        drop(crowd);
        if self.reminded.swap(false, Ordering::AcqRel) {
            self.wake_later();
        }
        let mut typists = lock(&self.typists);
        typists.now.expire(Instant::now());
        let frame = Frame::Typing { room: self.name.clone(), users: typists.now.names() };
        if typists.frame.as_str() != frame.encode() && (typists.version > 0 || !typists.now.is_empty()) {
            typists.tell(&frame);
            self.wake_later();
        }
        if !typists.now.is_empty() {
            self.rest_later();
        }
    }
}

/// All rooms of the server.
#[derive(Debug)]
pub struct Rooms {
    rooms: RwLock<HashMap<RoomName, Arc<Room>>>,
    /// Those that are open, in the order in which they were made.
    open: RwLock<Vec<Arc<Room>>>,
    /// The others, by the people who are in them.
    of: RwLock<HashMap<UserId, Vec<Arc<Room>>>>,
    signals: Signals,
}

impl Rooms {
    /// Starts the two tasks that all rooms share: the herald, who wakes readers, and the beat, once a [`CALM`].
    pub fn start(rows: Vec<RoomRow>) -> Self {
        let (herald, mut heralded) = mpsc::unbounded_channel::<Arc<Room>>();
        let (beat, mut beats) = mpsc::unbounded_channel::<Arc<Room>>();
        tokio::spawn(async move {
            while let Some(room) = heralded.recv().await {
                room.news.store(false, Ordering::Release);
                room.wake();
            }
        });
        let crier = Arc::new(Crier::default());
        let crying = Arc::clone(&crier);
        tokio::spawn(async move {
            let mut clock = tokio::time::interval(CALM);
            loop {
                clock.tick().await;
                // Those that are restless now; a room that is still restless afterwards is for the next beat.
                for _ in 0..beats.len() {
                    if let Ok(room) = beats.try_recv() {
                        room.beat();
                    }
                }
                crying.cry();
                if beats.is_closed() {
                    break;
                }
            }
        });
        let rooms = Self {
            rooms: RwLock::default(),
            open: RwLock::default(),
            of: RwLock::default(),
            signals: Signals { herald, beat, crier },
        };
        for row in rows {
            rooms.open(row);
        }
        rooms
    }

    /// Who tells of rooms that somebody has not joined.
    pub fn crier(&self) -> &Crier {
        &self.signals.crier
    }

    pub fn find(&self, name: &RoomName) -> Option<Arc<Room>> {
        self.rooms.read().expect("nobody panics holding it").get(name).cloned()
    }

    /// The rooms that this person may read: those that everybody may, then their own.
    pub fn open_to(&self, user: &UserId) -> Vec<Arc<Room>> {
        let mut rooms = self.open.read().expect("nobody panics holding it").clone();
        rooms.extend(self.of.read().expect("nobody panics holding it").get(user).into_iter().flatten().cloned());
        rooms
    }

    /// Lets somebody into a room that is not open.
    pub fn admit(&self, room: &Arc<Room>, user: &UserId) {
        room.people.write().expect("nobody panics holding it").insert(user.clone());
        let mut of = self.of.write().expect("nobody panics holding it");
        let theirs = of.entry(user.clone()).or_default();
        if !theirs.iter().any(|other| Arc::ptr_eq(other, room)) {
            theirs.push(Arc::clone(room));
        }
    }

    /// They may not read it any more.
    pub fn dismiss(&self, room: &Arc<Room>, user: &UserId) {
        room.people.write().expect("nobody panics holding it").remove(user);
        let mut of = self.of.write().expect("nobody panics holding it");
        if let Some(theirs) = of.get_mut(user) {
            theirs.retain(|other| !Arc::ptr_eq(other, room));
            if theirs.is_empty() {
                of.remove(user);
            }
        }
    }

    /// The room of this row, which is in the store.
    pub fn open(&self, row: RoomRow) -> Arc<Room> {
        let mut rooms = self.rooms.write().expect("nobody panics holding it");
        if let Some(room) = rooms.get(&row.name) {
            return Arc::clone(room);
        }
        let people = row.people.clone();
        let room = Arc::new(Room::new(row, self.signals.clone()));
        rooms.insert(room.name.clone(), Arc::clone(&room));
        if room.kind.is_open() {
            self.open.write().expect("nobody panics holding it").push(Arc::clone(&room));
        }
        people.iter().for_each(|user| self.admit(&room, user));
        room
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics holding it")
}
