//! The list of rooms, and who writes in them.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::frame::RoomKind;
use stonechat_shared::ids::Millis;
use stonechat_shared::page::Member;
use stonechat_shared::{RoomName, Seq, UserId};

use super::{people, private};

/// A room as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomRow {
    pub name: RoomName,
    pub title: String,
    pub topic: String,
    pub head: Seq,
    pub kind: RoomKind,
    /// Who made it, where that is known.
    pub maker: Option<UserId>,
    /// Who may read it, unless it is open.
    pub people: Vec<UserId>,
}

impl RoomRow {
    pub fn new(name: RoomName) -> Self {
        Self { name, ..Self::default() }
    }
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<RoomRow>, rusqlite::Error> {
    let mut people: HashMap<i64, Vec<UserId>> = HashMap::new();
    let mut statement = connection.prepare_cached("SELECT room, user FROM room_people ORDER BY room, at")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        people.entry(row.get(0)?).or_default().push(row.get::<_, String>(1)?.into());
    }
    connection
        .prepare_cached("SELECT room, name, title, topic, head, kind, maker FROM rooms ORDER BY room")?
        .query_map([], |row| {
            let (kind, maker): (String, Option<String>) = (row.get(5)?, row.get(6)?);
            Ok(RoomRow {
                name: row.get::<_, String>(1)?.into(),
                title: row.get(2)?,
                topic: row.get(3)?,
                head: row.get(4)?,
                kind: kind_from(&kind),
                maker: maker.map(UserId::from),
                people: people.remove(&row.get(0)?).unwrap_or_default(),
            })
        })?
        .collect()
}

/// Answers whether the room is new.
pub(crate) fn create(connection: &Connection, room: &RoomRow, now: Millis) -> Result<bool, rusqlite::Error> {
    let made = connection
        .prepare_cached("INSERT OR IGNORE INTO rooms (name, title, topic, kind, maker) VALUES (?, ?, ?, ?, ?)")?
        .execute(params![
            room.name.as_str(),
            room.title,
            room.topic,
            kind_name(room.kind),
            room.maker.as_ref().map(UserId::as_str)
        ])?;
    if made == 1 {
        let key = connection.last_insert_rowid();
        room.people.iter().try_for_each(|user| private::add(connection, key, user, now))?;
    }
    Ok(made == 1)
}

/// As which the other tables know it.
pub(super) fn key(connection: &Connection, room: &RoomName) -> Result<Option<i64>, rusqlite::Error> {
    connection
        .prepare_cached("SELECT room FROM rooms WHERE name = ?")?
        .query_row([room.as_str()], |row| row.get(0))
        .optional()
}

fn kind_name(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Open => "open",
        RoomKind::Private => "private",
        RoomKind::Direct => "direct",
    }
}

pub(super) fn kind_from(name: &str) -> RoomKind {
    match name {
        "open" => RoomKind::Open,
        "direct" => RoomKind::Direct,
        // The least that anybody may read.
        _ => RoomKind::Private,
    }
}

/// Everybody who ever wrote in this room under a name that is kept, the latest first.
pub(crate) fn writers(connection: &Connection, room: &RoomName) -> Result<Vec<Member>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT users.id, users.name, users.role, max(messages.at) AS last, users.seen
             FROM messages JOIN users ON users.id = messages.user
             WHERE messages.room = (SELECT room FROM rooms WHERE name = ?) AND users.folded IS NOT NULL
             GROUP BY users.id ORDER BY last DESC",
        )?
        .query_map([room.as_str()], people::member)?
        .collect()
}
