//! What SQLite leaves in the unused space of a page when it moves rows to another one: found, and overwritten.
//!
//! `secure_delete` overwrites what is deleted, and not what is moved away: an old copy of a row may stay in the gap
//! between a page's list of cells and their content, outlive the row, and be there when its text was removed. So
//! whatever is about to enter the database's file from the write-ahead log is looked at first.
//!
//! *Architecture invariant:* a page enters the file only from [`super::checkpoint`], after [`clear`].

use std::fs::File;
use std::io::{self, BufReader};
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

/// Overwrites the unused space of all pages that the write-ahead log holds, in a transaction of its own. Nobody may
/// write meanwhile, nor between this and the checkpoint.
pub(super) fn clear(connection: &Connection, log: &Path) -> Result<(), rusqlite::Error> {
    let pages = pages(log).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    if pages.is_empty() {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    clear_pages(&transaction, pages)?;
    transaction.commit()
}

/// Overwrites the unused space of every page there is.
pub(super) fn clear_all(connection: &Connection) -> Result<(), rusqlite::Error> {
    clear_pages(connection, 1..=count(connection)?)
}

fn count(connection: &Connection) -> Result<u32, rusqlite::Error> {
    connection.pragma_query_value(None, "page_count", |row| row.get(0))
}

fn clear_pages(connection: &Connection, pages: impl IntoIterator<Item = u32>) -> Result<(), rusqlite::Error> {
    if count(connection)? > PAGES {
        tracing::warn!("the database is too large for the unused space of its pages to be overwritten");
        return Ok(());
    }
    let mut read = connection.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?")?;
    let mut write = connection.prepare_cached("UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?")?;
    for number in pages {
        // What the log holds of a transaction that was taken back may never have become a page.
        let page: Option<Vec<u8>> = read.query_row([number], |row| row.get(0)).optional()?;
        let Some(mut page) = page else { continue };
        let gap = gap(&page, number).and_then(|gap| page.get_mut(gap));
        let Some(gap) = gap.filter(|gap| gap.iter().any(|byte| *byte != 0)) else { continue };
        gap.fill(0);
        write.execute((page, number))?;
    }
    Ok(())
}

/// Where a page with cells has nothing, between the list of where they are and the first of them.
fn gap(page: &[u8], number: u32) -> Option<Range<usize>> {
    let header = page.get(if number == 1 { FILE_HEADER } else { 0 }..)?;
    let two = |at: usize| Some(usize::from(u16::from_be_bytes([*header.get(at)?, *header.get(at + 1)?])));
    // Pages that lead to others have the number of the last of them in their header.
    let length = match header.first()? {
        2 | 5 => 12,
        10 | 13 => 8,
        _ => return None,
    };
    let from = page.len() - header.len() + length + 2 * two(3)?;
    // In pages of 65,536 bytes, 0 is their end.
    let to = two(5).map(|to| if to == 0 { 65_536 } else { to })?;
    (from <= to && to <= page.len()).then_some(from..to)
}

/// Which pages a write-ahead log holds, each once. Where a log was begun anew, the rest of the one before is among them.
fn pages(log: &Path) -> io::Result<Vec<u32>> {
    let mut pages = Vec::new();
    let mut log = match File::open(log) {
        Ok(log) => BufReader::new(log),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(pages),
        Err(error) => return Err(error),
    };
    let mut header = [0; LOG_HEADER];
    if !fill(&mut log, &mut header)? {
        return Ok(pages);
    }
    let size = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    let mut frame = [0; FRAME_HEADER];
    while fill(&mut log, &mut frame)? {
        pages.push(u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]));
        log.seek_relative(i64::from(size))?;
    }
    pages.sort_unstable();
    pages.dedup();
    Ok(pages)
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
    use super::*;

    /// The pages of a database's file that have something in their unused space.
    pub(in super::super) fn unclean(file: &Path) -> Vec<u32> {
        let bytes = std::fs::read(file).unwrap();
        let pages = (1..).zip(bytes.chunks(4_096));
        let unclean = pages
            .filter(|(number, page)| gap(page, *number).is_some_and(|gap| page[gap].iter().any(|byte| *byte != 0)));
        unclean.map(|(number, _)| number).collect()
    }

    /// A database whose pages have been filled, divided and emptied, with everything still in its log.
    fn worn(folder: &Path) -> Connection {
        let file = folder.join("worn.db");
        let connection = super::super::connect(&file).unwrap();
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
        clear(&connection, &log).unwrap();
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
    fn a_page_without_cells_is_left_alone() {
        let overflow = [0, 0, 0, 7, 13, 13, 13, 13, 13, 13, 13, 13];
        assert_eq!(gap(&overflow, 2), None);
        assert_eq!(gap(&[], 2), None);
        // A list that would reach into its cells, or cells behind the end: not a page of SQLite's.
        assert_eq!(gap(&[13, 0, 0, 0, 9, 0, 12, 0, 1, 1, 1, 1], 2), None);
        assert_eq!(gap(&[13, 0, 0, 0, 1, 0, 13, 0, 1, 1, 1, 1], 2), None);
        assert_eq!(gap(&[13, 0, 0, 0, 1, 0, 12, 0, 1, 1, 1, 1], 2), Some(10..12));
    }
}
