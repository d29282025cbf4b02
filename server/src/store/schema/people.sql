-- Who may read a room: 'open' to everybody, 'private' or 'direct' to the people in it.
ALTER TABLE rooms ADD COLUMN kind TEXT NOT NULL DEFAULT 'open';
-- Who made it, where that is known and they are still in it.
ALTER TABLE rooms ADD COLUMN maker TEXT;

CREATE TABLE room_people (room INTEGER NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (room, user))
    WITHOUT ROWID;
CREATE INDEX room_people_user ON room_people (user, room);

-- The direct room of each set of people: their ids, in order.
CREATE TABLE directs (people TEXT PRIMARY KEY, room INTEGER NOT NULL) WITHOUT ROWID;

-- `expires` is a moment, `uses` how many more people may come; NULL is no limit.
CREATE TABLE invites (
    id TEXT PRIMARY KEY,
    room INTEGER NOT NULL,
    maker TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires INTEGER,
    uses INTEGER
) WITHOUT ROWID;
CREATE INDEX invites_room ON invites (room, at);
-- Each person counts once, however often they come by it.
CREATE TABLE invite_uses (invite TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (invite, user)) WITHOUT ROWID;

-- Whether the server has an owner is asked where everybody else is not looked at.
CREATE INDEX users_owner ON users (role) WHERE role = 'owner';

-- How often the person went back to an earlier mark on purpose.
ALTER TABLE reads ADD COLUMN back INTEGER NOT NULL DEFAULT 0;
-- Whoever is here already has missed nothing in rooms that they have not been to.
INSERT OR IGNORE INTO reads (user, room, seq)
    SELECT users.id, rooms.room, rooms.head FROM users, rooms WHERE users.folded IS NOT NULL AND rooms.head > 0;
-- What is new to somebody is counted in here, without the texts.
CREATE INDEX messages_unread ON messages (room, seq, user) WHERE removed = 0;

-- The name as it is written behind an `@`. Several people may be called the same.
ALTER TABLE users ADD COLUMN mention TEXT;
CREATE INDEX users_mention ON users (mention) WHERE mention IS NOT NULL;
-- Whom each message calls, by the names that people had when it was written.
CREATE TABLE mentions (user TEXT NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (user, room, seq))
    WITHOUT ROWID;
CREATE INDEX mentions_message ON mentions (room, seq);

-- As JSON, in the shape of the wire.
CREATE TABLE settings (user TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

-- When they were last connected.
ALTER TABLE users ADD COLUMN seen INTEGER;
