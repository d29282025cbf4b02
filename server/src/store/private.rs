//! Rooms that are not open to everybody: who is in them.

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::frame::RoomKind;
use stonechat_shared::ids::Millis;
use stonechat_shared::page::Member;
use stonechat_shared::{Author, RoomName, UserId};

use super::people;
use super::rooms::{self, RoomRow};
use crate::refusal::Refusal;

/// The room of exactly these people, and whether it is new. `name` is what it is called if it is.
pub(crate) fn direct(
    connection: &Connection,
    mut people: Vec<UserId>,
    name: RoomName,
    now: Millis,
) -> Result<Result<(RoomRow, bool), Refusal>, rusqlite::Error> {
    people.sort();
    let set = people.iter().map(UserId::as_str).collect::<Vec<_>>().join(" ");
    let known: Option<String> = connection
        .prepare_cached("SELECT rooms.name FROM directs JOIN rooms USING (room) WHERE people = ?")?
        .query_row([&set], |row| row.get(0))
        .optional()?;
    let mut row = RoomRow { kind: RoomKind::Direct, people, ..RoomRow::new(name) };
    if let Some(known) = known {
        row.name = known.into();
        return Ok(Ok((row, false)));
    }
    for user in &row.people {
        // Guests are somebody else tomorrow: nobody could answer them.
        if !connection
            .prepare_cached("SELECT 1 FROM users WHERE id = ? AND folded IS NOT NULL")?
            .exists([user.as_str()])?
        {
            return Ok(Err(Refusal::NoSuchUser));
        }
    }
    rooms::create(connection, &row, now)?;
    connection
        .prepare_cached("INSERT INTO directs (people, room) SELECT ?, room FROM rooms WHERE name = ?")?
        .execute([set.as_str(), row.name.as_str()])?;
    Ok(Ok((row, true)))
}

/// Lets somebody in. Who has been there before has read what they had read.
pub(super) fn add(connection: &Connection, room: i64, user: &UserId, now: Millis) -> Result<(), rusqlite::Error> {
    connection.prepare_cached("INSERT INTO room_people (room, user, at) VALUES (?, ?, ?)")?.execute(params![
        room,
        user.as_str(),
        now
    ])?;
    connection
        .prepare_cached("INSERT OR IGNORE INTO reads (user, room, seq) SELECT ?, room, head FROM rooms WHERE room = ?")?
        .execute(params![user.as_str(), room])
        .map(drop)
}

pub(super) fn has(connection: &Connection, room: i64, user: &UserId) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT 1 FROM room_people WHERE room = ? AND user = ?")?
        .exists(params![room, user.as_str()])
}

/// Lets go of somebody, and of the ways in that they made for others: they may not come back by one of their own.
pub(crate) fn leave(connection: &Connection, room: &RoomName, user: &UserId) -> Result<(), rusqlite::Error> {
    let Some(room) = rooms::key(connection, room)? else { return Ok(()) };
    for sql in [
        "DELETE FROM room_people WHERE room = ?1 AND user = ?2",
        "DELETE FROM invite_uses WHERE invite IN (SELECT id FROM invites WHERE room = ?1 AND maker = ?2)",
        "DELETE FROM invites WHERE room = ?1 AND maker = ?2",
        "UPDATE rooms SET maker = NULL WHERE room = ?1 AND maker = ?2",
    ] {
        connection.prepare_cached(sql)?.execute(params![room, user.as_str()])?;
    }
    Ok(())
}

/// Who is in each of this person's direct rooms.
pub(crate) fn directs(connection: &Connection, user: &UserId) -> Result<Vec<(RoomName, Author)>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT rooms.name, users.id, users.name FROM room_people AS mine
             JOIN rooms ON rooms.room = mine.room AND rooms.kind = 'direct'
             JOIN room_people AS people ON people.room = mine.room JOIN users ON users.id = people.user
             WHERE mine.user = ? ORDER BY mine.room, users.id",
        )?
        .query_map([user.as_str()], |row| {
            let (room, id): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((room.into(), Author { id: id.into(), name: row.get(2)? }))
        })?
        .collect()
}

/// Everybody who is in this room, those who wrote last first.
pub(crate) fn members(connection: &Connection, room: &RoomName) -> Result<Vec<Member>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT users.id, users.name, users.role, (
                 SELECT at FROM messages WHERE messages.room = room_people.room AND messages.user = users.id
                 ORDER BY seq DESC LIMIT 1
             ) AS last, users.seen
             FROM room_people JOIN users ON users.id = room_people.user
             WHERE room_people.room = (SELECT room FROM rooms WHERE name = ?) ORDER BY last DESC, room_people.at",
        )?
        .query_map([room.as_str()], people::member)?
        .collect()
}
