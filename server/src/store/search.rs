//! Searching what was written: SQLite's FTS5, with words of our own.
//!
//! There is no index of beginnings: it would make each post write its words three times, and what it would save is some
//! ten milliseconds of a search for two letters in a hundred thousand messages.

pub(super) mod index;
mod query;
mod signposts;
mod words;

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::page::{Found, Hit};
use stonechat_shared::{RoomName, Seq, UserId};

use super::{history, people};
pub(crate) use query::Query;

/// Up to so many rooms are asked of the index; of more, and of all that there are, each message is asked for its room.
const FEW_ROOMS: usize = 8;

/// Where to look, and what for.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) query: Query,
    /// The only rooms that anything may come from.
    pub(crate) rooms: Vec<RoomName>,
    /// The message that a page before this one ended with.
    pub(crate) before: Option<(RoomName, Seq)>,
    pub(crate) limit: usize,
    pub(crate) reader: UserId,
}

/// The newest messages that it is true of, newest first. `None` where the message that it is to go on from is not there.
pub(crate) fn find(connection: &Connection, search: &Search) -> Result<Option<Found>, rusqlite::Error> {
    let transaction = connection.unchecked_transaction()?;
    let before = match &search.before {
        Some((room, seq)) => match post(&transaction, room, *seq)? {
            Some(post) => post,
            None => return Ok(None),
        },
        None => i64::MAX,
    };
    let rooms = keys(&transaction, &search.rooms)?;
    let places = places(&transaction, search, &rooms, before)?;
    let more = places.len() > search.limit;
    let mut messages = Vec::new();
    for (room, seq) in places.into_iter().take(search.limit) {
        let message = history::one(&transaction, room, seq, &search.reader)?;
        let marks = search.query.marks(&message.text);
        let name = rooms.iter().find(|(key, _)| *key == room).map(|(_, name)| name.clone());
        messages.extend(name.map(|room| Hit { room, message, marks }));
    }
    Ok(Some(Found { messages, more }))
}

/// The place of a message among all that were ever posted.
fn post(connection: &Connection, room: &RoomName, seq: Seq) -> Result<Option<i64>, rusqlite::Error> {
    // A seq beyond SQLite's integers names nothing.
    let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
    connection
        .prepare_cached("SELECT post FROM posts WHERE room = (SELECT room FROM rooms WHERE name = ?) AND seq = ?")?
        .query_row(params![room.as_str(), seq], |row| row.get(0))
        .optional()
}

fn keys(connection: &Connection, names: &[RoomName]) -> Result<Vec<(i64, RoomName)>, rusqlite::Error> {
    let mut key = connection.prepare_cached("SELECT room FROM rooms WHERE name = ?")?;
    let found = names.iter().map(|name| {
        let key = key.query_row([name.as_str()], |row| row.get(0)).optional()?;
        Ok(key.map(|key| (key, name.clone())))
    });
    found.filter_map(Result::transpose).collect()
}

/// One more than the limit, which tells whether there is more. What must not be found is left out before the limit is
/// counted.
fn places(
    connection: &Connection,
    search: &Search,
    rooms: &[(i64, RoomName)],
    before: i64,
) -> Result<Vec<(i64, Seq)>, rusqlite::Error> {
    const ALLOWED: &str = "posts.room IN (SELECT value FROM json_each(?2)) AND posts.at >= ?3 AND posts.at < ?4";
    let Query { since, until, .. } = search.query;
    let since = since.unwrap_or_default();
    let until = until.and_then(|until| i64::try_from(until).ok()).unwrap_or(i64::MAX);
    let (limit, allowed) = (search.limit + 1, serde_json::json!(rooms.iter().map(|(key, _)| key).collect::<Vec<_>>()));
    let place = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match expression(connection, &search.query, rooms)? {
        // The index goes from the newest to the oldest by itself, and stops where there is enough.
        Some(words) => connection
            .prepare_cached(&format!(
                "SELECT posts.room, posts.seq FROM search CROSS JOIN posts ON posts.post = search.rowid
                 WHERE search MATCH ?6 AND search.rowid < ?1 AND {ALLOWED} ORDER BY search.rowid DESC LIMIT ?5"
            ))?
            .query_map(params![before, allowed.to_string(), since, until, limit, words], place)?
            .collect(),
        None => connection
            .prepare_cached(&format!(
                "SELECT posts.room, posts.seq FROM posts CROSS JOIN messages USING (room, seq)
                 WHERE posts.post < ?1 AND {ALLOWED} AND NOT removed ORDER BY posts.post DESC LIMIT ?5"
            ))?
            .query_map(params![before, allowed.to_string(), since, until, limit], place)?
            .collect(),
    }
}

/// What the index is asked; nothing where only days were named. Each word is letters and digits and stands in quotes,
/// so that nothing of what was typed is read as FTS5's own language.
fn expression(
    connection: &Connection,
    query: &Query,
    rooms: &[(i64, RoomName)],
) -> Result<Option<String>, rusqlite::Error> {
    let mut all: Vec<String> = Vec::new();
    for term in &query.terms {
        let goes_on = if term.goes_on { " *" } else { "" };
        all.push(format!("text : \"{}\"{goes_on}", term.words.join(" ")));
    }
    if !query.from.is_empty() {
        all.push(one_of(authors(connection, &query.from)?));
    }
    if query.has_file {
        all.push(one_of(vec![index::WITH_FILE.to_owned()]));
    }
    let existing: usize = connection.query_row("SELECT count(*) FROM rooms", [], |row| row.get(0))?;
    if rooms.len() < existing && (1..=FEW_ROOMS).contains(&rooms.len()) {
        all.push(one_of(rooms.iter().map(|(key, _)| index::in_room(*key)).collect()));
    }
    Ok((!all.is_empty()).then(|| all.join(" AND ")))
}

fn one_of(words: Vec<String>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    format!("about : ({})", quoted.join(" OR "))
}

/// Whoever wrote under one of these names, whoever has it now, and whoever has it for an id.
fn authors(connection: &Connection, from: &[String]) -> Result<Vec<String>, rusqlite::Error> {
    let mut authors = Vec::new();
    for name in from {
        authors.extend([index::by_name(name), index::by_id(name)]);
        authors.extend(people::called(connection, name)?.map(|user| index::by_id(user.as_str())));
    }
    Ok(authors)
}

#[cfg(test)]
mod tests;
