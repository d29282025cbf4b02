//! Which files there are: who sent them, and which message each is in.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use stonechat_shared::frame::User;
use stonechat_shared::ids::Millis;
use stonechat_shared::{File, FileId, Message, RoomName, Seq, UserId};

use super::contents::Digest;
use crate::refusal::Refusal;

/// How long a file may wait for its message: a night on a train, and the morning after. Then its uploader has changed
/// their mind.
const UNSENT: Millis = 24 * 60 * 60 * 1_000;
/// What a file counts at least, in bytes: it takes a block of the disk, however small it is.
const BLOCK: u64 = 4_096;

/// A file, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    pub file: File,
    pub digest: Digest,
    pub user: UserId,
    /// The room of the message that it is in; nothing where it was not sent yet.
    pub room: Option<RoomName>,
}

const COLUMNS: &str = "id, files.name, type, size, width, height";

fn file(row: &Row<'_>) -> Result<File, rusqlite::Error> {
    let id: String = row.get(0)?;
    Ok(File {
        id: id.into(),
        name: row.get(1)?,
        kind: row.get(2)?,
        size: row.get(3)?,
        width: row.get(4)?,
        height: row.get(5)?,
    })
}

pub(crate) fn find(connection: &Connection, id: &FileId) -> Result<Option<FileRow>, rusqlite::Error> {
    let sql =
        format!("SELECT {COLUMNS}, digest, user, rooms.name FROM files LEFT JOIN rooms USING (room) WHERE id = ?");
    connection
        .prepare_cached(&sql)?
        .query_row([id.as_str()], |row| {
            let (user, room): (String, Option<String>) = (row.get(7)?, row.get(8)?);
            Ok(FileRow { file: file(row)?, digest: row.get(6)?, user: user.into(), room: room.map(RoomName::from) })
        })
        .optional()
}

/// Bytes that this person's files count.
pub(crate) fn used(connection: &Connection, user: &UserId) -> Result<u64, rusqlite::Error> {
    connection
        .prepare_cached("SELECT coalesce(sum(max(size, ?)), 0) FROM files WHERE user = ?")?
        .query_row(params![BLOCK, user.as_str()], |row| row.get(0))
}

/// Notes a file whose content is kept. What the same person uploaded long ago and never sent makes place; answers what
/// that was.
///
/// # Errors
/// The database's.
pub fn add(
    connection: &Connection,
    row: &FileRow,
    quota: u64,
    now: Millis,
) -> Result<Result<Vec<Digest>, Refusal>, rusqlite::Error> {
    let FileRow { file, digest, user, .. } = row;
    let forgotten: u64 = connection
        .prepare_cached("SELECT coalesce(sum(max(size, ?)), 0) FROM files WHERE user = ? AND room IS NULL AND at < ?")?
        .query_row(params![BLOCK, user.as_str(), now.saturating_sub(UNSENT)], |row| row.get(0))?;
    if quota > 0 && used(connection, user)? - forgotten + file.size.max(BLOCK) > quota {
        return Ok(Err(Refusal::QuotaUsed { limit: quota }));
    }
    let gone = forget_unsent(connection, Some(user), now)?;
    connection
        .prepare_cached(
            "INSERT INTO files (id, user, name, type, size, width, height, digest, at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            file.id.as_str(),
            user.as_str(),
            file.name,
            file.kind,
            file.size,
            file.width,
            file.height,
            digest,
            now
        ])?;
    Ok(Ok(gone))
}

/// Forgets what was uploaded long ago and never sent, of one person or of all; answers what that was.
pub(super) fn forget_unsent(
    connection: &Connection,
    user: Option<&UserId>,
    now: Millis,
) -> Result<Vec<Digest>, rusqlite::Error> {
    connection
        .prepare_cached(
            "DELETE FROM files WHERE room IS NULL AND at < ?1 AND (?2 IS NULL OR user = ?2) RETURNING digest",
        )?
        .query_map(params![now.saturating_sub(UNSENT), user.map(UserId::as_str)], |row| row.get(0))?
        .collect()
}

/// The files that a post wants to send, in its order, or why it may not.
pub(super) fn to_send(
    connection: &Connection,
    user: &User,
    ids: &[FileId],
) -> Result<Result<Vec<File>, Refusal>, rusqlite::Error> {
    let mut files: Vec<File> = Vec::with_capacity(ids.len());
    for id in ids {
        let row = match find(connection, id)? {
            None => return Ok(Err(Refusal::NoSuchFile)),
            Some(row) if row.user != user.id => return Ok(Err(Refusal::NotYourFile)),
            Some(row) if row.room.is_some() || files.contains(&row.file) => return Ok(Err(Refusal::FileSent)),
            Some(row) => row,
        };
        files.push(row.file);
    }
    Ok(Ok(files))
}

/// Puts files into the message that they were sent with.
pub(super) fn put(connection: &Connection, room: i64, seq: Seq, files: &[File]) -> Result<(), rusqlite::Error> {
    for (place, file) in files.iter().enumerate() {
        connection.prepare_cached("UPDATE files SET room = ?, seq = ?, place = ? WHERE id = ?")?.execute(params![
            room,
            seq,
            place,
            file.id.as_str()
        ])?;
    }
    Ok(())
}

/// Takes the files of a message away; answers what was in them.
pub(super) fn take(connection: &Connection, room: i64, seq: Seq) -> Result<Vec<Digest>, rusqlite::Error> {
    connection
        .prepare_cached("DELETE FROM files WHERE room = ? AND seq = ? RETURNING digest")?
        .query_map(params![room, seq], |row| row.get(0))?
        .collect()
}

/// Gives a page of messages, which are in order, their files.
pub(super) fn give(connection: &Connection, room: i64, messages: &mut [Message]) -> Result<(), rusqlite::Error> {
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(()) };
    let sql = format!("SELECT {COLUMNS}, seq FROM files WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq, place");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![room, first.seq, last.seq])?;
    while let Some(row) = rows.next()? {
        let seq: Seq = row.get(6)?;
        if let Ok(index) = messages.binary_search_by_key(&seq, |message| message.seq) {
            messages[index].files.push(file(row)?);
        }
    }
    Ok(())
}

/// Whether any file has this content.
pub(super) fn names(connection: &Connection, digest: &Digest) -> Result<bool, rusqlite::Error> {
    connection.prepare_cached("SELECT 1 FROM files WHERE digest = ?")?.exists([digest])
}

pub(super) fn digests(connection: &Connection) -> Result<HashSet<Digest>, rusqlite::Error> {
    connection.prepare("SELECT digest FROM files")?.query_map([], |row| row.get(0))?.collect()
}
