-- Who may come in and how, what they may do, and what was done about it.

-- state: 'active', 'disabled', 'banned' or 'deleted'. What stands here is a part of the person's form, but for the invitation they came by.
ALTER TABLE users ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE users ADD COLUMN pronouns TEXT;
ALTER TABLE users ADD COLUMN time_zone TEXT;
ALTER TABLE users ADD COLUMN invitation_id BIGINT;
CREATE INDEX users_invitation ON users (invitation_id) WHERE invitation_id IS NOT NULL;

-- Null: what the configuration says. retention_days: null is for ever.
ALTER TABLE server ADD COLUMN registration TEXT;
ALTER TABLE server ADD COLUMN message_length BIGINT;
ALTER TABLE server ADD COLUMN messages_per_minute BIGINT;
ALTER TABLE server ADD COLUMN retention_days BIGINT;

-- slow_mode in seconds, 0 none. locked: only moderators may speak. retention_days: null is as the server has it, 0 for ever.
-- A deleted room's row stays, because ids are never given again; to everybody there is no such room.
ALTER TABLE rooms ADD COLUMN slow_mode BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN locked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN retention_days BIGINT;
ALTER TABLE rooms ADD COLUMN deleted_at BIGINT;

-- posted_at: when the member spoke last, kept in rooms in slow mode only.
ALTER TABLE memberships ADD COLUMN moderator BIGINT NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN posted_at BIGINT;

-- A purged message's cid stays spent: (author_id, cid, seq) outlive the message, and what its acknowledgement said.
CREATE TABLE spent_cids (
    cid TEXT NOT NULL,
    author_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    body_hash BLOB,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (cid, author_id)
);

-- Who keeps a message for later, when it is purged.
CREATE INDEX saved_messages_of ON saved_messages (room_id, seq);

-- Secrets are 256 random bits; here lies their SHA-256.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    creator_id BIGINT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    note TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    max_uses BIGINT,
    uses BIGINT NOT NULL DEFAULT 0,
    revoked_at BIGINT
);
CREATE TABLE invitation_rooms (
    invitation_id BIGINT NOT NULL REFERENCES invitations (id),
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    PRIMARY KEY (invitation_id, room_id)
);
-- Who came by which, once each.
CREATE TABLE invitation_uses (
    invitation_id BIGINT NOT NULL REFERENCES invitations (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (invitation_id, user_id)
);

-- Links that work once: kind 'recovery' sets a new password, 'device' signs another device in.
CREATE TABLE links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    creator_id BIGINT REFERENCES users (id),
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_user ON links (user_id);

-- scopes: words with blanks between.
CREATE TABLE access_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX access_tokens_user ON access_tokens (user_id);

-- Messages that members told the moderators of, once each.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    reporter_id BIGINT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by BIGINT
);
CREATE UNIQUE INDEX reports_once ON reports (room_id, seq, reporter_id);
CREATE INDEX reports_open ON reports (id) WHERE resolved_at IS NULL;

-- Administrative acts. actor_id null: the program itself, or its command line. details: JSON, an object of texts.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    actor_id BIGINT,
    action TEXT NOT NULL,
    user_id BIGINT,
    room_id BIGINT,
    details TEXT
);

-- People all of whose messages are being removed: until it is done, so that a restart goes on with it. at: only what was said until then.
CREATE TABLE removals (
    user_id BIGINT NOT NULL PRIMARY KEY,
    actor_id BIGINT,
    at BIGINT NOT NULL,
    removed BIGINT NOT NULL
);
