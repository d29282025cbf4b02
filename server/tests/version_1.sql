-- A database as the first version left it: two rooms, an edited message and a removed one.
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

INSERT INTO meta VALUES ('epoch', 'abcdefgh');
INSERT INTO rooms VALUES (1, 'lobby', 'Lobby', '', 5, 1760000005000), (2, 'dev', 'Development', '', 1, 1760000002000);
INSERT INTO users VALUES ('u_ann', 'Ann', 'ann', 'member'), ('u_ben', 'Ben', 'ben', 'member');
INSERT INTO events (room, seq, user, id, target, body) VALUES
    (1, 1, 'u_ann', 'a1', NULL, '{"seq":1,"at":1760000000000,"user":{"id":"u_ann","name":"Ann"},"id":"a1","kind":"post","text":"Stones, 石头"}'),
    (1, 2, 'u_ann', 'a2', NULL, '{"seq":2,"at":1760000001000,"user":{"id":"u_ann","name":"Ann"},"id":"a2","kind":"post","text":""}'),
    (2, 1, 'u_ben', 'b1', NULL, '{"seq":1,"at":1760000002000,"user":{"id":"u_ben","name":"Ben"},"id":"b1","kind":"post","text":"stones of dev"}'),
    (1, 3, 'u_ann', 'a3', NULL, '{"seq":3,"at":1760000003000,"user":{"id":"u_ann","name":"Ann"},"id":"a3","kind":"post","text":"pebbles"}'),
    (1, 4, 'u_ann', 'a4', 2, '{"seq":4,"at":1760000004000,"user":{"id":"u_ann","name":"Ann"},"id":"a4","kind":"remove","target":2}'),
    (1, 5, 'u_ann', 'a5', 3, '{"seq":5,"at":1760000005000,"user":{"id":"u_ann","name":"Ann"},"id":"a5","kind":"edit","target":3,"text":"no pebbles but stones"}');
INSERT INTO messages (room, seq, at, user, name, id, text, reply, edited, removed, pinned) VALUES
    (1, 1, 1760000000000, 'u_ann', 'Ann', 'a1', 'Stones, 石头', NULL, NULL, 0, 0),
    (1, 2, 1760000001000, 'u_ann', 'Ann', 'a2', '', NULL, NULL, 1, 0),
    (1, 3, 1760000003000, 'u_ann', 'Ann', 'a3', 'no pebbles but stones', NULL, 5, 0, 0),
    (2, 1, 1760000002000, 'u_ben', 'Ben', 'b1', 'stones of dev', NULL, NULL, 0, 0);
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
