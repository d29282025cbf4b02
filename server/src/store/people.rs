//! People and their sessions.

use rusqlite::{Connection, OptionalExtension, Row, params};
use stonechat_shared::UserId;
use stonechat_shared::frame::{Role, User};
use stonechat_shared::ids::Millis;

use crate::refusal::Refusal;

pub(super) fn user(row: &Row<'_>) -> Result<User, rusqlite::Error> {
    let id: String = row.get(0)?;
    let role: String = row.get(2)?;
    Ok(User { id: id.into(), name: row.get(1)?, role: role_from(&role) })
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
    // The two joiners cannot be seen either: see `api::line`.
    let folded = user.name.to_lowercase().replace(['\u{200c}', '\u{200d}'], "");
    let taken = connection
        .prepare_cached("SELECT 1 FROM users WHERE folded = ? AND id <> ?")?
        .exists([folded.as_str(), user.id.as_str()])?;
    if taken {
        return Ok(Err(Refusal::NameTaken));
    }
    connection
        .prepare_cached(
            "INSERT INTO users (id, name, folded, role) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, role = excluded.role",
        )?
        .execute(params![user.id.as_str(), user.name, folded, role_name(user.role)])?;
    Ok(Ok(()))
}

/// A guest is kept from their first message on, so that their id can be asked about.
pub(crate) fn keep_guest(connection: &Connection, user: &User) -> Result<(), rusqlite::Error> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO users (id, name, role) VALUES (?, ?, ?)")?
        .execute(params![user.id.as_str(), user.name, role_name(user.role)])
        .map(drop)
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
