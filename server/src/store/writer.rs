//! The one writer: takes what waits, commits it together, then tells everybody.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::Error;
use super::contents::Contents;
use crate::metrics::Metrics;

/// Jobs in one commit. With an fsync of some milliseconds, fewer would cap the rate; many more would make the first of
/// them wait for the last.
const GROUP: usize = 512;
/// Jobs that may wait. At a slow disk's 1,000 a second it is four seconds; beyond that it is kinder to say "busy".
const WAITING: usize = 4_096;
/// How often the write-ahead log is looked at, and from what size it is carried over into the database.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);
const CHECKPOINT_BYTES: u64 = 4 * 1024 * 1024;
/// How long emptying the log may wait for readers: the writer waits as long.
const PATIENCE: Duration = Duration::from_millis(50);

/// Runs within the transaction, where one could be begun; answers how that went and what is to be done after the commit.
type Job = Box<dyn FnOnce(Option<&Connection>) -> (Result<(), rusqlite::Error>, Then) + Send>;
type Then = Box<dyn FnOnce(Result<(), Error>)>;

/// Who says when a group is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A thread, as soon as there is one.
    Thread,
    /// [`Writer::step`]: a simulation decides, and can let the server die in between.
    ByHand,
}

/// What becomes of a group that was committed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Everybody who waits for it is told.
    Told,
    /// The server died between the commit and the first answer.
    Untold,
}

#[derive(Debug)]
pub(super) struct Writer {
    file: PathBuf,
    /// The other end of `jobs`, with [`Pace::ByHand`].
    by_hand: Mutex<Option<Committer>>,
    /// Nothing once the store is closed.
    jobs: Mutex<Option<SyncSender<Job>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// The write-ahead log holds something that must leave the disk soon, whatever its size.
    purge: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        checkpointer: Connection,
        file: PathBuf,
        contents: Arc<Contents>,
        metrics: Arc<Metrics>,
        pace: Pace,
    ) -> Self {
        let (send, jobs) = sync_channel(WAITING);
        // What a server before this one left in its log may be just that.
        let purge = Arc::new(AtomicBool::new(true));
        let committer = Committer { connection, jobs, metrics, purge: Arc::clone(&purge) };
        let (by_hand, threads) = match pace {
            Pace::ByHand => (Some(committer), Vec::new()),
            Pace::Thread => {
                let (alive, ended) = sync_channel(0);
                let (wal, asked) = (file.with_extension("db-wal"), Arc::clone(&purge));
                let writer = std::thread::spawn(move || {
                    while let Ok(first) = committer.jobs.recv() {
                        committer.commit(first, Fate::Told);
                    }
                    drop(alive);
                });
                let checkpointer = std::thread::spawn(move || {
                    checkpoint(&checkpointer, &wal, &ended, &asked, &contents);
                });
                (None, vec![writer, checkpointer])
            }
        };
        let (jobs, threads) = (Mutex::new(Some(send)), Mutex::new(threads));
        Self { file, by_hand: Mutex::new(by_hand), jobs, threads, purge }
    }

    pub(super) fn step(&self, fate: Fate) -> usize {
        let committer = self.by_hand.lock().expect("nobody panics holding it");
        let Some(committer) = committer.as_ref() else { return 0 };
        committer.jobs.try_recv().map_or(0, |first| committer.commit(first, fate))
    }

    /// Has the write-ahead log emptied within a moment: it holds a text that was removed.
    pub(super) fn purge(&self) {
        self.purge.store(true, Ordering::Release);
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
        then: impl FnOnce(Result<T, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let job: Job = Box::new(move |connection| match connection.map(job) {
            Some(Ok(value)) => (Ok(()), Box::new(move |group| then(group.map(|()| value)))),
            Some(Err(error)) => (Err(error), Box::new(move |group| then(Err(group.err().unwrap_or(Error::Closed))))),
            None => (Ok(()), Box::new(move |group| then(Err(group.err().unwrap_or(Error::Closed))))),
        });
        let jobs = self.jobs.lock().expect("nobody panics holding it");
        let Some(jobs) = jobs.as_ref() else { return Err(Error::Closed) };
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Full,
            TrySendError::Disconnected(_) => Error::Closed,
        })
    }

    pub(super) fn close(&self) {
        drop(self.jobs.lock().expect("nobody panics holding it").take());
        for thread in self.threads.lock().expect("nobody panics holding it").drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store panicked");
            }
        }
    }
}

/// Commits groups of jobs over the one connection that writes.
#[derive(Debug)]
struct Committer {
    connection: Connection,
    jobs: Receiver<Job>,
    metrics: Arc<Metrics>,
    purge: Arc<AtomicBool>,
}

impl Committer {
    /// Commits what waits behind this job together with it, then tells everybody; answers how many that were.
    fn commit(&self, first: Job, fate: Fate) -> usize {
        let began = Instant::now();
        let mut thens = Vec::new();
        let group = group(&self.connection, first, &self.jobs, &mut thens).map_err(|error| {
            tracing::error!(%error, jobs = thens.len(), "a commit failed and was taken back");
            // An error that ended the transaction by itself leaves nothing to take back.
            if !self.connection.is_autocommit()
                && let Err(error) = self.connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a rollback failed");
            }
            // On a full disk the log's own size may be what is missing.
            self.purge.store(true, Ordering::Release);
            Arc::new(error)
        });
        let jobs = thens.len();
        self.metrics.commit(jobs, began.elapsed(), group.is_ok());
        for then in thens.into_iter().filter(|_| fate == Fate::Told) {
            then(group.clone().map_err(Error::Sqlite));
        }
        jobs
    }
}

/// One transaction. An error in any job takes the whole group back: jobs refuse before they write, so an error is the
/// disk's, and the neighbours would meet it too.
fn group(
    connection: &Connection,
    first: Job,
    jobs: &Receiver<Job>,
    thens: &mut Vec<Then>,
) -> Result<(), rusqlite::Error> {
    // Immediate, so that it waits here while the checkpointer empties the log, and not halfway through a job.
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        thens.push(first(None).1);
        return Err(error);
    }
    let mut next = Some(first);
    while let Some(job) = next {
        let (result, then) = job(Some(connection));
        thens.push(then);
        result?;
        next = if thens.len() < GROUP { jobs.try_recv().ok() } else { None };
    }
    connection.execute_batch("COMMIT")
}

/// Carries the write-ahead log over into the database, beside the writer, and deletes what is in files that have gone.
/// Ends with it.
fn checkpoint(connection: &Connection, wal: &Path, ended: &Receiver<()>, purge: &AtomicBool, contents: &Contents) {
    if let Err(error) = connection.busy_timeout(PATIENCE) {
        tracing::error!(%error, "the checkpointer cannot wait");
    }
    while ended.recv_timeout(CHECKPOINT_EVERY) == Err(RecvTimeoutError::Timeout) {
        contents.settle(connection);
        // No file, no log: nothing was written yet.
        let bytes = std::fs::metadata(wal).map_or(0, |file| file.len());
        let mode = if purge.swap(false, Ordering::AcqRel) {
            // Holds the writer up while it waits for readers, and leaves an empty file.
            "TRUNCATE"
        } else if bytes >= CHECKPOINT_BYTES {
            // Waits for nobody, and carries over what it can.
            "PASSIVE"
        } else {
            continue;
        };
        let busy = connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get::<_, bool>(0));
        if let Err(error) = &busy {
            tracing::warn!(%error, "a checkpoint failed; it will be tried again");
        }
        if mode == "TRUNCATE" && busy.unwrap_or(true) {
            purge.store(true, Ordering::Release);
        }
    }
    contents.settle(connection);
}
