//! Ways into private rooms that people make for others.

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::ids::Millis;
use stonechat_shared::page::{Invitation, Invite, NewInvite};
use stonechat_shared::{Author, RoomName, UserId};

use super::{private, rooms};
use crate::refusal::Refusal;

/// Ways into one room that may be open at once: more than anybody keeps an eye on.
const INVITES: u64 = 100;

/// Those that still lead in: `?1` is now.
const OPEN: &str = "(expires IS NULL OR expires > ?1) AND (uses IS NULL OR uses > 0)";

/// Makes one, and forgets those of this room that lead nowhere any more.
pub(crate) fn make(
    connection: &Connection,
    room: &RoomName,
    maker: &Author,
    id: String,
    new: &NewInvite,
    now: Millis,
) -> Result<Result<Invite, Refusal>, rusqlite::Error> {
    let Some(room) = rooms::key(connection, room)? else { return Ok(Err(Refusal::NoSuchRoom)) };
    let spent = format!("SELECT id FROM invites WHERE room = ?2 AND NOT ({OPEN})");
    for sql in [
        format!("DELETE FROM invite_uses WHERE invite IN ({spent})"),
        format!("DELETE FROM invites WHERE id IN ({spent})"),
    ] {
        connection.prepare_cached(&sql)?.execute(params![now, room])?;
    }
    let open: u64 = connection
        .prepare_cached("SELECT count(*) FROM invites WHERE room = ?")?
        .query_row([room], |row| row.get(0))?;
    if open >= INVITES {
        return Ok(Err(Refusal::TooManyInvites));
    }
    connection
        .prepare_cached("INSERT INTO invites (id, room, maker, at, expires, uses) VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![id, room, maker.id.as_str(), now, new.expires_ms.map(|ms| now + ms), new.uses])?;
    Ok(Ok(Invite { invite: id, user: maker.clone(), expires_ms: new.expires_ms, uses: new.uses }))
}

/// Those of this room that still lead in, the newest first.
pub(crate) fn list(connection: &Connection, room: &RoomName, now: Millis) -> Result<Vec<Invite>, rusqlite::Error> {
    connection
        .prepare_cached(&format!(
            "SELECT invites.id, users.id, users.name, expires - ?1, uses FROM invites JOIN users ON users.id = maker
             WHERE room = (SELECT room FROM rooms WHERE name = ?2) AND {OPEN} ORDER BY at DESC, invites.id"
        ))?
        .query_map(params![now, room.as_str()], |row| {
            let user = Author { id: row.get::<_, String>(1)?.into(), name: row.get(2)? };
            Ok(Invite { invite: row.get(0)?, user, expires_ms: row.get(3)?, uses: row.get(4)? })
        })?
        .collect()
}

/// Takes one back. Answers whether there was one of this room.
pub(crate) fn revoke(connection: &Connection, room: &RoomName, id: &str) -> Result<bool, rusqlite::Error> {
    let gone = connection
        .prepare_cached("DELETE FROM invites WHERE id = ? AND room = (SELECT room FROM rooms WHERE name = ?)")?
        .execute([id, room.as_str()])?;
    if gone > 0 {
        connection.prepare_cached("DELETE FROM invite_uses WHERE invite = ?")?.execute([id])?;
    }
    Ok(gone > 0)
}

/// Where it leads.
pub(crate) fn show(connection: &Connection, id: &str, now: Millis) -> Result<Option<Invitation>, rusqlite::Error> {
    connection
        .prepare_cached(&format!(
            "SELECT title, topic, (SELECT count(*) FROM room_people WHERE room_people.room = rooms.room)
             FROM invites JOIN rooms USING (room) WHERE id = ?2 AND {OPEN}"
        ))?
        .query_row(params![now, id], |row| {
            Ok(Invitation { title: row.get(0)?, topic: row.get(1)?, people: row.get(2)? })
        })
        .optional()
}

/// Lets somebody in by it, and says where they are now, and whether they are new there. Within the writer's
/// transaction: two who come at once cannot both be the last one.
pub(crate) fn join(
    connection: &Connection,
    id: &str,
    user: &UserId,
    now: Millis,
) -> Result<Result<(RoomName, bool), Refusal>, rusqlite::Error> {
    let found: Option<(i64, String, Option<u32>)> = connection
        .prepare_cached(
            "SELECT rooms.room, rooms.name, uses FROM invites JOIN rooms USING (room)
             WHERE id = ? AND (expires IS NULL OR expires > ?)",
        )?
        .query_row(params![id, now], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((room, name, uses)) = found else { return Ok(Err(Refusal::NoSuchInvite)) };
    if private::has(connection, room, user)? {
        return Ok(Ok((name.into(), false)));
    }
    let by_it = params![id, user.as_str()];
    let counted =
        connection.prepare_cached("SELECT 1 FROM invite_uses WHERE invite = ? AND user = ?")?.exists(by_it)?;
    if !counted {
        if uses == Some(0) {
            return Ok(Err(Refusal::NoSuchInvite));
        }
        connection.prepare_cached("UPDATE invites SET uses = uses - 1 WHERE id = ?")?.execute([id])?;
        connection.prepare_cached("INSERT INTO invite_uses (invite, user) VALUES (?, ?)")?.execute(by_it)?;
    }
    private::add(connection, room, user, now)?;
    Ok(Ok((name.into(), true)))
}
