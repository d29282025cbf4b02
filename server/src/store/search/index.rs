//! The index is written in the transaction of the event, and is never behind the messages nor ahead of them.
//!
//! It is an FTS5 table without content: it has the words of each message and where they stand, and no second copy of the
//! text. What is taken out must therefore be named by the very words that went in, which are read from the message
//! before it changes. With FTS5's `secure-delete` they then leave its pages at once, rather than when these are next
//! merged, and `signposts` sees to what is left. (`contentless_delete` would only note that a row is gone, and leave its
//! words on the disk.)

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::ids::Millis;
use stonechat_shared::{Author, Seq};

use super::query::name_key;
use super::{signposts, words};

/// The word of a message with a file.
pub(super) const WITH_FILE: &str = "f";
/// Whether a message has one.
const HAS_FILE: &str = "EXISTS (SELECT 1 FROM files WHERE files.room = messages.room AND files.seq = messages.seq)";

/// Takes a new message in.
pub(in crate::store) fn add(
    connection: &Connection,
    room: i64,
    seq: Seq,
    at: Millis,
    author: &Author,
    text: &str,
    has_file: bool,
) -> Result<(), rusqlite::Error> {
    let post = connection
        .prepare_cached("INSERT INTO posts (room, seq, at) VALUES (?, ?, ?) RETURNING post")?
        .query_row(params![room, seq, at], |row| row.get(0))?;
    Entry { post, text, about: about(room, author, has_file) }.write(connection)
}

/// Brings the index up to a message whose text is about to change.
pub(in crate::store) fn change(
    connection: &Connection,
    room: i64,
    seq: Seq,
    text: &str,
) -> Result<(), rusqlite::Error> {
    let (post, about, old) = take_one_out(connection, room, seq)?;
    Entry { post, text, about }.write(connection)?;
    signposts::turn(connection, &words::words(&old))
}

/// Takes messages out whose texts are about to go.
pub(in crate::store) fn take_out(connection: &Connection, room: i64, seqs: &[Seq]) -> Result<(), rusqlite::Error> {
    let mut gone = Vec::new();
    for &seq in seqs {
        let (.., old) = take_one_out(connection, room, seq)?;
        gone.append(&mut words::words(&old));
    }
    gone.sort_by(|one, other| one.text.cmp(&other.text));
    gone.dedup_by(|one, other| one.text == other.text);
    signposts::turn(connection, &gone)
}

/// Answers its place, what the index knows about it besides its words, and its text.
fn take_one_out(connection: &Connection, room: i64, seq: Seq) -> Result<(i64, String, String), rusqlite::Error> {
    let (post, author, old, has_file) = connection
        .prepare_cached(&format!(
            "SELECT post, user, name, text, {HAS_FILE} FROM messages JOIN posts USING (room, seq)
             WHERE room = ? AND seq = ?",
        ))?
        .query_row(params![room, seq], |row| {
            Ok((row.get(0)?, author(row, 1)?, row.get::<_, String>(3)?, row.get(4)?))
        })?;
    let about = about(room, &author, has_file);
    Entry { post, text: &old, about: about.clone() }.take_out(connection)?;
    Ok((post, about, old))
}

/// Makes the index anew where there is none yet, or where it was made by another rule of what a word is.
pub(in crate::store) fn renew(connection: &Connection) -> Result<(), rusqlite::Error> {
    let noted: Option<String> =
        connection.query_row("SELECT value FROM meta WHERE key = 'words'", [], |row| row.get(0)).optional()?;
    let rule = words::rule();
    if noted.as_ref() == Some(&rule) {
        return Ok(());
    }
    connection.execute_batch(
        "INSERT INTO search (search) VALUES ('delete-all');
         DELETE FROM posts;
         INSERT INTO posts (room, seq, at) SELECT room, seq, at FROM messages ORDER BY at, room, seq;",
    )?;
    let mut messages = connection.prepare(&format!(
        "SELECT post, user, name, text, {HAS_FILE}, room FROM posts CROSS JOIN messages USING (room, seq)
         WHERE removed = 0 ORDER BY post",
    ))?;
    let mut rows = messages.query([])?;
    let mut count = 0_u64;
    while let Some(row) = rows.next()? {
        let text: String = row.get(3)?;
        let about = about(row.get(5)?, &author(row, 1)?, row.get(4)?);
        Entry { post: row.get(0)?, text: &text, about }.write(connection)?;
        count += 1;
    }
    if count > 0 {
        tracing::info!(messages = count, "the index for searching was made");
    }
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('words', ?)", [rule]).map(drop)
}

/// A message as the index has it.
struct Entry<'a> {
    post: i64,
    text: &'a str,
    about: String,
}

impl Entry<'_> {
    fn write(&self, connection: &Connection) -> Result<(), rusqlite::Error> {
        connection
            .prepare_cached("INSERT INTO search (rowid, text, about) VALUES (?, ?, ?)")?
            .execute(params![self.post, words::spelled(self.text), self.about])
            .map(drop)
    }

    fn take_out(&self, connection: &Connection) -> Result<(), rusqlite::Error> {
        connection
            .prepare_cached("INSERT INTO search (search, rowid, text, about) VALUES ('delete', ?, ?, ?)")?
            .execute(params![self.post, words::spelled(self.text), self.about])
            .map(drop)
    }
}

fn author(row: &rusqlite::Row<'_>, index: usize) -> Result<Author, rusqlite::Error> {
    Ok(Author { id: row.get::<_, String>(index)?.into(), name: row.get(index + 1)? })
}

/// Where a message stands, who wrote it and whether it has a file, as words: who looks for a common word in one room, or
/// of one person, does not wade through all the others.
fn about(room: i64, author: &Author, has_file: bool) -> String {
    let with = if has_file { WITH_FILE } else { "" };
    [in_room(room), by_id(author.id.as_str()), by_name(&author.name), with.to_owned()].join(" ")
}

pub(super) fn in_room(room: i64) -> String {
    format!("r{room}")
}

pub(super) fn by_id(id: &str) -> String {
    format!("i{}", hex(id))
}

pub(super) fn by_name(name: &str) -> String {
    format!("n{}", hex(&name_key(name)))
}

/// One word to the index, whatever is in it.
fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}
