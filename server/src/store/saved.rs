//! What is in files, within a backup: one file has it all, and what a removed message had is not in it.

use std::io::{self, Read as _};
use std::path::PathBuf;

use rusqlite::{Connection, params};

use super::contents::{Contents, Digest, Version};
use super::draft::Draft;
use super::files;

/// Bytes in one row: a backup of large files takes little memory.
const PIECE: u64 = 1024 * 1024;
/// The table that has them. No other database than a backup has it.
const TABLE: &str = "saved_contents";

/// What the disk said, where the database's errors are told.
fn disk(error: io::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// Under what each content is kept that this database names. Older ones name none.
fn digests(connection: &Connection) -> Result<Vec<Digest>, rusqlite::Error> {
    if !connection.table_exists(None, "files")? {
        return Ok(Vec::new());
    }
    let mut digests: Vec<Digest> = files::digests(connection)?.into_iter().collect();
    digests.sort_unstable();
    Ok(digests)
}

/// Puts what is in the files that this copy of a database names into it; answers how many there are, and how many of
/// them are not on the disk.
pub(super) fn put(contents: &Contents, connection: &Connection) -> Result<(usize, usize), rusqlite::Error> {
    let digests = digests(connection)?;
    if digests.is_empty() {
        return Ok((0, 0));
    }
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(&format!("CREATE TABLE {TABLE} (digest BLOB, version INTEGER, bytes BLOB)"))?;
    let mut lost = 0;
    for digest in &digests {
        for (number, version) in Version::ALL.into_iter().enumerate() {
            let mut file = match contents.open(digest, version) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    lost += usize::from(version == Version::Whole);
                    continue;
                }
                Err(error) => return Err(disk(error)),
            };
            loop {
                let mut piece = Vec::new();
                file.by_ref().take(PIECE).read_to_end(&mut piece).map_err(disk)?;
                if piece.is_empty() {
                    break;
                }
                transaction
                    .prepare_cached(&format!("INSERT INTO {TABLE} (digest, version, bytes) VALUES (?, ?, ?)"))?
                    .execute(params![digest, number, piece])?;
            }
        }
    }
    transaction.commit()?;
    Ok((digests.len(), lost))
}

/// Whether what is in files is within this database.
pub(super) fn has_any(connection: &Connection) -> Result<bool, rusqlite::Error> {
    connection.table_exists(None, TABLE)
}

/// Takes it out again: a server keeps it beside the database.
pub(super) fn drop_all(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.execute_batch(&format!("DROP TABLE {TABLE}"))
}

/// What was put beside a database that is not in its place yet. It goes again unless that is.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) paths: Vec<PathBuf>,
    pub(super) kept: bool,
}

impl Drop for Placed {
    fn drop(&mut self) {
        for path in self.paths.iter().filter(|_| !self.kept) {
            // What stays is named by no row: the next start sweeps it up.
            drop(std::fs::remove_file(path));
        }
    }
}

/// Puts what is in a backup's files, or beside it, where the server looks for it; answers how many there are, and how
/// many of them were found nowhere.
pub(super) fn take(
    backup: &Connection,
    beside: &Contents,
    to: &Contents,
    placed: &mut Placed,
) -> Result<(usize, usize), rusqlite::Error> {
    if has_any(backup)? {
        extract(backup, to, placed)?;
    }
    let (digests, mut lost) = (digests(backup)?, 0);
    for digest in &digests {
        if to.open(digest, Version::Whole).is_ok() {
            continue;
        }
        for version in [Version::Small, Version::Medium, Version::Whole] {
            match beside.open(digest, version) {
                Ok(mut file) => {
                    let mut draft = to.draft().map_err(disk)?;
                    draft.fill(&mut file).map_err(disk)?;
                    place(to, draft, digest, version, placed)?;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    lost += usize::from(version == Version::Whole);
                }
                Err(error) => return Err(disk(error)),
            }
        }
    }
    Ok((digests.len(), lost))
}

fn extract(backup: &Connection, to: &Contents, placed: &mut Placed) -> Result<(), rusqlite::Error> {
    let mut statement = backup.prepare(&format!("SELECT digest, version, bytes FROM {TABLE} ORDER BY rowid"))?;
    let mut rows = statement.query([])?;
    let mut under_way: Option<((Digest, usize), Draft)> = None;
    while let Some(row) = rows.next()? {
        let (name, bytes) = ((row.get(0)?, row.get(1)?), row.get_ref(2)?.as_blob()?);
        if under_way.as_ref().is_none_or(|(other, _)| *other != name) {
            end(under_way.take(), to, placed)?;
            under_way = Some((name, to.draft().map_err(disk)?));
        }
        if let Some((_, draft)) = &mut under_way {
            draft.write(bytes).map_err(disk)?;
        }
    }
    end(under_way, to, placed)
}

fn end(under_way: Option<((Digest, usize), Draft)>, to: &Contents, placed: &mut Placed) -> Result<(), rusqlite::Error> {
    let Some(((digest, number), draft)) = under_way else { return Ok(()) };
    let version = Version::ALL.get(number).ok_or_else(|| disk(io::Error::other("an unknown size of a picture")))?;
    place(to, draft, &digest, *version, placed)
}

/// What is there already stays: it is the same.
fn place(
    to: &Contents,
    draft: Draft,
    digest: &Digest,
    version: Version,
    placed: &mut Placed,
) -> Result<(), rusqlite::Error> {
    if to.open(digest, version).is_err() {
        placed.paths.push(to.place(draft, digest, version).map_err(disk)?);
    }
    Ok(())
}
