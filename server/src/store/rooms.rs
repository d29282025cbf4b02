//! The list of rooms, who writes in them, and how far each person has read.

use rusqlite::{Connection, params};
use stonechat_shared::frame::RoomHead;
use stonechat_shared::ids::Millis;
use stonechat_shared::page::Member;
use stonechat_shared::{RoomName, Seq, UserId};

use super::people;

/// A room as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    pub name: RoomName,
    pub title: String,
    pub topic: String,
    pub head: Seq,
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<RoomRow>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT name, title, topic, head FROM rooms ORDER BY room")?
        .query_map([], |row| {
            let name: String = row.get(0)?;
            Ok(RoomRow { name: name.into(), title: row.get(1)?, topic: row.get(2)?, head: row.get(3)? })
        })?
        .collect()
}

/// Answers whether the room is new.
pub(crate) fn create(connection: &Connection, room: &RoomHead) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO rooms (name, title, topic) VALUES (?, ?, ?)")?
        .execute(params![room.room.as_str(), room.title, room.topic])
        .map(|rows| rows == 1)
}

/// How far this person has read, by room.
pub(crate) fn reads(connection: &Connection, user: &UserId) -> Result<Vec<(RoomName, Seq)>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT rooms.name, reads.seq FROM reads JOIN rooms USING (room) WHERE user = ?")?
        .query_map([user.as_str()], |row| Ok((RoomName::from(row.get::<_, String>(0)?), row.get(1)?)))?
        .collect()
}

/// Notes how far this person has read: never back, and never beyond the head.
pub(crate) fn read(connection: &Connection, user: &UserId, room: &RoomName, seq: Seq) -> Result<Seq, rusqlite::Error> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT INTO reads (user, room, seq) SELECT ?1, room, min(head, ?3) FROM rooms WHERE name = ?2
             ON CONFLICT (user, room) DO UPDATE SET seq = max(seq, excluded.seq) RETURNING seq",
        )?
        .query_row(params![user.as_str(), room.as_str(), seq], |row| row.get(0))
}

/// Everybody who ever wrote in this room under a name that is kept, the latest first.
pub(crate) fn writers(connection: &Connection, room: &RoomName) -> Result<Vec<Member>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT users.id, users.name, users.role, max(messages.at) AS last
             FROM messages JOIN users ON users.id = messages.user
             WHERE messages.room = (SELECT room FROM rooms WHERE name = ?) AND users.folded IS NOT NULL
             GROUP BY users.id ORDER BY last DESC",
        )?
        .query_map([room.as_str()], |row| {
            let user = people::user(row)?;
            let last: Millis = row.get(3)?;
            Ok(Member { id: user.id, name: user.name, role: user.role, online: false, last_post: Some(last) })
        })?
        .collect()
}
