//! What is removed leaves the database in the same commit: out of the messages, the log, the index and the calls.

use rusqlite::{Connection, params};
use stonechat_shared::frame::{Role, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::{Kind, Seq, UserId};

use super::contents::Digest;
use super::{files, reads, search};
use crate::refusal::Refusal;

/// What the log says to removing all that somebody wrote in a room: nothing where nothing of it stands any more.
pub(super) fn judge(
    connection: &Connection,
    room: i64,
    user: &User,
    author: &UserId,
    upto: Option<Seq>,
    since: Millis,
) -> Result<Result<Option<Kind>, Refusal>, rusqlite::Error> {
    let moderates = user.role >= Role::Moderator;
    if user.id != *author && !moderates {
        return Ok(Err(Refusal::NotYours));
    }
    let oldest: Option<Millis> = connection
        .prepare_cached("SELECT min(at) FROM messages WHERE room = ? AND user = ? AND seq <= ? AND removed = 0")?
        .query_row(params![room, author.as_str(), last(upto)], |row| row.get(0))?;
    Ok(match oldest {
        Some(at) if at < since && !moderates => Err(Refusal::TooLate),
        Some(_) => Ok(Some(Kind::Purge { author: author.clone(), upto })),
        None => Ok(None),
    })
}

/// Takes away all that stands of somebody; answers what was in the files that went.
pub(super) fn of_all(
    connection: &Connection,
    room: i64,
    author: &UserId,
    upto: Option<Seq>,
) -> Result<Vec<Digest>, rusqlite::Error> {
    let seqs: Vec<Seq> = connection
        .prepare_cached("SELECT seq FROM messages WHERE room = ? AND user = ? AND seq <= ? AND removed = 0")?
        .query_map(params![room, author.as_str(), last(upto)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    take(connection, room, &seqs)
}

/// Takes a message away, but for its place; answers what was in its files.
pub(super) fn of_message(connection: &Connection, room: i64, seq: Seq) -> Result<Vec<Digest>, rusqlite::Error> {
    take(connection, room, &[seq])
}

fn take(connection: &Connection, room: i64, seqs: &[Seq]) -> Result<Vec<Digest>, rusqlite::Error> {
    // Together: the index is put in order once, however many there are.
    search::index::take_out(connection, room, seqs)?;
    let mut gone = Vec::new();
    for &seq in seqs {
        for sql in [
            "UPDATE messages SET text = '', edited = NULL, removed = 1, pinned = 0 WHERE room = ? AND seq = ?",
            "DELETE FROM reactions WHERE room = ? AND target = ?",
        ] {
            connection.prepare_cached(sql)?.execute(params![room, seq])?;
        }
        reads::forget(connection, room, seq)?;
        scrub(connection, room, seq)?;
        gone.append(&mut files::take(connection, room, seq)?);
    }
    Ok(gone)
}

/// As one of SQLite's integers: no seq is beyond them.
fn last(upto: Option<Seq>) -> i64 {
    upto.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX)
}

/// Takes a removed message's text and files out of the log: out of its post and of every edit. They are listed first: with
/// an OR SQLite would read the room's whole log.
fn scrub(connection: &Connection, room: i64, target: Seq) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "UPDATE events SET body = json_remove(json_set(body, '$.text', ''), '$.files')
             WHERE room = ?1 AND json_type(body, '$.text') = 'text'
             AND seq IN (SELECT ?2 UNION ALL SELECT seq FROM events WHERE room = ?1 AND target = ?2)",
        )?
        .execute(params![room, target])
        .map(drop)
}
