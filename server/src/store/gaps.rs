//! What SQLite leaves in the unused space of a page when it moves rows to another one: found, and overwritten.
//!
//! `secure_delete` overwrites what is deleted, and not what is moved away: an old copy of a row may stay in the gap
//! between a page's list of cells and their content, outlive the row, and be there when its text was removed. So
//! whatever is about to stay in the database's file from the write-ahead log is looked at first.
//!
//! *Architecture invariant:* only [`super::checkpoint`] carries the log over, and no page that it holds is forgotten
//! before [`clear`] has seen it. A file that is written anew, as a copy is, gets [`clear_all`] before it has its name.

use std::fs::File;
use std::io::{self, BufReader, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

/// Pages can only be written one by one where SQLite was built for it, which `.cargo/config.toml` asks for.
const _: &str = env!("LIBSQLITE3_FLAGS", "build from within the repository: its .cargo/config.toml has SQLite's flags");

/// The file's own header, which precedes that of the first page.
const FILE_HEADER: usize = 100;
/// The log's own header, and that of each page in it (SQLite's file format, section 4.1).
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// From this many pages on (128 GiB), a page that holds the rest of a long row may look like one with cells: it begins
/// with the number of the next page.
const PAGES: u32 = 2 << 24;

/// How far a write-ahead log was looked at already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Looked {
    /// What a log is called; it gets another name whenever it is begun anew.
    salt: [u8; 8],
    frames: usize,
}

/// Overwrites the unused space of all pages that have come into the write-ahead log since it was `looked` at, in a
/// transaction of its own. Nobody may write meanwhile, nor between this and the checkpoint.
pub(super) fn clear(connection: &Connection, log: &Path, looked: &mut Looked) -> Result<(), rusqlite::Error> {
    let (pages, now) = pages(log, *looked).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    if !pages.is_empty() {
        let transaction = connection.unchecked_transaction()?;
        clear_pages(&transaction, pages)?;
        transaction.commit()?;
    }
    *looked = now;
    Ok(())
}

/// Overwrites the unused space of every page there is.
pub(super) fn clear_all(connection: &Connection) -> Result<(), rusqlite::Error> {
    clear_pages(connection, 1..=count(connection)?)
}

fn count(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.pragma_query_value(None, "page_count", |row| row.get(0))
}

fn clear_pages(connection: &Connection, pages: impl IntoIterator<Item = u32>) -> Result<(), rusqlite::Error> {
    if count(connection)? >= PAGES {
        tracing::warn!("the database is too large for the unused space of its pages to be overwritten");
        return Ok(());
    }
    let mut read = connection.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?")?;
    let mut write = connection.prepare_cached("UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?")?;
    for number in pages {
        // What the log holds of a transaction that was taken back may never have become a page.
        let page: Option<Vec<u8>> = read.query_row([number], |row| row.get(0)).optional()?;
        let Some(mut page) = page else { continue };
        let mut is_clean = true;
        for part in unused(&page, number) {
            is_clean &= page[part.clone()].iter().all(|byte| *byte == 0);
            page[part].fill(0);
        }
        if is_clean {
            continue;
        }
        write.execute((page, number))?;
    }
    Ok(())
}

/// Where a page with cells has nothing: between the list of where they are and the first of them, and in the blocks
/// among them that are chained as free.
fn unused(page: &[u8], number: u32) -> Vec<Range<usize>> {
    let two = |at: usize| Some(usize::from(u16::from_be_bytes([*page.get(at)?, *page.get(at + 1)?])));
    let header = if number == 1 { FILE_HEADER } else { 0 };
    // Pages that lead to others have the number of the last of them in their header.
    let length = match page.get(header) {
        Some(2 | 5) => 12,
        Some(10 | 13) => 8,
        Some(_) | None => return Vec::new(),
    };
    let mut unused = Vec::new();
    let cells = two(header + 3).map(|count| header + length + 2 * count);
    // In pages of 65,536 bytes, 0 is their end.
    let content = two(header + 5).map(|at| if at == 0 { 65_536 } else { at });
    if let (Some(from), Some(to)) = (cells, content)
        && from <= to
        && to <= page.len()
    {
        unused.push(from..to);
        // Each begins with where the next one is and how long it is itself, and lies behind the one before.
        let (mut last, mut block) = (to, two(header + 1).unwrap_or_default());
        while block >= last
            && let (Some(next), Some(size)) = (two(block), two(block + 2))
            && size >= 4
            && block + size <= page.len()
        {
            unused.push(block + 4..block + size);
            (last, block) = (block + size, next);
        }
    }
    unused
}

/// Which pages a write-ahead log holds behind what was looked at, each once, and how far it goes.
fn pages(log: &Path, looked: Looked) -> io::Result<(Vec<u32>, Looked)> {
    let mut log = match File::open(log) {
        Ok(log) => BufReader::new(log),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), looked)),
        Err(error) => return Err(error),
    };
    let mut header = [0; LOG_HEADER];
    if !fill(&mut log, &mut header)? {
        return Ok((Vec::new(), looked));
    }
    let (page_size, salt) = (four(&header[8..]), &header[16..24]);
    let seen = if looked.salt == salt { looked.frames } else { 0 };
    let frame_size = u64::from(page_size) + FRAME_HEADER as u64;
    log.seek(SeekFrom::Current(i64::try_from(frame_size * seen as u64).map_err(io::Error::other)?))?;
    let (mut pages, mut committed, mut frame) = (Vec::new(), 0, [0; FRAME_HEADER]);
    // What comes behind is of the log before this one.
    while fill(&mut log, &mut frame)? && frame[8..16] == *salt {
        pages.push(four(&frame));
        // The last of a transaction says how large the database is now. What follows the last of these was taken back.
        if four(&frame[4..]) != 0 {
            committed = pages.len();
        }
        log.seek_relative(i64::from(page_size))?;
    }
    pages.truncate(committed);
    pages.sort_unstable();
    pages.dedup();
    let mut now = Looked { salt: [0; 8], frames: seen + committed };
    now.salt.copy_from_slice(salt);
    Ok((pages, now))
}

/// The number in the first four bytes.
fn four(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Whether there was enough to fill it.
fn fill(file: &mut impl io::Read, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store;

    /// The pages of a database's file that have something in their unused space.
    pub(in super::super) fn unclean(file: &Path) -> Vec<u32> {
        let bytes = std::fs::read(file).unwrap();
        let pages = (1..).zip(bytes.chunks(4_096));
        let is_unclean = |page: &[u8], part: Range<usize>| page[part].iter().any(|byte| *byte != 0);
        let unclean =
            pages.filter(|(number, page)| unused(page, *number).into_iter().any(|part| is_unclean(page, part)));
        unclean.map(|(number, _)| number).collect()
    }

    /// A database whose pages have been filled, divided and emptied, with everything still in its log.
    fn worn(folder: &Path) -> Connection {
        let file = folder.join("worn.db");
        let connection = store::connect(&file).unwrap();
        connection.execute_batch("CREATE TABLE t (room, seq, text, PRIMARY KEY (room, seq)) WITHOUT ROWID").unwrap();
        let mut insert = connection.prepare("INSERT INTO t VALUES (?, ?, ?)").unwrap();
        for seq in 0..2_000 {
            // Rooms by turns, and lengths that fit nowhere exactly: rows are moved from page to page.
            let text = format!("secret{seq:05}").repeat(1 + seq * 7 % 40);
            insert.execute((seq % 7, seq, text)).unwrap();
        }
        drop(insert);
        connection.execute("UPDATE t SET text = ''", []).unwrap();
        connection
    }

    /// How often a removed text stands in the file.
    fn left(file: &Path) -> usize {
        let bytes = std::fs::read(file).unwrap();
        bytes.windows(6).filter(|bytes| bytes == b"secret").count()
    }

    fn empty_log(connection: &Connection) {
        let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        assert_eq!(busy, Ok(false));
    }

    #[test]
    fn nothing_of_a_row_that_was_moved_and_then_removed_reaches_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, log) = (folder.path().join("worn.db"), folder.path().join("worn.db-wal"));
        let connection = worn(folder.path());
        clear(&connection, &log, &mut Looked::default()).unwrap();
        empty_log(&connection);
        assert_eq!((left(&file), unclean(&file)), (0, Vec::new()));
        let whole: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        let rows: u32 = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2_000);
    }

    #[test]
    fn what_an_older_server_left_in_the_file_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("worn.db");
        let connection = worn(folder.path());
        empty_log(&connection);
        assert!(left(&file) > 0, "SQLite leaves some: otherwise none of this is needed");
        clear_all(&connection).unwrap();
        empty_log(&connection);
        assert_eq!(left(&file), 0);
    }

    #[test]
    fn a_log_is_looked_at_once_and_from_its_beginning_when_it_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("worn.db-wal");
        let connection = worn(folder.path());
        let (all, looked) = pages(&log, Looked::default()).unwrap();
        assert!(all.len() > 100 && looked.frames >= all.len());
        assert_eq!(pages(&log, looked).unwrap(), (vec![], looked));
        // What was taken back is in the file, and in no page.
        connection.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE t SET text = 'no'; ROLLBACK").unwrap();
        assert_eq!(pages(&log, looked).unwrap(), (vec![], looked));
        connection.execute("UPDATE t SET text = 'yes' WHERE room = 1 AND seq = 1", []).unwrap();
        let (one, more) = pages(&log, looked).unwrap();
        assert_eq!((one.len(), more.frames), (1, looked.frames + 1));
        empty_log(&connection);
        connection.execute("UPDATE t SET text = 'no' WHERE room = 1 AND seq = 1", []).unwrap();
        assert_eq!(pages(&log, more).unwrap().1.frames, 1);
    }

    #[test]
    fn a_copy_and_what_is_restored_from_it_hold_nothing_but_what_they_say() {
        let folder = tempfile::tempdir().unwrap();
        let (server, copy) = (folder.path().join("server"), folder.path().join("copy.db"));
        drop(store::Store::open(&server, Arc::default(), store::Pace::ByHand, 0).unwrap());
        let connection = store::connect(&server.join(store::FILE)).unwrap();
        let mut insert = connection.prepare("INSERT INTO events VALUES (?, ?, 'ann', ?, NULL, ?)").unwrap();
        for seq in 0..2_000 {
            let body = format!("body{seq:05}").repeat(1 + seq * 7 % 40);
            insert.execute((seq % 7, seq, seq, body)).unwrap();
        }
        drop(insert);
        store::backup(&server, &copy).unwrap();
        assert_eq!(unclean(&copy), [0; 0]);
        drop(connection);
        store::restore(&server, &copy).unwrap();
        assert_eq!(unclean(&server.join(store::FILE)), [0; 0]);
    }

    #[test]
    fn a_page_without_cells_is_left_alone() {
        let of = |page: &[u8]| -> Vec<_> { unused(page, 2).into_iter().map(|part| (part.start, part.end)).collect() };
        assert_eq!(of(&[0, 0, 0, 7, 13, 13, 13, 13, 13, 13, 13, 13]), []);
        assert_eq!(of(&[]), []);
        // A list that would reach into its cells, or cells behind the end: not a page of SQLite's.
        assert_eq!(of(&[13, 0, 0, 0, 9, 0, 12, 0, 1, 1, 1, 1]), []);
        assert_eq!(of(&[13, 0, 0, 0, 1, 0, 13, 0, 1, 1, 1, 1]), []);
        assert_eq!(of(&[13, 0, 0, 0, 1, 0, 12, 0, 1, 1, 1, 1]), [(10, 12)]);
        // A free block with two bytes to spare, and one that would lead back to itself.
        assert_eq!(of(&[13, 0, 10, 0, 1, 0, 10, 0, 1, 1, 0, 0, 0, 6, 1, 1]), [(10, 10), (14, 16)]);
        assert_eq!(of(&[13, 0, 10, 0, 1, 0, 10, 0, 1, 1, 0, 10, 0, 6, 1, 1]), [(10, 10), (14, 16)]);
    }
}
