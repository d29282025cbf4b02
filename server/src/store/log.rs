//! A room's log and its fold: the only place where an event comes about.

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::frame::{Role, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::{Command, CommandId, Event, Kind, RoomName, Seq, UserId};

use super::contents::Digest;
use super::{about, files, people, private, reads, removal, search};
use crate::refusal::Refusal;

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The room of the first outcome, where this was a repeat.
    pub room: RoomName,
    /// Nothing where nothing had to change.
    pub seq: Option<Seq>,
    /// This id was carried out before, and now again was not.
    pub again: bool,
    /// What to tell the readers: the event, and its encoded form.
    pub event: Option<(Event, String)>,
    /// Whom it calls by name.
    pub called: Vec<UserId>,
    /// What was in the files that went with it.
    pub(super) gone: Vec<Digest>,
}

impl Committed {
    /// What makes no event: it stands already, or was carried out before.
    fn nothing(room: RoomName, seq: Option<Seq>, again: bool) -> Self {
        Self { room, seq, again, event: None, called: Vec::new(), gone: Vec::new() }
    }
}

/// Carries one command out, within a transaction; `names` are those that it calls, and what was written before `since`
/// stays as it is. A refusal has written nothing.
///
/// # Errors
/// The database's. The transaction must then be taken back.
pub(super) fn commit(
    connection: &Connection,
    room: &RoomName,
    user: &User,
    command: &Command,
    names: &[String],
    now: Millis,
    since: Millis,
) -> Result<Result<Committed, Refusal>, rusqlite::Error> {
    let Some(id) = command.id() else { return Ok(Err(Refusal::UnknownCommand)) };
    if let Some(first) = first_outcome(connection, &user.id, id)? {
        return Ok(Ok(first));
    }
    let found: Option<(i64, bool)> = connection
        .prepare_cached("SELECT room, kind = 'open' FROM rooms WHERE name = ?")?
        .query_row([room.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((key, is_open)) = found else { return Ok(Err(Refusal::NoSuchRoom)) };
    // Who was in it when the session asked may have left since.
    if !is_open && !private::has(connection, key, &user.id)? {
        return Ok(Err(Refusal::NoSuchRoom));
    }
    let kind = match judge(connection, key, user, command, since)? {
        Ok(Some(kind)) => kind,
        Ok(None) => {
            keep_no_change(connection, key, user, id)?;
            return Ok(Ok(Committed::nothing(room.clone(), None, false)));
        }
        Err(refusal) => return Ok(Err(refusal)),
    };
    if user.role == Role::Guest {
        people::keep_guest(connection, user)?;
    }
    let event = append(connection, key, user, id, kind, now)?;
    let gone = fold(connection, key, &event)?;
    let called = reads::note(connection, key, event.seq, &user.id, &event.kind, names)?;
    let encoded = event.encode();
    connection
        .prepare_cached("INSERT INTO events (room, seq, user, id, target, body) VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![key, event.seq, user.id.as_str(), id.as_str(), event.kind.target(), encoded])?;
    let (room, seq) = (room.clone(), Some(event.seq));
    Ok(Ok(Committed { room, seq, again: false, event: Some((event, encoded)), called, gone }))
}

/// What this command did when it was carried out, where it was.
pub(super) fn first_outcome(
    connection: &Connection,
    user: &UserId,
    id: &CommandId,
) -> Result<Option<Committed>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT rooms.name, first.seq FROM rooms JOIN (
                 SELECT room, seq FROM events WHERE user = ?1 AND id = ?2
                 UNION ALL SELECT room, NULL FROM no_changes WHERE user = ?1 AND id = ?2
             ) AS first USING (room)",
        )?
        .query_row([user.as_str(), id.as_str()], |row| {
            let room: String = row.get(0)?;
            Ok(Committed::nothing(room.into(), row.get(1)?, true))
        })
        .optional()
}

/// A command that found its work done is remembered too: carried out later, it might find it undone.
fn keep_no_change(connection: &Connection, room: i64, user: &User, id: &CommandId) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("INSERT INTO no_changes (user, id, room) VALUES (?, ?, ?)")?
        .execute(params![user.id.as_str(), id.as_str(), room])
        .map(drop)
}

/// What the log says to a command: the event that it makes, nothing where that already stands, or why not.
fn judge(
    connection: &Connection,
    room: i64,
    user: &User,
    command: &Command,
    since: Millis,
) -> Result<Result<Option<Kind>, Refusal>, rusqlite::Error> {
    let target = |seq: Seq| Target::find(connection, room, seq);
    Ok(match command {
        Command::Post { text, reply, files, .. } => match reply {
            Some(seq) if target(*seq)?.is_none() => Err(Refusal::NoSuchMessage),
            Some(_) | None => files::to_send(connection, user, files)?
                .map(|files| Some(Kind::Post { text: text.clone(), reply: *reply, files })),
        },
        Command::Edit { target: seq, text, .. } => match target(*seq)? {
            Some(target) if target.removed => Err(Refusal::NoSuchMessage),
            Some(target) if target.user != user.id.as_str() => Err(Refusal::NotYours),
            Some(target) if target.at < since => Err(Refusal::TooLate),
            Some(_) => Ok(Some(Kind::Edit { target: *seq, text: text.clone() })),
            None => Err(Refusal::NoSuchMessage),
        },
        Command::Remove { target: seq, .. } => match target(*seq)? {
            Some(target) if target.user != user.id.as_str() && user.role < Role::Moderator => Err(Refusal::NotYours),
            Some(target) if !target.removed && target.at < since && user.role < Role::Moderator => {
                Err(Refusal::TooLate)
            }
            Some(target) => Ok((!target.removed).then_some(Kind::Remove { target: *seq })),
            None => Err(Refusal::NoSuchMessage),
        },
        Command::React { target: seq, emoji, on, .. } => match target(*seq)? {
            Some(target) if !target.removed => {
                let stands = has_reacted(connection, room, *seq, emoji, user)?;
                Ok((stands != *on).then(|| Kind::React { target: *seq, emoji: emoji.clone(), on: *on }))
            }
            Some(_) | None => Err(Refusal::NoSuchMessage),
        },
        Command::Pin { target: seq, on, .. } => match target(*seq)? {
            Some(_) if user.role == Role::Guest => Err(Refusal::GuestsMayNot),
            Some(target) if !target.removed => {
                Ok((target.pinned != *on).then_some(Kind::Pin { target: *seq, on: *on }))
            }
            Some(_) | None => Err(Refusal::NoSuchMessage),
        },
        Command::Purge { user: author, upto, .. } => removal::judge(connection, room, user, author, *upto, since)?,
        Command::Set { title, topic, .. } => about::judge(connection, room, user, title.as_ref(), topic.as_ref())?,
        Command::Join { .. }
        | Command::Leave { .. }
        | Command::Typing { .. }
        | Command::Read { .. }
        | Command::Unread { .. }
        | Command::Away { .. }
        | Command::Ping { .. }
        | Command::Pong => Err(Refusal::UnknownCommand),
    })
}

/// What a judgement needs to know of a message.
struct Target {
    user: String,
    at: Millis,
    removed: bool,
    pinned: bool,
}

impl Target {
    fn find(connection: &Connection, room: i64, seq: Seq) -> Result<Option<Self>, rusqlite::Error> {
        // A seq beyond SQLite's integers names nothing.
        let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
        connection
            .prepare_cached("SELECT user, at, removed, pinned FROM messages WHERE room = ? AND seq = ?")?
            .query_row([room, seq], |row| {
                Ok(Self { user: row.get(0)?, at: row.get(1)?, removed: row.get(2)?, pinned: row.get(3)? })
            })
            .optional()
    }
}

fn has_reacted(
    connection: &Connection,
    room: i64,
    target: Seq,
    emoji: &str,
    user: &User,
) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT 1 FROM reactions WHERE room = ? AND target = ? AND emoji = ? AND user = ?")?
        .exists(params![room, target, emoji, user.id.as_str()])
}

/// Takes the room's next seq, and a time that never goes back.
fn append(
    connection: &Connection,
    room: i64,
    user: &User,
    id: &CommandId,
    kind: Kind,
    now: Millis,
) -> Result<Event, rusqlite::Error> {
    let (seq, at) = connection
        .prepare_cached("UPDATE rooms SET head = head + 1, at = max(at, ?) WHERE room = ? RETURNING head, at")?
        .query_row(params![now, room], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Event { seq, at, user: user.author(), id: Some(id.clone()), kind })
}

/// Brings the messages up to this event, as `Message::apply` does it in memory; answers what was in files that went.
fn fold(connection: &Connection, room: i64, event: &Event) -> Result<Vec<Digest>, rusqlite::Error> {
    let execute =
        |sql: &str, values: &[&dyn rusqlite::ToSql]| connection.prepare_cached(sql)?.execute(values).map(drop);
    let (author, seq) = (event.user.id.as_str(), event.seq);
    match &event.kind {
        Kind::Post { text, reply, files } => {
            search::index::add(connection, room, seq, event.at, &event.user, text, !files.is_empty())?;
            files::put(connection, room, seq, files)?;
            execute(
                "INSERT INTO messages (room, seq, at, user, name, id, text, reply) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    room,
                    seq,
                    event.at,
                    author,
                    event.user.name,
                    event.id.as_ref().map(CommandId::as_str),
                    text,
                    reply
                ],
            )
        }
        Kind::Edit { target, text } => {
            search::index::change(connection, room, *target, text)?;
            execute(
                "UPDATE messages SET text = ?, edited = ? WHERE room = ? AND seq = ?",
                params![text, seq, room, target],
            )
        }
        Kind::Remove { target } => return removal::of_message(connection, room, *target),
        Kind::Purge { author, upto } => return removal::of_all(connection, room, author, *upto),
        Kind::React { target, emoji, on: true } => execute(
            "INSERT INTO reactions (room, target, emoji, user, first) VALUES (?1, ?2, ?3, ?4, coalesce(
                (SELECT first FROM reactions WHERE room = ?1 AND target = ?2 AND emoji = ?3 LIMIT 1), ?5))",
            params![room, target, emoji, author, seq],
        ),
        Kind::React { target, emoji, on: false } => execute(
            "DELETE FROM reactions WHERE room = ? AND target = ? AND emoji = ? AND user = ?",
            params![room, target, emoji, author],
        ),
        Kind::Pin { target, on } => {
            execute("UPDATE messages SET pinned = ? WHERE room = ? AND seq = ?", params![on, room, target])
        }
        Kind::Room { title, topic } => execute(
            "UPDATE rooms SET title = coalesce(?, title), topic = coalesce(?, topic) WHERE room = ?",
            params![title, topic, room],
        ),
        Kind::Unknown => Ok(()),
    }
    .map(|()| Vec::new())
}
