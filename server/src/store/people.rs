//! People and their sessions.

use rusqlite::{Connection, OptionalExtension, Row, params};
use stonechat_shared::frame::{Role, User};
use stonechat_shared::ids::Millis;
use stonechat_shared::page::Member;
use stonechat_shared::{UserId, markup};

use super::reads;
use crate::refusal::Refusal;

pub(super) fn user(row: &Row<'_>) -> Result<User, rusqlite::Error> {
    let id: String = row.get(0)?;
    let role: String = row.get(2)?;
    Ok(User { id: id.into(), name: row.get(1)?, role: role_from(&role), away: false })
}

/// Somebody of a room, as far as the store knows: with the columns of [`user`], when they last wrote and when they were
/// last here.
pub(super) fn member(row: &Row<'_>) -> Result<Member, rusqlite::Error> {
    let User { id, name, role, .. } = user(row)?;
    Ok(Member { id, name, role, online: false, away: false, last_post: row.get(3)?, seen: row.get(4)? })
}

pub(crate) fn find(connection: &Connection, id: &UserId) -> Result<Option<User>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT id, name, role FROM users WHERE id = ?")?
        .query_row([id.as_str()], user)
        .optional()
}

/// Whose session has this digest.
pub(crate) fn by_session(connection: &Connection, digest: &[u8]) -> Result<Option<User>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT users.id, name, role FROM users JOIN sessions ON sessions.user = users.id WHERE digest = ?",
        )?
        .query_row([digest], user)
        .optional()
}

/// Gives somebody this name: a new person, or one who is known already under another name.
pub(crate) fn name(connection: &Connection, user: &User) -> Result<Result<(), Refusal>, rusqlite::Error> {
    let folded = folded(&user.name);
    let taken = connection
        .prepare_cached("SELECT 1 FROM users WHERE folded = ? AND id <> ?")?
        .exists([folded.as_str(), user.id.as_str()])?;
    if taken {
        return Ok(Err(Refusal::NameTaken));
    }
    if find(connection, &user.id)?.is_none() {
        reads::begin(connection, &user.id)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO users (id, name, folded, role, mention) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, role = excluded.role,
                 mention = excluded.mention",
        )?
        .execute(params![user.id.as_str(), user.name, folded, role_name(user.role), markup::mention_key(&user.name)])?;
    Ok(Ok(()))
}

/// Notes how people are called behind an `@` who came before that was kept.
pub(super) fn keep_mentions(connection: &Connection) -> Result<(), rusqlite::Error> {
    let mut find =
        connection.prepare("SELECT id, name, role FROM users WHERE folded IS NOT NULL AND mention IS NULL")?;
    let people: Vec<User> = find.query_map([], user)?.collect::<Result<_, _>>()?;
    people.iter().try_for_each(|user| {
        let called = params![markup::mention_key(&user.name), user.id.as_str()];
        connection.execute("UPDATE users SET mention = ? WHERE id = ?", called).map(drop)
    })
}

/// Who has this name now.
pub(super) fn called(connection: &Connection, name: &str) -> Result<Option<UserId>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT id FROM users WHERE folded = ?")?
        .query_row([folded(name)], |row| row.get::<_, String>(0))
        .optional()
        .map(|id| id.map(UserId::from))
}

fn folded(name: &str) -> String {
    // The two joiners cannot be seen either: see `api::line`.
    name.to_lowercase().replace(['\u{200c}', '\u{200d}'], "")
}

/// A guest is kept from their first message on, so that their id can be asked about.
pub(crate) fn keep_guest(connection: &Connection, user: &User) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO users (id, name, role) VALUES (?, ?, ?)")?
        .execute(params![user.id.as_str(), user.name, role_name(user.role)])
        .map(drop)
}

/// Notes when these people were last here.
pub(crate) fn seen(connection: &Connection, people: &[(UserId, Millis)]) -> Result<(), rusqlite::Error> {
    let mut note = connection.prepare_cached("UPDATE users SET seen = max(coalesce(seen, 0), ?) WHERE id = ?")?;
    people.iter().try_for_each(|(user, at)| note.execute(params![at, user.as_str()]).map(drop))
}

pub(crate) fn start_session(
    connection: &Connection,
    digest: &[u8],
    user: &UserId,
    now: Millis,
) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("INSERT INTO sessions (digest, user, at) VALUES (?, ?, ?)")?
        .execute(params![digest, user.as_str(), now])
        .map(drop)
}

/// Answers whether there was such a session.
pub(crate) fn end_session(connection: &Connection, digest: &[u8]) -> Result<bool, rusqlite::Error> {
    connection.prepare_cached("DELETE FROM sessions WHERE digest = ?")?.execute([digest]).map(|rows| rows == 1)
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Guest => "guest",
        Role::Member => "member",
        Role::Moderator => "moderator",
        Role::Owner => "owner",
    }
}

fn role_from(name: &str) -> Role {
    match name {
        "owner" => Role::Owner,
        "moderator" => Role::Moderator,
        "member" => Role::Member,
        // The least that anybody may do.
        _ => Role::Guest,
    }
}
