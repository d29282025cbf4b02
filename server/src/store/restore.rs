//! A backup in place of what is there. Whenever it breaks off, what is there is the old database or the new one.

use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::backup::{Part, contents, copy, open_to_read, sync_folder, with_files};
use super::contents::{Contents, LOCK};
use super::gaps::{self, Looked};
use super::saved::{self, Placed};
use super::{CannotOpen, FILE, digest, lock, schema};

/// Puts the backup into this folder, keeps what was there, and says what it did.
///
/// # Errors
/// A sentence for whoever asked for it. Then everything is as it was.
pub fn restore(folder: &Path, file: &Path) -> Result<String, String> {
    check(file)?;
    let lock = lock(folder).map_err(|CannotOpen(sentence)| sentence)?;
    let database = folder.join(FILE);
    let part = Part::beside(&database)?;
    let (files, mut placed) = (Contents::of(folder), Placed::default());
    let holds = fill(file, &part, &files, &mut placed).map_err(|error| part.cannot("be written", &error))?;
    if let Ok(before) = database.metadata() {
        // Whoever may read the old one may read the new one. Where that fails, only its owner may.
        drop(std::fs::set_permissions(part.path(), before.permissions()));
    }
    give_to_owner(folder, [part.path(), &folder.join("lock")]);
    give_to_owner(folder, placed.paths.iter().flat_map(|path| path.ancestors().take(3)));
    give_to_owner(folder, [&*files.folder().join(LOCK)]);
    let cannot = |error: std::io::Error| {
        format!("What is in {} cannot be kept: {error}. Nothing was changed.", folder.display())
    };
    let kept = if settle(&database)? {
        let kept = free_name(&database);
        same_file(&database, &kept).map_err(cannot)?;
        keep_files(&files, &beside(&kept)).map_err(cannot)?;
        Some(kept)
    } else {
        None
    };
    put_logs_aside(&database, kept.as_deref()).map_err(cannot)?;
    // From one moment to the next it is the new one.
    part.keep(true)?;
    placed.kept = true;
    drop(lock);
    let before = match kept {
        Some(kept) => format!("What was there is kept as {}.", kept.display()),
        None => "There was nothing before.".to_owned(),
    };
    Ok(format!("Restored {} into {}: {holds}. {before}", file.display(), folder.display()))
}

/// Whether this is a backup that can be used here.
fn check(file: &Path) -> Result<(), String> {
    let shown = file.display();
    if !file.is_file() {
        return Err(format!("There is no file {shown}."));
    }
    let damaged = |what: &dyn std::fmt::Display| format!("{shown} is damaged: {what}. Use another backup.");
    let connection = open_to_read(file).map_err(|error| format!("{shown} cannot be opened: {error}."))?;
    let version = schema::version(&connection).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("{shown} is not a database."),
        Some(_) | None => damaged(&error),
    })?;
    if version > schema::VERSION {
        return Err(format!(
            "{shown} is of version {version}, newer than this server, which knows version {}. Use the newer server.",
            schema::VERSION
        ));
    }
    let integrity: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(|error| damaged(&error))?;
    if integrity != "ok" {
        return Err(damaged(&integrity.trim().replace('\n', " ")));
    }
    if version == 0 || !connection.table_exists(None, "events").map_err(|error| damaged(&error))? {
        return Err(format!("{shown} is not a database of Stonechat."));
    }
    match digest::holds(&connection) {
        Ok(true) => Ok(()),
        Ok(false) => Err(damaged(&"it does not hold what was saved")),
        Err(error) => Err(damaged(&error)),
    }
}

/// Copies the backup, as another history than the one that clients may remember, and puts what is in its files in place.
fn fill(file: &Path, part: &Part, files: &Contents, placed: &mut Placed) -> Result<String, rusqlite::Error> {
    let backup = open_to_read(file)?;
    let (count, lost) = saved::take(&backup, &Contents::at(beside(file)), files, placed)?;
    copy(file, part)?;
    if saved::has_any(&backup)? {
        saved::drop_all(&part.open()?)?;
        // What a server keeps beside its database leaves no holes in it.
        part.shrink()?;
    }
    let connection = part.open()?;
    let transaction = connection.unchecked_transaction()?;
    digest::forget(&transaction)?;
    schema::renew_epoch(&transaction)?;
    gaps::clear_all(&transaction)?;
    transaction.commit()?;
    Ok(contents(&connection)? + &with_files(count, lost))
}

/// Where what is in files lies that belongs to a database which is in no server's folder.
fn beside(file: &Path) -> PathBuf {
    log(file, ".files")
}

/// What is in the files of the database that is kept stays, whatever the new one deletes.
fn keep_files(files: &Contents, folder: &Path) -> std::io::Result<()> {
    if !files.folder().is_dir() {
        return Ok(());
    }
    files.link_to(folder).inspect_err(|_| {
        // Half of it helps nobody.
        drop(std::fs::remove_dir_all(folder));
    })
}

/// Makes one file of what is there: its write-ahead log is carried over into it. Answers whether there is anything.
fn settle(database: &Path) -> Result<bool, String> {
    if !database.is_file() {
        return Ok(false);
    }
    let carry_over = || {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // A log that cannot be carried over stays when this is closed.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // What a crash left behind is put right when it is read.
        schema::version(&connection)?;
        gaps::clear(&connection, &log(database, "-wal"), &mut Looked::default())?;
        connection.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0))
    };
    let open_elsewhere = || format!("Another program has {} open. Close it, then try again.", database.display());
    match carry_over() {
        Ok(mode) => (mode == "delete").then_some(true).ok_or_else(open_elsewhere),
        Err(error) => match error.sqlite_error_code() {
            // It could not be used as it was. It is kept as it is, with its log beside it.
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Ok(true),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Err(open_elsewhere()),
            Some(_) | None => Err(format!("{} cannot be kept: {error}. Nothing was changed.", database.display())),
        },
    }
}

/// Where what was there is kept: under a name that nothing else has.
fn free_name(database: &Path) -> PathBuf {
    let named = |suffix: &str| log(database, &format!(".before-restore{suffix}"));
    let is_free =
        |path: &PathBuf| path.symlink_metadata().is_err() && !log(path, "-wal").exists() && !beside(path).exists();
    let numbered = (2..).map(|number| named(&format!("-{number}")));
    std::iter::once(named("")).chain(numbered).find(is_free).expect("there is always another number")
}

/// Gives a file a second name. It loses the first one in the moment in which the new database takes that.
fn same_file(file: &Path, name: &Path) -> std::io::Result<()> {
    if std::fs::hard_link(file, name).is_err() {
        // Not every file system has links.
        std::fs::copy(file, name)?;
        std::fs::File::open(name)?.sync_all()?;
    }
    sync_folder(name)
}

/// A log that could not be carried over belongs to the old database, which is damaged. The new one must never meet it.
fn put_logs_aside(database: &Path, kept: Option<&Path>) -> std::io::Result<()> {
    for suffix in ["-wal", "-shm", "-journal"] {
        let log_file = log(database, suffix);
        if log_file.exists() {
            std::fs::rename(&log_file, log(kept.unwrap_or(&free_name(database)), suffix))?;
        }
    }
    sync_folder(database)
}

fn log(file: &Path, suffix: &str) -> PathBuf {
    let mut path = OsString::from(file);
    path.push(suffix);
    path.into()
}

/// Who restores as root does so for the server's user, who owns the folder.
fn give_to_owner<'a>(folder: &Path, files: impl IntoIterator<Item = &'a Path>) {
    let Ok(folder) = folder.metadata() else { return };
    for file in files {
        // Nobody else may give files away, and nobody else has to.
        drop(chown(file, Some(folder.uid()), Some(folder.gid())));
    }
}
