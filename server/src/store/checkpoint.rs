//! Carries the write-ahead log over into the database, and empties it where it holds what must leave the disk.
//!
//! *Architecture invariant:* nothing enters the database's file but through here, with nobody writing since its unused
//! space was overwritten.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;

use super::contents::Contents;
use super::{connect, gaps};

/// How often the log is looked at, and from what size it is carried over.
const EVERY: Duration = Duration::from_secs(1);
const BYTES: u64 = 4 * 1024 * 1024;
/// How long emptying the log may wait for readers: the writer waits as long.
const PATIENCE: Duration = Duration::from_millis(50);

/// The thread that does it, beside the writer.
pub(super) struct Checkpointer {
    /// The connection that writes: who has it is the only one who does.
    writing: Arc<Mutex<Connection>>,
    log: PathBuf,
    /// The log holds something that must leave the disk soon, whatever its size.
    purge: Arc<AtomicBool>,
    contents: Arc<Contents>,
    /// Carries the log over while the writer goes on.
    beside: Connection,
    /// Reads at the moment up to which the log may be carried over.
    mark: Connection,
    /// The database's version when all of the log had been carried over.
    settled: Option<i64>,
}

impl Checkpointer {
    pub(super) fn new(
        file: &Path,
        writing: Arc<Mutex<Connection>>,
        purge: Arc<AtomicBool>,
        contents: Arc<Contents>,
    ) -> Result<Self, rusqlite::Error> {
        let (beside, mark) = (connect(file)?, connect(file)?);
        Ok(Self { writing, log: log(file), purge, contents, beside, mark, settled: None })
    }

    /// Ends with the writer, which says so by `ended`.
    pub(super) fn run(mut self, ended: &Receiver<()>) {
        while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            self.contents.settle(&self.beside);
            // No file, no log: nothing was written yet.
            let bytes = std::fs::metadata(&self.log).map_or(0, |file| file.len());
            let done = if self.purge.swap(false, Ordering::AcqRel) {
                let connection = self.writing.lock().expect("the writer does not panic");
                let emptied = empty(&connection, &self.log);
                if !matches!(emptied, Ok(true)) {
                    self.purge.store(true, Ordering::Release);
                }
                emptied.map(drop)
            } else if bytes >= BYTES {
                self.look().and_then(|version| version.map_or(Ok(()), |version| self.carry_over(version)))
            } else {
                Ok(())
            };
            if let Err(error) = done {
                tracing::warn!(%error, "a checkpoint failed; it will be tried again");
            }
        }
        self.contents.settle(&self.beside);
    }

    /// Looks at what the log holds, and holds the writer up for so long. Answers which version of the database may be
    /// carried over, where that is not done yet.
    fn look(&self) -> Result<Option<i64>, rusqlite::Error> {
        let connection = self.writing.lock().expect("the writer does not panic");
        let version = || self.beside.pragma_query_value(None, "data_version", |row| row.get(0));
        if self.settled == Some(version()?) {
            return Ok(None);
        }
        gaps::clear(&connection, &self.log)?;
        // No checkpoint goes beyond what a reader sees, and no log is begun anew while it reads: what is written from now
        // on, and was not looked at, stays in the log.
        self.mark.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
        version().map(Some)
    }

    /// Carries over what was looked at, as far as readers let it, beside the writer.
    fn carry_over(&mut self, version: i64) -> Result<(), rusqlite::Error> {
        let done = self.beside.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok(row.get::<_, i64>("log")? == row.get::<_, i64>("checkpointed")?)
        });
        self.mark.execute_batch("COMMIT")?;
        self.settled = done?.then_some(version);
        Ok(())
    }
}

/// Carries over everything and leaves an empty log; answers whether it could: a reader may have been in the way. Nobody
/// but this connection may write meanwhile.
pub(super) fn empty(connection: &Connection, log: &Path) -> Result<bool, rusqlite::Error> {
    gaps::clear(connection, log)?;
    connection.busy_timeout(PATIENCE)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(super::BUSY)?;
    busy.map(|busy| !busy)
}

/// Where SQLite keeps the log of this database.
pub(super) fn log(file: &Path) -> PathBuf {
    file.with_extension("db-wal")
}

#[cfg(test)]
mod tests {
    use super::super::gaps::tests::unclean;
    use super::*;

    #[test]
    fn what_is_written_while_the_log_is_carried_over_waits_until_it_was_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("busy.db");
        let connection = connect(&file).unwrap();
        connection.execute_batch("CREATE TABLE t (room, seq, text, PRIMARY KEY (room, seq)) WITHOUT ROWID").unwrap();
        let contents = Arc::new(Contents::of(folder.path()));
        let writing = Arc::new(Mutex::new(connection));
        let purge = Arc::new(AtomicBool::new(false));
        let mut checkpointer = Checkpointer::new(&file, Arc::clone(&writing), purge, contents).unwrap();
        let mut seq = 0;
        let mut write = || {
            // Lengths that fit nowhere exactly, by turns everywhere: rows are moved from page to page.
            for _ in 0..200 {
                let text = format!("text{seq:05}").repeat(1 + seq * 7 % 40);
                let connection = writing.lock().unwrap();
                connection.execute("INSERT INTO t VALUES (?, ?, ?)", (seq % 7, seq, text)).unwrap();
                seq += 1;
            }
        };
        for _ in 0..10 {
            write();
            let version = checkpointer.look().unwrap().expect("there is something new");
            write();
            checkpointer.carry_over(version).unwrap();
            assert_eq!(unclean(&file), [0; 0]);
            assert_eq!(checkpointer.settled, None, "there is more");
        }
        let version = checkpointer.look().unwrap().expect("there is something new");
        checkpointer.carry_over(version).unwrap();
        assert_eq!(unclean(&file), [0; 0]);
        assert_eq!(checkpointer.look().unwrap(), None, "all of it is carried over");
        let rows = connect(&file).unwrap().query_row("SELECT count(*) FROM t", [], |row| row.get(0));
        assert_eq!(rows, Ok(4_000));
    }
}
