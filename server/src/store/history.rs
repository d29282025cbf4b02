//! Reading a room: what follows a cursor, and messages as they stand.

use rusqlite::{Connection, Row, params};
use stonechat_shared::event::Reaction;
use stonechat_shared::page::History;
use stonechat_shared::{Author, Message, RoomName, Seq, UserId};

use super::files;

/// Which messages of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The newest before this seq.
    Before(Seq),
    /// The oldest after this seq.
    After(Seq),
    /// Half before, half from this seq on.
    Around(Seq),
    /// The newest before this seq that are pinned.
    Pinned(Seq),
    /// The oldest after a seq that belong to the thread in which this message stands: the one that answers nothing and
    /// leads to it from answer to answer, and all that answer that one or an answer to it.
    Thread { of: Seq, after: Seq },
}

/// Messages of a thread that are found: it bounds what one question costs, and nobody reads on.
const THREAD: usize = 10_000;

/// The encoded events after this cursor, oldest first: as many as `bytes` hold, but one where there is any.
pub fn events_after(
    connection: &Connection,
    room: &RoomName,
    after: Seq,
    bytes: usize,
) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM events WHERE room = (SELECT room FROM rooms WHERE name = ?) AND seq > ? ORDER BY seq",
    )?;
    let mut rows = statement.query(params![room.as_str(), after])?;
    let (mut events, mut size) = (Vec::<String>::new(), 0);
    while let Some(row) = rows.next()? {
        let event: String = row.get(0)?;
        size += event.len();
        if size > bytes && !events.is_empty() {
            break;
        }
        events.push(event);
    }
    Ok(events)
}

/// A page of messages, oldest first. Head and messages are of the same moment.
pub fn page(
    connection: &Connection,
    room: &RoomName,
    range: Range,
    limit: usize,
    reader: &UserId,
) -> Result<History, rusqlite::Error> {
    let transaction = connection.unchecked_transaction()?;
    let (key, head): (i64, Seq) = transaction
        .prepare_cached("SELECT room, head FROM rooms WHERE name = ?")?
        .query_row([room.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (messages, more) = match range {
        Range::Before(seq) => before(&transaction, key, seq, limit, reader)?,
        Range::After(seq) => after(&transaction, key, seq, limit, reader)?,
        Range::Around(seq) => {
            let (mut messages, more) = before(&transaction, key, seq, limit / 2, reader)?;
            messages.extend(after(&transaction, key, seq.saturating_sub(1), limit - limit / 2, reader)?.0);
            (messages, more)
        }
        Range::Pinned(seq) => pinned(&transaction, key, seq, limit, reader)?,
        Range::Thread { of, after } => thread(&transaction, key, of, after, limit, reader)?,
    };
    Ok(History { messages, more, head })
}

const COLUMNS: &str = "SELECT seq, at, user, name, id, text, reply, edited, removed, pinned FROM messages";

fn before(
    connection: &Connection,
    room: i64,
    seq: Seq,
    limit: usize,
    reader: &UserId,
) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let sql = format!("{COLUMNS} WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
    let (mut messages, more) = select(connection, &sql, room, seq, limit, reader)?;
    messages.reverse();
    files::give(connection, room, &mut messages)?;
    Ok((messages, more))
}

fn after(
    connection: &Connection,
    room: i64,
    seq: Seq,
    limit: usize,
    reader: &UserId,
) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let sql = format!("{COLUMNS} WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?");
    let (mut messages, more) = select(connection, &sql, room, seq, limit, reader)?;
    files::give(connection, room, &mut messages)?;
    Ok((messages, more))
}

fn pinned(
    connection: &Connection,
    room: i64,
    seq: Seq,
    limit: usize,
    reader: &UserId,
) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    // A room has few of these: SQLite would rather walk through all that it has.
    let only = "INDEXED BY messages_pinned WHERE pinned = 1";
    let sql = format!("{COLUMNS} {only} AND room = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
    let (mut messages, more) = select(connection, &sql, room, seq, limit, reader)?;
    messages.reverse();
    files::give(connection, room, &mut messages)?;
    Ok((messages, more))
}

fn thread(
    connection: &Connection,
    room: i64,
    of: Seq,
    after: Seq,
    limit: usize,
    reader: &UserId,
) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    let of = i64::try_from(of).unwrap_or(i64::MAX);
    // An answer comes after what it answers: the smallest seq on the way up is where the thread begins.
    let root = connection
        .prepare_cached(
            "WITH RECURSIVE up (seq, reply) AS (
                 SELECT seq, reply FROM messages WHERE room = ?1 AND seq = ?2
                 UNION ALL
                 SELECT messages.seq, messages.reply FROM up JOIN messages ON room = ?1 AND messages.seq = up.reply
                 LIMIT ?3
             )
             SELECT min(seq) FROM up",
        )?
        .query_row(params![room, of, THREAD], |row| row.get::<_, Option<i64>>(0))?;
    let Some(root) = root else { return Ok((Vec::new(), false)) };
    let sql = format!(
        "WITH RECURSIVE thread (part) AS (
             VALUES ({root})
             UNION ALL
             SELECT seq FROM thread JOIN messages INDEXED BY messages_reply ON room = ?1 AND reply = part
             LIMIT {THREAD}
         )
         {COLUMNS} WHERE room = ?1 AND seq > ?2 AND seq IN thread ORDER BY seq LIMIT ?3"
    );
    let (mut messages, more) = select(connection, &sql, room, after, limit, reader)?;
    files::give(connection, room, &mut messages)?;
    Ok((messages, more))
}

/// Reads one more than the limit, which tells whether there is more.
fn select(
    connection: &Connection,
    sql: &str,
    room: i64,
    seq: Seq,
    limit: usize,
    reader: &UserId,
) -> Result<(Vec<Message>, bool), rusqlite::Error> {
    // SQLite's integers are signed; no seq is beyond them.
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let mut messages = connection
        .prepare_cached(sql)?
        .query_map(params![room, seq, limit + 1], message)?
        .collect::<Result<Vec<_>, _>>()?;
    let more = messages.len() > limit;
    messages.truncate(limit);
    for message in messages.iter_mut().filter(|message| !message.removed) {
        message.reactions = reactions(connection, room, message.seq, reader)?;
    }
    Ok((messages, more))
}

/// A message as it stands.
pub(super) fn one(connection: &Connection, room: i64, seq: Seq, reader: &UserId) -> Result<Message, rusqlite::Error> {
    let sql = format!("{COLUMNS} WHERE room = ? AND seq = ?");
    let message = connection.prepare_cached(&sql)?.query_row(params![room, seq], message)?;
    let mut one = [Message { reactions: reactions(connection, room, seq, reader)?, ..message }];
    files::give(connection, room, &mut one)?;
    let [message] = one;
    Ok(message)
}

fn message(row: &Row<'_>) -> Result<Message, rusqlite::Error> {
    let text = |index| row.get::<_, String>(index);
    Ok(Message {
        seq: row.get(0)?,
        at: row.get(1)?,
        user: Author { id: text(2)?.into(), name: text(3)? },
        id: Some(text(4)?.into()),
        text: text(5)?,
        reply: row.get(6)?,
        edited: row.get(7)?,
        removed: row.get(8)?,
        reactions: Vec::new(),
        pinned: row.get(9)?,
        files: Vec::new(),
    })
}

fn reactions(
    connection: &Connection,
    room: i64,
    target: Seq,
    reader: &UserId,
) -> Result<Vec<Reaction>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT emoji, count(*), max(user = ?) FROM reactions WHERE room = ? AND target = ?
             GROUP BY emoji ORDER BY min(first)",
        )?
        .query_map(params![reader.as_str(), room, target], |row| {
            Ok(Reaction { emoji: row.get(0)?, count: row.get(1)?, mine: row.get(2)? })
        })?
        .collect()
}
