//! One connection, as the rest of the server sees it: something to wake, and to answer.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use stonechat_shared::RoomName;
use stonechat_shared::frame::Frame;
use tokio::sync::Notify;

/// Commands of one connection that may wait for the disk at once: enough to fill a group's share. While all places are
/// taken its socket is not read.
const UNDER_WAY: usize = 64;

/// Why a connection is to end, though the server goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    SignedOut,
    /// The person has another name now: whoever comes back is known by it.
    Renewed,
}

/// What a person is to hear of a room beside what happens in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Somebody wrote to them: of no use to a connection that is in the room.
    Elsewhere,
    /// They have read on, or went back.
    Read,
    /// The line in their list is another one: it says all that the others say.
    Line,
}

#[derive(Debug)]
pub struct Reader {
    /// Tells readers apart.
    pub key: u64,
    /// Of the session that it was opened with, where there was one.
    session: Option<[u8; 32]>,
    ending: OnceLock<Ending>,
    notify: Notify,
    /// The answers to its own commands; never longer than [`UNDER_WAY`], for each has its place taken before it is sent.
    answers: Mutex<Answers>,
    /// Rooms of which the person has news. What it says is looked up when it is told, so that nothing grows here but by
    /// rooms.
    news: Mutex<BTreeMap<RoomName, News>>,
    /// The person's settings are others now.
    settings: AtomicBool,
}

#[derive(Debug, Default)]
struct Answers {
    ready: VecDeque<Frame>,
    /// Places that are taken: commands under way and answers that nobody has fetched yet.
    taken: usize,
}

impl Reader {
    /// `session` is the digest of the session that the connection was opened with, where there was one.
    pub fn new(session: Option<[u8; 32]>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            key: NEXT.fetch_add(1, Ordering::Relaxed),
            session,
            ending: OnceLock::new(),
            notify: Notify::new(),
            answers: Mutex::default(),
            news: Mutex::default(),
            settings: AtomicBool::new(false),
        }
    }

    pub fn wake(&self) {
        self.notify.notify_one();
    }

    /// Until something happened since the last time.
    pub async fn woken(&self) {
        self.notify.notified().await;
    }

    /// Whether another command can be taken in.
    pub fn has_place(&self) -> bool {
        self.answers.lock().expect("nobody panics holding it").taken < UNDER_WAY
    }

    /// Whether every command that was taken in was answered, and every answer fetched.
    pub fn is_settled(&self) -> bool {
        self.answers.lock().expect("nobody panics holding it").taken == 0
    }

    /// Takes a place for one answer; false where too many are under way.
    pub fn expect_answer(&self) -> bool {
        let mut answers = self.answers.lock().expect("nobody panics holding it");
        let free = answers.taken < UNDER_WAY;
        answers.taken += usize::from(free);
        free
    }

    /// Gives the place back: the command could not be handed on.
    pub fn expect_no_answer(&self) {
        self.answers.lock().expect("nobody panics holding it").taken -= 1;
    }

    pub fn answer(&self, frame: Frame) {
        self.answers.lock().expect("nobody panics holding it").ready.push_back(frame);
        self.wake();
    }

    pub fn take_answer(&self) -> Option<Frame> {
        let mut answers = self.answers.lock().expect("nobody panics holding it");
        let frame = answers.ready.pop_front()?;
        answers.taken -= 1;
        Some(frame)
    }

    /// The room's line in the person's list is another one.
    pub fn changed(&self, room: &RoomName) {
        self.hear(room, News::Line);
    }

    /// The same, for who does not hear it in the room itself.
    pub fn changed_elsewhere(&self, room: &RoomName) {
        self.hear(room, News::Elsewhere);
    }

    /// The person has read on, or went back, in this room.
    pub fn has_read(&self, room: &RoomName) {
        self.hear(room, News::Read);
    }

    fn hear(&self, room: &RoomName, news: News) {
        let mut all = self.news.lock().expect("nobody panics holding it");
        let known = all.entry(room.clone()).or_insert(news);
        if *known != news {
            *known = News::Line;
        }
        drop(all);
        self.wake();
    }

    pub fn settings_changed(&self) {
        self.settings.store(true, Ordering::Release);
        self.wake();
    }

    pub fn take_settings(&self) -> bool {
        self.settings.swap(false, Ordering::AcqRel)
    }

    pub fn take_news(&self) -> Option<(RoomName, News)> {
        self.news.lock().expect("nobody panics holding it").pop_first()
    }

    /// Ends the connection where it was opened with this session.
    pub fn sign_out(&self, session: &[u8; 32]) {
        if self.session.as_ref() == Some(session) {
            self.end(Ending::SignedOut);
        }
    }

    /// Ends the connection, once what was taken in is answered. The first reason counts.
    pub fn end(&self, ending: Ending) {
        self.ending.get_or_init(|| ending);
        self.wake();
    }

    pub fn ending(&self) -> Option<Ending> {
        self.ending.get().copied()
    }
}
