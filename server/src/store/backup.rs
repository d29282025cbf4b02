//! A copy of the database at one moment, with what is in its files, taken beside a running server. Both are only read.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::contents::Contents;
use super::{FILE, digest, gaps, saved};
use crate::random;

/// Saves the database of this folder to `file`, and says what it holds.
///
/// # Errors
/// A sentence for whoever asked for it. Then there is no new file.
pub fn backup(folder: &Path, file: &Path) -> Result<String, String> {
    let database = folder.join(FILE);
    if !database.is_file() {
        return Err(format!("There is no database in {}. Name its folder with --data.", folder.display()));
    }
    let taken = || format!("{} is there already, and was left alone. Choose another name.", file.display());
    // A link that leads nowhere is something too.
    if file.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let part = Part::beside(file)?;
    let cannot = |error| part.cannot("be written", &error);
    let files = Contents::of(folder);
    let holds = save(&database, &files, &part);
    let holds = holds.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            format!("The database {} is damaged and cannot be saved: {error}.", database.display())
        }
        Some(_) | None => cannot(error),
    })?;
    part.keep(false)?.then_some(()).ok_or_else(taken)?;
    Ok(format!("Saved {} to {}: {holds}.", database.display(), file.display()))
}

/// Writes the database and the contents of its files into the part, and says what that is.
fn save(database: &Path, files: &Contents, part: &Part) -> Result<String, rusqlite::Error> {
    let disk = |error| rusqlite::Error::ToSqlConversionFailure(Box::new(error));
    let mut lock = files.lock_to_read().map_err(disk)?;
    copy(database, part)?;
    if lock.is_none() {
        // There was no file yet. Where the first has come meanwhile, it may also have gone again.
        lock = files.lock_to_read().map_err(disk)?;
        if lock.is_some() {
            File::options().write(true).open(&part.path).and_then(|part| part.set_len(0)).map_err(disk)?;
            copy(database, part)?;
        }
    }
    let connection = part.open()?;
    let (saved, lost) = saved::put(files, &connection)?;
    drop(lock);
    digest::note(&connection)?;
    gaps::clear_all(&connection)?;
    Ok(contents(&connection)? + &with_files(saved, lost))
}

/// How many files there are and how many of them have no content, in words.
pub(super) fn with_files(count: usize, lost: usize) -> String {
    let counted = |count: usize| format!("{count} file{}", if count == 1 { "" } else { "s" });
    match (count, lost) {
        (0, _) => String::new(),
        (count, 0) => format!(" and {}", counted(count)),
        (count, lost) => format!(" and {}, of which {lost} could not be found", counted(count)),
    }
}

/// Opens a database without ever changing it.
pub(super) fn open_to_read(file: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

/// Writes what a database holds at this moment, and nothing that was removed from it, into a file that is empty.
pub(super) fn copy(from: &Path, to: &Part) -> Result<(), rusqlite::Error> {
    let connection = open_to_read(from)?;
    // The copy takes it on: SQLite moves rows within it as it grows.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.execute("VACUUM INTO ?", [to.path.to_str()]).map(drop)
}

/// How much is in a database, in words.
pub(super) fn contents(connection: &Connection) -> Result<String, rusqlite::Error> {
    let (rooms, events): (u64, u64) =
        connection.query_row("SELECT count(*), coalesce(sum(head), 0) FROM rooms", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let counted = |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    Ok(format!("{} with {}", counted(rooms, "room"), counted(events, "event")))
}

/// A file that is not complete yet. It goes again unless it is kept.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    /// Its name once it is complete.
    name: PathBuf,
}

impl Part {
    /// Makes it in the folder where it will stay, so that it can take its name in one step. Nobody else may read it.
    pub(super) fn beside(name: &Path) -> Result<Self, String> {
        let file = name.file_name().and_then(|file| file.to_str());
        let file = file.ok_or_else(|| format!("{} does not name a file.", name.display()))?;
        let part = Self { path: name.with_file_name(format!(".{file}.{}.part", random::name(8))), name: name.into() };
        let made = File::options().write(true).create_new(true).mode(0o600).open(&part.path);
        made.map_err(|error| part.cannot("be made", &error))?;
        if part.path.to_str().is_none() {
            return Err(format!("{} has a name that is not UTF-8. Choose another one.", name.display()));
        }
        Ok(part)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it to be changed. A journal would be one more file, and whoever finds a half one throws it away.
    pub(super) fn open(&self) -> Result<Connection, rusqlite::Error> {
        let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "journal_mode", "MEMORY")?;
        connection.pragma_update(None, "secure_delete", true)?;
        Ok(connection)
    }

    /// Gives back what it has no use for any more.
    pub(super) fn shrink(&self) -> Result<(), rusqlite::Error> {
        let whole = Self { path: self.path.with_extension("whole"), name: self.name.clone() };
        let disk = |error| rusqlite::Error::ToSqlConversionFailure(Box::new(error));
        std::fs::rename(&self.path, &whole.path).map_err(disk)?;
        File::options().write(true).create_new(true).mode(0o600).open(&self.path).map_err(disk)?;
        copy(&whole.path, self)
    }

    /// Gives it its name, for good. Answers false where that is taken already and it is not to `replace` what has it.
    pub(super) fn keep(self, replace: bool) -> Result<bool, String> {
        let keep = || {
            File::open(&self.path)?.sync_all()?;
            if replace {
                std::fs::rename(&self.path, &self.name)?;
            } else if let Err(error) = std::fs::hard_link(&self.path, &self.name) {
                // Not every file system has links: a memory stick has none.
                if self.name.symlink_metadata().is_ok() {
                    return Ok(false);
                }
                tracing::debug!(%error, "no link");
                std::fs::rename(&self.path, &self.name)?;
            }
            sync_folder(&self.name)?;
            Ok(true)
        };
        keep().map_err(|error: std::io::Error| self.cannot("be kept", &error))
    }

    /// Why there is no such file.
    pub(super) fn cannot(&self, what: &str, error: &dyn std::fmt::Display) -> String {
        format!("{} cannot {what}: {error}. Nothing was changed.", self.name.display())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // SQLite leaves a journal where the disk was full.
        for suffix in ["", "-journal"] {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            // It has its name already, or was never made.
            drop(std::fs::remove_file(path));
        }
    }
}

/// Makes the names in the folder of this file outlast a power cut.
pub(super) fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
