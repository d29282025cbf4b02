//! The one writer: takes what waits, commits it together, then tells everybody.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;

use super::checkpoint::{self, Checkpointer};
use super::contents::Contents;
use super::gaps::Looked;
use super::{BUSY, Error};
use crate::metrics::Metrics;

/// Jobs in one commit. With an fsync of some milliseconds, fewer would cap the rate; many more would make the first of
/// them wait for the last.
const GROUP: usize = 512;
/// Jobs that may wait. At a slow disk's 1,000 a second it is four seconds; beyond that it is kinder to say "busy".
const WAITING: usize = 4_096;

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
    /// Whoever has it is the only one who writes.
    connection: Arc<Mutex<Connection>>,
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
        file: PathBuf,
        connection: Connection,
        contents: Arc<Contents>,
        metrics: Arc<Metrics>,
        pace: Pace,
    ) -> Result<Self, rusqlite::Error> {
        let (send, jobs) = sync_channel(WAITING);
        let connection = Arc::new(Mutex::new(connection));
        // What a server before this one left in its log may be just that.
        let purge = Arc::new(AtomicBool::new(true));
        let committer = Committer { connection: Arc::clone(&connection), jobs, metrics, purge: Arc::clone(&purge) };
        let (by_hand, threads) = match pace {
            Pace::ByHand => (Some(committer), Vec::new()),
            Pace::Thread => {
                let (alive, ended) = sync_channel(0);
                let checkpointer = Checkpointer::new(&file, Arc::clone(&connection), Arc::clone(&purge), contents)?;
                let writer = std::thread::spawn(move || {
                    while let Ok(first) = committer.jobs.recv() {
                        committer.commit(first, Fate::Told);
                    }
                    drop(alive);
                });
                (None, vec![writer, std::thread::spawn(move || checkpointer.run(&ended))])
            }
        };
        let (jobs, threads) = (Mutex::new(Some(send)), Mutex::new(threads));
        Ok(Self { file, connection, by_hand: Mutex::new(by_hand), jobs, threads, purge })
    }

    pub(super) fn step(&self, fate: Fate) -> usize {
        let committer = self.by_hand.lock().expect("nobody panics holding it");
        let Some(committer) = committer.as_ref() else { return 0 };
        committer.jobs.try_recv().map_or(0, |first| committer.commit(first, fate))
    }

    /// Carries everything over into the database; answers whether nobody was in the way.
    pub(super) fn empty_log(&self) -> Result<bool, Error> {
        // A writer that has died said so when it did.
        let connection = self.connection.lock().map_err(|_| Error::Closed)?;
        Ok(checkpoint::empty(&connection, &checkpoint::log(&self.file), &mut Looked::default(), BUSY)?)
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
        match self.empty_log() {
            Ok(true) => {}
            // Nothing is lost: it is carried over when the next server starts.
            Ok(false) => tracing::warn!("somebody still reads: the write-ahead log stays"),
            Err(error) => tracing::warn!(%error, "the write-ahead log stays"),
        }
    }
}

/// Commits groups of jobs over the one connection that writes.
#[derive(Debug)]
struct Committer {
    connection: Arc<Mutex<Connection>>,
    jobs: Receiver<Job>,
    metrics: Arc<Metrics>,
    purge: Arc<AtomicBool>,
}

impl Committer {
    /// Commits what waits behind this job together with it, then tells everybody; answers how many that were.
    fn commit(&self, first: Job, fate: Fate) -> usize {
        let began = Instant::now();
        let mut thens = Vec::new();
        let connection = self.connection.lock().expect("no checkpoint panics holding it");
        let group = group(&connection, first, &self.jobs, &mut thens).map_err(|error| {
            tracing::error!(%error, jobs = thens.len(), "a commit failed and was taken back");
            // An error that ended the transaction by itself leaves nothing to take back.
            if !connection.is_autocommit()
                && let Err(error) = connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a rollback failed");
            }
            // On a full disk the log's own size may be what is missing.
            self.purge.store(true, Ordering::Release);
            Arc::new(error)
        });
        drop(connection);
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
    // Immediate, so that it waits here where another program writes, and not halfway through a job.
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
