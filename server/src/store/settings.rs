//! What each person likes.

use rusqlite::{Connection, OptionalExtension, params};
use stonechat_shared::UserId;
use stonechat_shared::settings::Settings;

/// What this person chose; what nobody chose where that cannot be read any more.
pub(crate) fn get(connection: &Connection, user: &UserId) -> Result<Settings, rusqlite::Error> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM settings WHERE user = ?")?
        .query_row([user.as_str()], |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or_default())
}

pub(crate) fn put(connection: &Connection, user: &UserId, settings: &Settings) -> Result<(), rusqlite::Error> {
    let body = serde_json::to_string(settings).expect("settings have only string keys");
    connection
        .prepare_cached("INSERT OR REPLACE INTO settings (user, body) VALUES (?, ?)")?
        .execute(params![user.as_str(), body])
        .map(drop)
}
