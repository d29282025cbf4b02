//! Carries the write-ahead log over into the database, and empties it where it holds what must leave the disk.
//!
//! *Architecture invariant:* nothing enters the database's file but through here, and no log is emptied with a page whose
//! unused space was not looked at.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;

use super::contents::Contents;
use super::gaps::{self, Looked};
use super::{BUSY, connect};

/// How often the log is looked at, and from what size it is carried over.
const EVERY: Duration = Duration::from_secs(1);
const BYTES: u64 = 4 * 1024 * 1024;
/// How long emptying the log may wait for readers while the server runs: the writer waits as long.
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
    looked: Looked,
}

impl Checkpointer {
    pub(super) fn new(
        file: &Path,
        writing: Arc<Mutex<Connection>>,
        purge: Arc<AtomicBool>,
        contents: Arc<Contents>,
    ) -> Result<Self, rusqlite::Error> {
        let (beside, mark) = (connect(file)?, connect(file)?);
        Ok(Self { writing, log: log(file), purge, contents, beside, mark, looked: Looked::default() })
    }

    /// Ends with the writer, which says so by `ended`.
    pub(super) fn run(mut self, ended: &Receiver<()>) {
        while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            self.contents.settle(&self.beside);
            if let Err(error) = self.round() {
                tracing::warn!(%error, "a checkpoint failed; it will be tried again");
            }
        }
        self.contents.settle(&self.beside);
    }

    fn round(&mut self) -> Result<(), rusqlite::Error> {
        // No file, no log: nothing was written yet.
        let is_long = std::fs::metadata(&self.log).map_or(0, |file| file.len()) >= BYTES;
        let purges = self.purge.swap(false, Ordering::AcqRel);
        let emptied = if is_long || purges { self.carry_over(is_long) } else { Ok(true) };
        if purges && !matches!(emptied, Ok(true)) {
            self.purge.store(true, Ordering::Release);
        }
        emptied.map(drop)
    }

    /// Carries over all there is. Most of a long log goes beside the writer, so that it waits only for the rest.
    fn carry_over(&mut self, is_long: bool) -> Result<bool, rusqlite::Error> {
        if !self.mark.is_autocommit() {
            // Something went wrong the last time: as long as it reads, no log is emptied.
            self.mark.execute_batch("ROLLBACK")?;
        }
        if is_long {
            self.look()?;
            self.carry_over_beside()?;
        }
        let connection = self.writing.lock().map_err(|_| dead())?;
        empty(&connection, &self.log, &mut self.looked, PATIENCE)
    }

    /// Looks at what the log holds, and holds the writer up for so long.
    fn look(&mut self) -> Result<(), rusqlite::Error> {
        let connection = self.writing.lock().map_err(|_| dead())?;
        gaps::clear(&connection, &self.log, &mut self.looked)?;
        // No checkpoint goes beyond what a reader sees, and no log is begun anew while it reads: what is written from now
        // on, and was not looked at, stays in the log.
        self.mark.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")
    }

    /// Carries over what was looked at, as far as readers let it.
    fn carry_over_beside(&self) -> Result<(), rusqlite::Error> {
        let done = self.beside.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        self.mark.execute_batch("COMMIT")?;
        done
    }
}

/// The writer panicked while it held the connection: nothing can be written any more.
fn dead() -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure("the writer has died".into())
}

/// Carries over everything and leaves an empty log; answers whether it could: a reader may have been in the way. Nobody
/// but this connection may write meanwhile.
pub(super) fn empty(
    connection: &Connection,
    log: &Path,
    looked: &mut Looked,
    patience: Duration,
) -> Result<bool, rusqlite::Error> {
    gaps::clear(connection, log, looked)?;
    connection.busy_timeout(patience)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(BUSY)?;
    busy.map(|busy| !busy)
}

/// Where SQLite keeps the log of this database.
pub(super) fn log(file: &Path) -> PathBuf {
    file.with_extension("db-wal")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::gaps::tests::unclean;
    use super::*;

    /// A database that is written to and carried over by turns.
    struct Desk {
        file: PathBuf,
        writing: Arc<Mutex<Connection>>,
        purge: Arc<AtomicBool>,
        checkpointer: Checkpointer,
        rows: usize,
        _folder: TempDir,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("busy.db");
            let connection = connect(&file).unwrap();
            connection
                .execute_batch("CREATE TABLE t (room, seq, text, PRIMARY KEY (room, seq)) WITHOUT ROWID")
                .unwrap();
            let (writing, purge) = (Arc::new(Mutex::new(connection)), Arc::new(AtomicBool::new(false)));
            let contents = Arc::new(Contents::of(folder.path()));
            let checkpointer = Checkpointer::new(&file, Arc::clone(&writing), Arc::clone(&purge), contents).unwrap();
            Self { file, writing, purge, checkpointer, rows: 0, _folder: folder }
        }

        /// Lengths that fit nowhere exactly, by turns everywhere: rows are moved from page to page.
        fn write(&mut self, rows: usize) {
            let connection = self.writing.lock().unwrap();
            for seq in self.rows..self.rows + rows {
                let text = format!("text{seq:05}").repeat(1 + seq * 7 % 40);
                connection.execute("INSERT INTO t VALUES (?, ?, ?)", (seq % 7, seq, text)).unwrap();
            }
            self.rows += rows;
        }

        fn log_bytes(&self) -> u64 {
            std::fs::metadata(log(&self.file)).unwrap().len()
        }
    }

    #[test]
    fn what_is_written_while_the_log_is_carried_over_waits_until_it_was_looked_at() {
        let mut desk = Desk::new();
        for _ in 0..10 {
            desk.write(100);
            desk.checkpointer.look().unwrap();
            desk.write(100);
            desk.checkpointer.carry_over_beside().unwrap();
            assert_eq!(unclean(&desk.file), [0; 0]);
        }
        assert_eq!(desk.checkpointer.carry_over(true), Ok(true));
        assert_eq!((unclean(&desk.file), desk.log_bytes()), (vec![], 0));
        let rows = connect(&desk.file).unwrap().query_row("SELECT count(*) FROM t", [], |row| row.get(0));
        assert_eq!(rows, Ok(desk.rows));
    }

    #[test]
    fn a_long_log_is_emptied_and_a_short_one_waits() {
        let mut desk = Desk::new();
        desk.write(1);
        desk.checkpointer.round().unwrap();
        assert_ne!(desk.log_bytes(), 0);
        while desk.log_bytes() < BYTES {
            desk.write(100);
        }
        desk.checkpointer.round().unwrap();
        assert_eq!(desk.log_bytes(), 0);
    }

    #[test]
    fn a_log_that_must_go_and_could_not_be_emptied_is_tried_again() {
        let mut desk = Desk::new();
        desk.write(1);
        let reader = connect(&desk.file).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
        desk.write(1);
        desk.purge.store(true, Ordering::Release);
        desk.checkpointer.round().unwrap();
        assert!(desk.purge.load(Ordering::Acquire) && desk.log_bytes() != 0);
        reader.execute_batch("COMMIT").unwrap();
        desk.checkpointer.round().unwrap();
        assert!(!desk.purge.load(Ordering::Acquire) && desk.log_bytes() == 0);
    }

    #[test]
    fn what_broke_off_once_is_taken_up_again() {
        let mut desk = Desk::new();
        desk.write(1);
        for is_long in [false, true] {
            desk.checkpointer.look().unwrap();
            assert_eq!(desk.checkpointer.carry_over(is_long), Ok(true));
        }
    }
}
