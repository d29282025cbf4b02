//! The server as a process on a machine: it starts, dies, and starts again from what its disk holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use stonechat_server::app::App;
use stonechat_server::clock::Clock;
use stonechat_server::config::Config;
use stonechat_server::store::{self, Fate, Pace};
use stonechat_shared::frame::RoomHead;
use stonechat_shared::ids::Millis;
use stonechat_shared::{RoomName, UserId};
use tempfile::TempDir;

use super::dice::Dice;
use super::scene::{START, Scene};

/// Milliseconds between two pings: short, so that silence is found out within a run.
pub(crate) const PING_MS: Millis = 5_000;
/// The rooms there are.
pub(crate) const ROOMS: [&str; 2] = ["lobby", "dev"];

#[derive(Debug)]
pub(crate) struct Host {
    disk: TempDir,
    /// Each life has a folder of its own: who died still holds the one before.
    life: u32,
    app: Option<Arc<App>>,
    /// How long the write-ahead log was when somebody was last answered: up to here it is on the disk for good.
    told: Arc<AtomicU64>,
    post_rate: f64,
}

impl Host {
    pub(crate) fn new(post_rate: f64) -> Self {
        // Memory that looks like a disk, where there is some: nobody pulls the plug on the machine that runs tests.
        let memory = Path::new("/dev/shm");
        let disk = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let disk = disk.expect("a temporary folder can be made");
        Self { disk, life: 0, app: None, told: Arc::default(), post_rate }
    }

    pub(crate) fn app(&self) -> Option<&Arc<App>> {
        self.app.as_ref()
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.disk.path().join(self.life.to_string())
    }

    fn database(&self) -> PathBuf {
        self.folder().join(store::FILE)
    }

    fn wal(&self) -> PathBuf {
        self.database().with_extension("db-wal")
    }

    /// Starts on what the disk holds. The machine's clock may have been set back meanwhile.
    pub(crate) async fn start(&mut self, scene: &mut Scene) {
        let config = Config {
            file_limit: 0,
            files_per_person: 0,
            edit_seconds: 0,
            addr: ([127, 0, 0, 1], 0).into(),
            data: self.folder(),
            post_rate: self.post_rate,
            search_rate: 0.0,
            connections_per_ip: 0,
            guests: true,
            open_rooms: true,
            allow_origin: Vec::new(),
            ping_ms: PING_MS,
            stall_ms: 2 * PING_MS,
        };
        let clock = Clock::Simulated { start: START - scene.dice.below(5_000), since: scene.since };
        let app = App::open(config, clock, Pace::ByHand).await.expect("the store can be opened");
        // The beat begins now, and not when the disk happens to be slow.
        scene.settle().await;
        for name in ROOMS.map(RoomName::from) {
            if app.rooms.find(&name).is_none() {
                let head = RoomHead { title: name.to_string(), room: name, ..RoomHead::default() };
                let step = async { app.store.step(Fate::Told) };
                let (made, _) = tokio::join!(app.make_room(head, None), step);
                made.expect("a room can be made");
            }
        }
        self.app = Some(app);
        // What an earlier life left here may have been answered.
        self.told.store(length(&self.wal()), Ordering::Relaxed);
        self.note(scene).await;
    }

    /// Commits what waits and tells everybody; answers how many commands that were.
    pub(crate) async fn commit(&self, scene: &mut Scene) -> usize {
        let Some(app) = &self.app else { return 0 };
        let (told, wal) = (Arc::clone(&self.told), self.wal());
        // It learns of the commit as everybody else does: what is on the disk by then is what they may rely on.
        let probe = app.store.submit(|_| Ok(()), move |_| told.store(length(&wal), Ordering::Relaxed));
        probe.expect("the store takes jobs");
        let jobs = app.store.step(Fate::Told) - 1;
        scene.settle().await;
        self.note(scene).await;
        jobs
    }

    /// Notes what was uploaded, before anything that is sent with it can arrive.
    pub(crate) fn upload(&self, scene: &mut Scene) {
        let Some(app) = &self.app else { return };
        for row in scene.uploads.drain(..) {
            let add = move |db: &_| store::files::add(db, &row, 0, START).map(drop);
            app.store.submit(add, drop).expect("the store takes jobs");
        }
    }

    /// Enters into the ledger what is new in the logs.
    async fn note(&self, scene: &mut Scene) {
        let Some(app) = &self.app else { return };
        for room in app.rooms.open_to(&UserId::default()) {
            let (name, known) = (room.name.clone(), scene.ledger.head(&room.name));
            assert!(room.head() >= known, "{name}: {known} was known, and the head is {}", room.head());
            if room.head() > known {
                let read = move |db: &_| store::history::events_after(db, &name, known, usize::MAX);
                let events = app.store.read(read).await.expect("the store can be read");
                let events = events.iter().map(|event| serde_json::from_str(event).expect("it is an event"));
                scene.ledger.note(&room.name, events.collect());
            }
        }
    }

    /// Carries the write-ahead log over into the database, as the checkpointer does where there is one.
    pub(crate) fn checkpoint(&self) {
        if let Some(app) = &self.app {
            assert!(app.store.empty_log().expect("the log can be emptied"), "nobody is in the way");
            self.told.store(0, Ordering::Relaxed);
        }
    }

    /// The store commits what waits now, and nobody learns of it any more.
    pub(crate) fn commit_untold(&self) {
        if let Some(app) = &self.app {
            app.store.step(Fate::Untold);
        }
    }

    /// Dies here and now. What comes next finds the disk as it is, perhaps with a torn last write.
    pub(crate) fn crash(&mut self, dice: &mut Dice) {
        let (old, database, wal) = (self.folder(), self.database(), self.wal());
        let Some(app) = self.app.take() else { return };
        self.life += 1;
        std::fs::create_dir(self.folder()).expect("a folder can be made");
        std::fs::copy(&database, self.database()).expect("the database can be copied");
        let mut log = std::fs::read(&wal).unwrap_or_default();
        tear(&mut log, usize::try_from(self.told.load(Ordering::Relaxed)).expect("it is a length"), dice);
        std::fs::write(self.wal(), log).expect("the log can be written");
        // Only so that it lets go of its files: what waited holds the store, and the store what waits.
        while app.store.step(Fate::Untold) > 0 {}
        std::fs::remove_dir_all(old).expect("the old folder can be removed");
    }

    /// Stops the way it is meant to: what waits is committed, and everything is closed.
    pub(crate) async fn stop(&mut self, scene: &mut Scene) {
        while self.commit(scene).await > 0 {}
        if let Some(app) = self.app.take() {
            app.store.close();
            assert_eq!(Arc::strong_count(&app), 1, "every connection is gone");
        }
    }

    /// From now on the logs have another name, as after a backup was restored. Only between two lives.
    pub(crate) fn rename_logs(&self, epoch: &str) {
        let db = rusqlite::Connection::open(self.database()).expect("the database can be opened");
        // As the server's own connections: only its checkpointer writes into the database's file.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).expect("it is a setting");
        db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", [epoch]).expect("there is an epoch");
    }
}

/// What a power cut does to the end of a file that was being written.
fn tear(log: &mut Vec<u8>, told: usize, dice: &mut Dice) {
    if dice.chance(500) {
        let whole = log.len();
        log.truncate(told + dice.up_to(whole - told));
        if dice.chance(300) {
            let garbage = (log.len()..whole).map(|_| u8::try_from(dice.below(256)).expect("it is a byte"));
            let garbage: Vec<u8> = garbage.collect();
            log.extend(garbage);
        }
    }
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}
