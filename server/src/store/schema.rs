//! The database's shape, and how an older one becomes today's.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::{CannotOpen, gaps, people, search};
use crate::random;

/// One step a version: the step at index N leads from version N to N + 1. A step that has been released is never
/// changed.
const STEPS: [&str; 5] = [
    "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE rooms (
        room INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        topic TEXT NOT NULL DEFAULT '',
        head INTEGER NOT NULL DEFAULT 0,
        at INTEGER NOT NULL DEFAULT 0
    );

    CREATE TABLE users (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        -- The name as it is compared: nobody may look like somebody else by capitals.
        folded TEXT UNIQUE,
        role TEXT NOT NULL
    ) WITHOUT ROWID;

    -- Tokens are kept as digests: who reads the file cannot sign in with it.
    CREATE TABLE sessions (digest BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users(id), at INTEGER NOT NULL)
        WITHOUT ROWID;

    -- The log. `body` is the event as it goes over the wire.
    CREATE TABLE events (
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        user TEXT NOT NULL,
        id TEXT NOT NULL,
        target INTEGER,
        body TEXT NOT NULL,
        PRIMARY KEY (room, seq)
    ) WITHOUT ROWID;
    -- A command is carried out once, for ever.
    CREATE UNIQUE INDEX events_command ON events (user, id);
    CREATE INDEX events_target ON events (room, target) WHERE target IS NOT NULL;

    -- Commands that changed nothing, and made no event: they too are carried out once.
    CREATE TABLE no_changes (user TEXT NOT NULL, id TEXT NOT NULL, room INTEGER NOT NULL, PRIMARY KEY (user, id))
        WITHOUT ROWID;

    -- The fold of the log: messages as they stand.
    CREATE TABLE messages (
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        user TEXT NOT NULL,
        name TEXT NOT NULL,
        id TEXT NOT NULL,
        text TEXT NOT NULL,
        reply INTEGER,
        edited INTEGER,
        removed INTEGER NOT NULL DEFAULT 0,
        pinned INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (room, seq)
    ) WITHOUT ROWID;
    CREATE INDEX messages_user ON messages (room, user, seq);

    -- `first` is the seq at which this emoji was first given: the order in which reactions are shown.
    CREATE TABLE reactions (
        room INTEGER NOT NULL,
        target INTEGER NOT NULL,
        emoji TEXT NOT NULL,
        user TEXT NOT NULL,
        first INTEGER NOT NULL,
        PRIMARY KEY (room, target, emoji, user)
    ) WITHOUT ROWID;

    CREATE TABLE reads (user TEXT NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (user, room))
        WITHOUT ROWID;
",
    include_str!("schema/people.sql"),
    "
    -- Every message of every room in the order in which they came: what the index counts by.
    CREATE TABLE posts (post INTEGER PRIMARY KEY, room INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE UNIQUE INDEX posts_message ON posts (room, seq);
    -- Which word stands where. Words are made by store/search/words.rs and only taken apart here, at their spaces.
    -- Nothing is ranked, so that nobody needs to know how long a message is.
    CREATE VIRTUAL TABLE search USING fts5 (text, about, content = '', columnsize = 0, tokenize = 'ascii');
    -- The words that are there.
    CREATE VIRTUAL TABLE search_words USING fts5vocab (search, instance);
    INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

    -- A room has few of these, and they may be anywhere in it.
    CREATE INDEX messages_pinned ON messages (room, seq) WHERE pinned = 1;
",
    "
    -- What people uploaded. `digest` names the content in the folder beside the database; `room`, `seq` and `place` say
    -- where it is, once it was sent.
    CREATE TABLE files (
        id TEXT PRIMARY KEY,
        user TEXT NOT NULL,
        name TEXT NOT NULL,
        type TEXT NOT NULL,
        size INTEGER NOT NULL,
        width INTEGER,
        height INTEGER,
        digest BLOB NOT NULL,
        at INTEGER NOT NULL,
        room INTEGER,
        seq INTEGER,
        place INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX files_message ON files (room, seq, place) WHERE room IS NOT NULL;
    CREATE INDEX files_user ON files (user);
    CREATE INDEX files_digest ON files (digest);
",
    "
    -- From here on the unused space of pages holds nothing: see gaps.rs.

    -- What answers a message.
    CREATE INDEX messages_reply ON messages (room, reply) WHERE reply IS NOT NULL;
",
];

/// Today's version.
pub(super) const VERSION: usize = STEPS.len();
/// From this version on pages have nothing in their unused space.
const CLEAR: usize = 5;
/// Characters in an epoch: enough that no two histories of one server have the same.
const EPOCH: usize = 8;

/// Brings the database to today's version, in one transaction.
pub(super) fn migrate(connection: &mut Connection, file: &Path) -> Result<(), CannotOpen> {
    let cannot =
        |error: rusqlite::Error| CannotOpen(format!("The database {} cannot be used: {error}.", file.display()));
    let version = version(connection).map_err(cannot)?;
    if version > VERSION {
        return Err(CannotOpen(format!(
            "The database {} is of version {version}, newer than this server, which knows version {VERSION}. \
             Use the newer server, or another folder with --data.",
            file.display()
        )));
    }
    let mut run = || {
        let transaction = connection.transaction()?;
        for step in &STEPS[version..] {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "user_version", VERSION)?;
        people::keep_mentions(&transaction)?;
        search::index::renew(&transaction)?;
        if epoch_row(&transaction)?.is_none() {
            renew_epoch(&transaction)?;
        }
        transaction.execute("INSERT OR IGNORE INTO rooms (name, title) VALUES ('lobby', 'Lobby')", [])?;
        if version < CLEAR {
            gaps::clear_all(&transaction)?;
        }
        transaction.commit()
    };
    run().map_err(cannot)
}

/// 0 where nothing was ever kept in it.
pub(super) fn version(connection: &Connection) -> Result<usize, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Gives the logs another name: from here on they are not what somebody may remember of them.
pub(super) fn renew_epoch(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('epoch', ?)", [random::name(EPOCH)]).map(drop)
}

pub(super) fn epoch(connection: &Connection) -> Result<String, rusqlite::Error> {
    epoch_row(connection).map(Option::unwrap_or_default)
}

fn epoch_row(connection: &Connection) -> Result<Option<String>, rusqlite::Error> {
    connection.query_row("SELECT value FROM meta WHERE key = 'epoch'", [], |row| row.get(0)).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_there_when_reading_marks_come_has_missed_nothing_and_can_be_named() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection
            .execute_batch(
                "PRAGMA user_version = 1;
                 INSERT INTO rooms (name, title, head) VALUES ('lobby', 'Lobby', 7), ('dev', 'dev', 3), ('new', 'new', 0);
                 INSERT INTO users VALUES ('u_1', 'Ann Lee', 'ann lee', 'member'), ('u_2', 'Guest', NULL, 'guest');
                 INSERT INTO reads VALUES ('u_1', 1, 2);",
            )
            .unwrap();
        assert_eq!(migrate(&mut connection, Path::new("old.db")), Ok(()));
        let reads: Vec<(String, u64)> = connection
            .prepare("SELECT user || ' in ' || room, seq FROM reads ORDER BY room")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(reads, [("u_1 in 1".to_owned(), 2), ("u_1 in 2".to_owned(), 3)], "what was kept is kept");
        let named: Vec<Option<String>> = connection
            .prepare("SELECT mention FROM users ORDER BY id")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(named, [Some("ann_lee".to_owned()), None]);
        assert_eq!(version(&connection), Ok(VERSION));
    }

    #[test]
    fn what_an_older_server_left_in_the_unused_space_of_pages_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.db");
        let mut connection = Connection::open(&file).unwrap();
        STEPS[..CLEAR - 1].iter().for_each(|step| connection.execute_batch(step).unwrap());
        connection.pragma_update(None, "user_version", CLEAR - 1).unwrap();
        for seq in 0..500 {
            let body = format!("body{seq:05}").repeat(1 + seq * 7 % 40);
            let insert = "INSERT INTO events VALUES (?, ?, 'ann', ?, NULL, ?)";
            connection.execute(insert, (seq % 7, seq, seq, body)).unwrap();
        }
        assert_ne!(gaps::tests::unclean(&file), [0; 0]);
        assert_eq!(migrate(&mut connection, &file), Ok(()));
        assert_eq!(gaps::tests::unclean(&file), [0; 0]);
    }
}
