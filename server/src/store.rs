//! Everything that is kept: one SQLite file in the data folder, and beside it what is in the files that people sent.
//!
//! *Architecture invariants:* there is one writer, and it groups what waits into one commit and one fsync; nobody is
//! answered before that. Readers never block it, nor it them (write-ahead log). What a commit made known is made known
//! in commit order, on the writer's thread, by the callbacks that came with the jobs.

mod about;
mod backup;
mod checkpoint;
pub mod contents;
mod digest;
pub mod draft;
pub mod files;
mod gaps;
pub mod history;
pub(crate) mod invites;
mod log;
pub(crate) mod people;
pub(crate) mod private;
pub(crate) mod reads;
mod removal;
mod restore;
pub(crate) mod rooms;
mod saved;
mod schema;
pub(crate) mod search;
pub(crate) mod settings;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use stonechat_shared::frame::User;
use stonechat_shared::ids::Millis;
use stonechat_shared::{Command, CommandId, Kind, RoomName, UserId};
use tokio::sync::Semaphore;

pub use backup::backup;
pub use files::FileRow;
pub use history::Range;
pub use log::Committed;
pub use restore::restore;
pub use rooms::RoomRow;
pub use writer::{Fate, Pace};

use crate::metrics::Metrics;
use crate::refusal::Refusal;
use contents::{Contents, Held};
use writer::Writer;

/// The database's name in the data folder.
pub const FILE: &str = "stonechat.db";
/// Connections that read at the same time. Reading is quick; more would only fight over two cores' caches.
const READERS: usize = 4;
/// How long a connection waits where another program has locked the database: longer than a person looks at it by hand.
const BUSY: Duration = Duration::from_secs(5);

/// What operators need to know. People are told [`Refusal::NotStored`](crate::refusal::Refusal::NotStored) or `Busy`.
#[derive(Debug)]
pub enum Error {
    /// The disk or the database; the whole group was taken back.
    Sqlite(Arc<rusqlite::Error>),
    /// More jobs wait than the writer can hold.
    Full,
    /// The server is stopping.
    Closed,
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(error) => write!(f, "{error}"),
            Self::Full => f.write_str("too many writes are waiting"),
            Self::Closed => f.write_str("the store is closed"),
        }
    }
}

/// Why the store could not be opened: a sentence for whoever starts the server.
#[derive(Debug, PartialEq, Eq)]
pub struct CannotOpen(pub String);

#[derive(Debug)]
pub struct Store {
    writer: Writer,
    pub contents: Arc<Contents>,
    readers: Mutex<Vec<Connection>>,
    free_readers: Semaphore,
    epoch: String,
    /// Held as long as this server uses the folder.
    _lock: File,
}

impl Store {
    /// Opens the store in this folder, and makes both where they are not there.
    ///
    /// # Errors
    /// [`CannotOpen`] where the folder cannot be written, is in use by another server, or holds a database of a newer
    /// version.
    pub fn open(folder: &Path, metrics: Arc<Metrics>, pace: Pace, now: Millis) -> Result<Self, CannotOpen> {
        let lock = lock(folder)?;
        let file = folder.join(FILE);
        let cannot = |error: &dyn std::fmt::Display| {
            CannotOpen(format!("The database {} cannot be opened: {error}.", file.display()))
        };
        let mut connection = connect(&file).map_err(|error| cannot(&error))?;
        schema::migrate(&mut connection, &file)?;
        let epoch = schema::epoch(&connection).map_err(|error| cannot(&error))?;
        let contents = Arc::new(Contents::of(folder));
        files::forget_unsent(&connection, None, now).map_err(|error| cannot(&error))?;
        // It is nothing that anybody was promised: a server that cannot do it now serves all the same.
        if let Err(error) = contents.sweep(&connection) {
            tracing::warn!(error, "what is in files that have gone cannot be found");
        }
        let writer = Writer::start(file.clone(), connection, Arc::clone(&contents), metrics, pace);
        Ok(Self {
            writer: writer.map_err(|error| cannot(&error))?,
            contents,
            readers: Mutex::default(),
            free_readers: Semaphore::new(READERS),
            epoch,
            _lock: lock,
        })
    }

    /// What the logs of this store are called. Another name means another history: a backup was restored.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Runs `job` within the next commit, and `then` on the writer's thread once it is durable or has failed.
    /// `then`s run in the order of their jobs.
    ///
    /// # Errors
    /// [`Error::Full`] or [`Error::Closed`], before anything ran; `then` is not called.
    pub fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
        then: impl FnOnce(Result<T, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        self.writer.submit(job, then)
    }

    /// Carries out one command that changes a room; what people wrote before `since` is theirs to change no more. `then`
    /// learns what came of it, as with [`Store::submit`].
    ///
    /// # Errors
    /// As [`Store::submit`].
    pub fn commit(
        self: &Arc<Self>,
        room: RoomName,
        user: User,
        command: Command,
        now: Millis,
        since: Millis,
        then: impl FnOnce(Result<Result<Committed, Refusal>, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let store = Arc::clone(self);
        let names = reads::names(&command);
        self.submit(
            move |connection| log::commit(connection, &room, &user, &command, &names, now, since),
            move |result| {
                if let Ok(Ok(Committed { event: Some((event, _)), gone, .. })) = &result
                    && matches!(event.kind, Kind::Remove { .. } | Kind::Purge { .. })
                {
                    store.contents.doubt(gone.iter().copied());
                    store.writer.purge();
                }
                then(result);
            },
        )
    }

    /// What this command of this person did when it was carried out, where it was.
    ///
    /// # Errors
    /// [`Error`] where the database could not be read.
    pub async fn first_outcome(self: &Arc<Self>, user: UserId, id: CommandId) -> Result<Option<Committed>, Error> {
        self.read(move |connection| log::first_outcome(connection, &user, &id)).await
    }

    /// Notes a file whose content is held, within the next commit, where the person's quota of bytes has place for it.
    ///
    /// # Errors
    /// [`Error`]: nothing was written.
    pub async fn add_file(
        &self,
        row: FileRow,
        held: Held,
        quota: u64,
        now: Millis,
    ) -> Result<Result<(), Refusal>, Error> {
        let (contents, (send, added)) = (Arc::clone(&self.contents), tokio::sync::oneshot::channel());
        let add = move |connection: &Connection| files::add(connection, &row, quota, now);
        self.submit(add, move |result| {
            let added = result.map(|added| added.map(|gone| contents.doubt(gone)));
            // Not before, though whoever asked may have gone: a row that comes finds what it names.
            drop(held);
            drop(send.send(added));
        })?;
        added.await.map_err(|_| Error::Closed)?
    }

    /// Forgets files that were uploaded long ago and never sent.
    ///
    /// # Errors
    /// [`Error`]: all of them are still there.
    pub async fn forget_unsent(&self, now: Millis) -> Result<(), Error> {
        let gone = self.write(move |connection| files::forget_unsent(connection, None, now)).await?;
        self.contents.doubt(gone);
        Ok(())
    }

    /// With [`Pace::ByHand`]: commits what waits, as one group; answers how many jobs that were.
    pub fn step(&self, fate: Fate) -> usize {
        self.writer.step(fate)
    }

    /// Runs `job` within the next commit and waits until it is durable.
    ///
    /// # Errors
    /// [`Error`]: nothing was written.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (send, receive) = tokio::sync::oneshot::channel();
        // Nobody listening is no failure: whoever asked has gone, and what they wrote stands.
        self.submit(job, |result| drop(send.send(result)))?;
        receive.await.map_err(|_| Error::Closed)?
    }

    /// Runs `query` on a connection that only reads, off the async threads.
    ///
    /// # Errors
    /// [`Error`] where the database could not be read.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(self);
        let _permit = self.free_readers.acquire().await.map_err(|_| Error::Closed)?;
        let task = tokio::task::spawn_blocking(move || {
            // Opened when it is first needed, and again where a reader that was cancelled has one still.
            let connection = store.readers.lock().expect("no reader panics holding it").pop();
            let connection = match connection {
                Some(connection) => connection,
                None => connect(store.writer.file())?,
            };
            let result = query(&connection);
            let mut readers = store.readers.lock().expect("no reader panics holding it");
            if readers.len() < READERS {
                readers.push(connection);
            }
            Ok(result?)
        });
        task.await.map_err(|_| Error::Closed)?
    }

    /// Carries the write-ahead log over into the database, as the checkpointer does where there is one; answers whether
    /// nobody was in the way.
    ///
    /// # Errors
    /// The disk's, or the database's.
    pub fn empty_log(&self) -> Result<bool, Error> {
        self.writer.empty_log()
    }

    /// Commits what waits, empties the write-ahead log and stops the writer. Blocks until the last fsync.
    pub fn close(&self) {
        self.writer.close();
    }
}

fn lock(folder: &Path) -> Result<File, CannotOpen> {
    let cannot = |what: &str, error: std::io::Error| {
        CannotOpen(format!("The data folder {} {what}: {error}. Choose another with --data.", folder.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot("cannot be made", error))?;
    let path: PathBuf = folder.join("lock");
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| cannot("cannot be written", error))?;
    lock.try_lock().map_err(|_| {
        CannotOpen(format!(
            "The data folder {} is in use by another server. Stop that one, or choose another folder with --data.",
            folder.display()
        ))
    })?;
    Ok(lock)
}

fn connect(file: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open(file)?;
    // Nothing enters the database but what the checkpointer has looked at.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Write-ahead log, and an fsync at each commit: what was answered survives a power cut.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A checkpoint of its own accord would make one unlucky commit slow: the checkpointer does it beside the writer.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // A removed message's text leaves the disk: freed pages are overwritten with zeros.
    connection.pragma_update(None, "secure_delete", true)?;
    // There are no statistics to plan with. Without this each statement is planned anew whenever it gets other values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
