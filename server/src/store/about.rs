//! A room's title and topic, and who may change them.

use rusqlite::{Connection, params};
use stonechat_shared::Kind;
use stonechat_shared::frame::{Role, RoomKind, User};

use super::rooms::kind_from;
use crate::refusal::Refusal;

/// The event that a change makes, nothing where all of it stands already, or why not.
pub(super) fn judge(
    connection: &Connection,
    room: i64,
    user: &User,
    title: Option<&String>,
    topic: Option<&String>,
) -> Result<Result<Option<Kind>, Refusal>, rusqlite::Error> {
    let (now_title, now_topic, kind, maker): (String, String, String, Option<String>) = connection
        .prepare_cached("SELECT title, topic, kind, maker FROM rooms WHERE room = ?")?
        .query_row([room], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    if kind_from(&kind) == RoomKind::Direct {
        return Ok(Err(Refusal::NoTitle));
    }
    let may = match (user.role, maker) {
        (Role::Guest, _) => return Ok(Err(Refusal::GuestsMayNot)),
        (Role::Moderator | Role::Owner, _) => true,
        (Role::Member, Some(maker)) => maker == user.id.as_str(),
        // Nobody is there who would have to be asked.
        (Role::Member, None) => !has_owner(connection)?,
    };
    if !may {
        return Ok(Err(Refusal::NotYourRoom));
    }
    let title = title.filter(|title| **title != now_title).cloned();
    let topic = topic.filter(|topic| **topic != now_topic).cloned();
    Ok(Ok((title.is_some() || topic.is_some()).then_some(Kind::Room { title, topic })))
}

fn has_owner(connection: &Connection) -> Result<bool, rusqlite::Error> {
    connection.prepare_cached("SELECT 1 FROM users WHERE role = 'owner'")?.exists(params![])
}
