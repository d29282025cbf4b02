//! What a backup says of itself, so that a restore sees damage that SQLite does not: its pages have no checksums.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::schema;

/// Notes in the database what all of it digests to.
pub(super) fn note(connection: &Connection) -> Result<(), rusqlite::Error> {
    let digest = of(connection)?;
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('digest', ?)", [digest]).map(drop)
}

/// Whether the database still says what it said when its digest was noted. A copy made by other means has none, and
/// is taken at its word.
pub(super) fn holds(connection: &Connection) -> Result<bool, rusqlite::Error> {
    let noted: Option<String> =
        connection.query_row("SELECT value FROM meta WHERE key = 'digest'", [], |row| row.get(0)).optional()?;
    Ok(match noted {
        Some(noted) => noted == of(connection)?,
        None => true,
    })
}

/// From the first change on it would not hold any more.
pub(super) fn forget(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.execute("DELETE FROM meta WHERE key = 'digest'", []).map(drop)
}

fn of(connection: &Connection) -> Result<String, rusqlite::Error> {
    let mut digest = Sha256::new();
    digest.update(schema::version(connection)?.to_le_bytes());
    rows(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema", &mut digest)?;
    for table in tables(connection)? {
        let but = if table == "meta" { " WHERE key <> 'digest'" } else { "" };
        rows(connection, &format!("SELECT * FROM \"{}\"{but}", table.replace('"', "\"\"")), &mut digest)?;
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Those that hold something. The index for searching keeps all of its own in some of these; it is none itself.
fn tables(connection: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn rows(connection: &Connection, query: &str, digest: &mut Sha256) -> Result<(), rusqlite::Error> {
    let mut statement = connection.prepare(query)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            let (kind, bytes): (u8, &[u8]) = match row.get_ref(column)? {
                ValueRef::Null => (0, &[]),
                ValueRef::Integer(number) => (1, &number.to_le_bytes()),
                ValueRef::Real(number) => (2, &number.to_le_bytes()),
                ValueRef::Text(text) => (3, text),
                ValueRef::Blob(blob) => (4, blob),
            };
            // The length too, so that no byte can move from one value into the next unseen.
            digest.update([kind]);
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
    }
    Ok(())
}
