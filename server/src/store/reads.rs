//! How far each person has read, and what is new to them.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::frame::{RoomHead, RoomKind};
use stonechat_shared::{Command, Kind, RoomName, Seq, UserId, limits, markup};

use super::{private, rooms};

/// How many messages a count looks at: whoever wrote that many of their own since they last read gets a number that may
/// be too small, and nobody waits for it.
const LOOK_AT: u32 = 1_000;
/// People whom one message names, at most: more names are a list, not a call.
const NAMED: usize = 50;
/// People whom one name may mean: `Ann Lee` and `Ann_Lee` are two.
const NAMESAKES: u32 = 10;

/// Writes into these lines what is this person's own: how far they have read, what is new, and whom they talk with.
pub(crate) fn personal(connection: &Connection, user: &UserId, lines: &mut [RoomHead]) -> Result<(), rusqlite::Error> {
    let mut marks = marks(connection, user)?;
    let mut people: HashMap<RoomName, Vec<_>> = HashMap::new();
    if lines.iter().any(|line| line.kind == RoomKind::Direct) {
        for (room, author) in private::directs(connection, user)? {
            people.entry(room).or_default().push(author);
        }
    }
    for line in lines {
        (line.read, line.back) = marks.remove(&line.room).unwrap_or_default();
        line.people = people.remove(&line.room).unwrap_or_default();
        if line.read < line.head {
            (line.unread, line.mentions) = count(connection, user, line)?;
        }
    }
    Ok(())
}

fn marks(connection: &Connection, user: &UserId) -> Result<HashMap<RoomName, (Seq, u32)>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT rooms.name, reads.seq, back FROM reads JOIN rooms USING (room) WHERE user = ?")?
        .query_map([user.as_str()], |row| Ok((row.get::<_, String>(0)?.into(), (row.get(1)?, row.get(2)?))))?
        .collect()
}

/// What others wrote in a room after this person's mark, and how much of it is meant for them; each up to a limit.
fn count(connection: &Connection, user: &UserId, line: &RoomHead) -> Result<(u32, u32), rusqlite::Error> {
    let Some(room) = rooms::key(connection, &line.room)? else { return Ok((0, 0)) };
    let unread = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM (
                 SELECT user FROM messages INDEXED BY messages_unread
                 WHERE room = ?1 AND seq > ?2 AND removed = 0 ORDER BY seq LIMIT ?4
             ) WHERE user <> ?3 LIMIT ?5)",
        )?
        .query_row(params![room, line.read, user.as_str(), LOOK_AT, limits::UNREAD], |row| row.get(0))?;
    if line.kind == RoomKind::Direct {
        return Ok((unread, unread));
    }
    let mentions = connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM mentions WHERE user = ? AND room = ? AND seq > ? LIMIT ?)",
        )?
        .query_row(params![user.as_str(), room, line.read, limits::UNREAD], |row| row.get(0))?;
    Ok((unread, mentions))
}

/// Notes how far this person has read: never back, and never beyond the head. `back` is how often the reader knows them
/// to have gone back on purpose; who has not heard of the last time is too late, and false is answered.
pub(crate) fn read(
    connection: &Connection,
    user: &UserId,
    room: &RoomName,
    seq: Seq,
    back: Option<u32>,
) -> Result<bool, rusqlite::Error> {
    let kept: Option<Seq> = connection
        .prepare_cached(
            "INSERT INTO reads (user, room, seq) SELECT ?1, room, min(head, ?3) FROM rooms WHERE name = ?2
             ON CONFLICT (user, room) DO UPDATE SET seq = max(seq, excluded.seq)
             WHERE ?4 IS NULL OR ?4 >= back RETURNING seq",
        )?
        .query_row(params![user.as_str(), room.as_str(), clamp(seq), back], |row| row.get(0))
        .optional()?;
    Ok(kept.is_some())
}

/// Goes back: everything from this message on is new again.
pub(crate) fn unread(connection: &Connection, user: &UserId, room: &RoomName, seq: Seq) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT INTO reads (user, room, seq, back) SELECT ?1, room, min(head, ?3), 1 FROM rooms WHERE name = ?2
             ON CONFLICT (user, room) DO UPDATE SET seq = excluded.seq, back = back + 1",
        )?
        .execute(params![user.as_str(), room.as_str(), clamp(seq.saturating_sub(1))])
        .map(drop)
}

/// Somebody who is new has missed nothing: what was said before they came is history.
pub(super) fn begin(connection: &Connection, user: &UserId) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO reads (user, room, seq)
             SELECT ?, room, head FROM rooms WHERE kind = 'open' AND head > 0",
        )?
        .execute([user.as_str()])
        .map(drop)
}

/// The names that this command calls, as they are looked up. It is read before the writer's turn: that is everybody's.
pub(super) fn names(command: &Command) -> Vec<String> {
    let (Command::Post { text, .. } | Command::Edit { text, .. }) = command else { return Vec::new() };
    let mut names: Vec<String> = markup::mentions(text).map(markup::mention_key).take(NAMED).collect();
    names.sort();
    names.dedup();
    names
}

/// Notes whom an event calls, by the names that people have now, and answers who that is.
pub(super) fn note(
    connection: &Connection,
    room: i64,
    seq: Seq,
    author: &UserId,
    kind: &Kind,
    names: &[String],
) -> Result<Vec<UserId>, rusqlite::Error> {
    let message = kind.target().unwrap_or(seq);
    match kind {
        Kind::Post { .. } => {}
        Kind::Edit { .. } => forget(connection, room, message)?,
        // Those of a removed message went with it.
        Kind::Remove { .. }
        | Kind::React { .. }
        | Kind::Pin { .. }
        | Kind::Purge { .. }
        | Kind::Room { .. }
        | Kind::Unknown => return Ok(Vec::new()),
    }
    let mut called: Vec<UserId> = Vec::new();
    for name in names {
        let mut find = connection.prepare_cached("SELECT id FROM users WHERE mention = ? AND id <> ? LIMIT ?")?;
        let ids = find.query_map(params![name, author.as_str(), NAMESAKES], |row| row.get::<_, String>(0))?;
        for id in ids {
            called.push(id?.into());
        }
    }
    for user in &called {
        connection
            .prepare_cached("INSERT OR IGNORE INTO mentions (user, room, seq) VALUES (?, ?, ?)")?
            .execute(params![user.as_str(), room, message])?;
    }
    Ok(called)
}

/// Whom this message calls is not kept any more.
pub(super) fn forget(connection: &Connection, room: i64, message: Seq) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("DELETE FROM mentions WHERE room = ? AND seq = ?")?
        .execute(params![room, message])
        .map(drop)
}

/// SQLite's integers are signed; no seq is beyond them.
fn clamp(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
