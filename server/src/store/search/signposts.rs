//! The one place where FTS5 keeps a word that is gone: its signposts.
//!
//! `search_idx` says where each page of the index begins: with the shortest text that is not before the page's first word
//! and is after the last word of the page before. Often that is the beginning of this first word, and sometimes all of
//! it. `secure-delete` takes the word out of the page, and the signpost away only with the last word of the page; until
//! the next merge it would be there for whoever reads the file. Any text will do that is after what was taken out and not
//! after what follows: so the next word that is there takes its place.

use rusqlite::{Connection, OptionalExtension, params};

use super::words::Word;

/// What FTS5 puts before each word, in an index without beginnings.
const WHOLE_WORD: u8 = b'0';

/// Turns the signposts that only these words stood at, which were just taken out.
pub(super) fn turn(connection: &Connection, gone: &[Word]) -> Result<(), rusqlite::Error> {
    // What waits to be written is written, so that pages and signposts are as they will be.
    connection.prepare_cached("INSERT INTO search (search) VALUES ('flush')")?.execute([])?;
    let segments: Vec<i64> = connection
        .prepare_cached("SELECT DISTINCT segid FROM search_idx")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut nearest = connection
        .prepare_cached("SELECT term FROM search_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1")?;
    for word in gone {
        let key = key(word.text.as_bytes());
        for segment in &segments {
            // It would be the last one that is not after the word.
            let signpost: Option<Vec<u8>> = nearest.query_row(params![segment, key], |row| row.get(0)).optional()?;
            if let Some(signpost) = signpost.filter(|signpost| signpost.len() > 1 && key.starts_with(signpost)) {
                turn_one(connection, *segment, &signpost)?;
            }
        }
    }
    Ok(())
}

fn turn_one(connection: &Connection, segment: i64, signpost: &[u8]) -> Result<(), rusqlite::Error> {
    let next: Option<Vec<u8>> = connection
        .prepare_cached("SELECT CAST(term AS BLOB) FROM search_words WHERE term >= CAST(? AS TEXT) LIMIT 1")?
        .query_row([&signpost[1..]], |row| row.get(0))
        .optional()?;
    // Where a word begins like it, it tells nothing of another one.
    let Some(next) = next.map(|next| key(&next)).filter(|next| !next.starts_with(signpost)) else { return Ok(()) };
    connection
        .prepare_cached("UPDATE search_idx SET term = ? WHERE segid = ? AND term = ?")?
        .execute(params![next, segment, signpost])
        .map(drop)
}

fn key(word: &[u8]) -> Vec<u8> {
    [&[WHOLE_WORD], word].concat()
}
