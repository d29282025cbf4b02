//! Tells people how far rooms have come that they have not joined: one small frame a second, the same for all.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::ws::Utf8Bytes;
use stonechat_shared::frame::Frame;
use stonechat_shared::{RoomName, Seq};

use super::Reader;

/// Rooms that one frame tells of; those beyond wait for the next.
const ROOMS: usize = 100;

#[derive(Debug, Default)]
pub struct Crier {
    news: Mutex<News>,
    listeners: Mutex<HashMap<u64, Arc<Reader>>>,
}

#[derive(Debug, Default)]
struct News {
    /// Rooms that moved since the last frame.
    moved: BTreeMap<RoomName, Seq>,
    /// Grows with every frame.
    version: u64,
    rooms: Vec<RoomName>,
    frame: Utf8Bytes,
}

impl Crier {
    /// A room that everybody may read has come this far, or is new.
    pub fn moved(&self, room: &RoomName, head: Seq) {
        let mut news = lock(&self.news);
        let known = news.moved.entry(room.clone()).or_default();
        *known = head.max(*known);
    }

    /// Makes a frame of what moved since the last one, and wakes whoever listens.
    pub(super) fn cry(&self) {
        let mut news = lock(&self.news);
        let mut heads = std::mem::take(&mut news.moved);
        if heads.is_empty() {
            return;
        }
        if let Some(next) = heads.keys().nth(ROOMS).cloned() {
            news.moved = heads.split_off(&next);
        }
        news.version += 1;
        news.rooms = heads.keys().cloned().collect();
        news.frame = Frame::Heads { heads: heads.into_iter().collect() }.encode().into();
        drop(news);
        lock(&self.listeners).values().for_each(|reader| reader.wake());
    }

    /// From now on this connection is woken; answers the version from which on it hears.
    pub fn listen(&self, reader: &Arc<Reader>) -> u64 {
        lock(&self.listeners).insert(reader.key, Arc::clone(reader));
        lock(&self.news).version
    }

    pub fn leave(&self, reader: &Reader) {
        lock(&self.listeners).remove(&reader.key);
    }

    /// The newest frame for who has heard version `heard`, the version that it brings them to, and its rooms. Who missed
    /// one finds it in the next list.
    pub fn since(&self, heard: u64) -> Option<(Utf8Bytes, u64, Vec<RoomName>)> {
        let news = lock(&self.news);
        (news.version != heard).then(|| (news.frame.clone(), news.version, news.rooms.clone()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics holding it")
}
