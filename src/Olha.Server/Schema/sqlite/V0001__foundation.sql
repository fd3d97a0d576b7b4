-- Times are bigint milliseconds since 1970 UTC. A row's rev is the revision of its latest form in its stream.

CREATE TABLE epoch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    value TEXT NOT NULL,
    nonce TEXT NOT NULL
);

-- The server's stream: people and settings.
CREATE TABLE server (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    rev BIGINT NOT NULL,
    last_rev BIGINT NOT NULL
);
INSERT INTO server (id, name, rev, last_rev) VALUES (1, 'Olha Mensagem', 0, 0);

-- name_key is the folded name; null only for an adopted account whose folded name belonged to an older one.
-- last_rev is the head of the person's own stream, rev the place in the server's.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    name_key TEXT UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    color BIGINT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    last_rev BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_rev ON users (rev);
CREATE INDEX users_color ON users (color);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- A room's stream: its own row, its messages and its memberships share last_rev. last_seq numbers the messages.
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT,
    name_key TEXT,
    topic TEXT,
    creator_id BIGINT REFERENCES users (id),
    direct_key TEXT UNIQUE,
    is_general BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    first_seq BIGINT NOT NULL DEFAULT 1,
    last_seq BIGINT NOT NULL DEFAULT 0,
    rev BIGINT NOT NULL DEFAULT 0,
    last_rev BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX rooms_open_name ON rooms (name_key) WHERE kind = 'open';
CREATE UNIQUE INDEX rooms_general ON rooms (is_general) WHERE is_general = 1;
-- General: everybody is in it, so it is there before anybody.
INSERT INTO rooms (kind, name, name_key, is_general, created_at, rev, last_rev)
VALUES ('open', 'General', 'general', 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), 1, 1);

-- A membership that ended stays as a tombstone (joined = 0). rev is the room's, person_rev the person's.
CREATE TABLE memberships (
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    joined BIGINT NOT NULL,
    since BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    person_rev BIGINT NOT NULL,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX memberships_rev ON memberships (room_id, rev);
CREATE INDEX memberships_person ON memberships (user_id, person_rev);
CREATE INDEX memberships_joined ON memberships (room_id, user_id) WHERE joined = 1;

-- body holds a text, or a system line's parameters as JSON; null in a tombstone.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    author_id BIGINT NOT NULL REFERENCES users (id),
    cid TEXT,
    kind TEXT NOT NULL,
    body TEXT,
    body_hash BLOB,
    reply_to_seq BIGINT,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq);
CREATE UNIQUE INDEX messages_rev ON messages (room_id, rev);
-- The cid first: good ones begin with the time, so that everybody's newest lie on the same page.
CREATE UNIQUE INDEX messages_cid ON messages (cid, author_id);
-- What counts as unread, and nothing else: counted here without a look at the rows, 40 times as fast.
CREATE INDEX messages_unread ON messages (room_id, seq, author_id) WHERE kind = 'text' AND deleted_at IS NULL;
