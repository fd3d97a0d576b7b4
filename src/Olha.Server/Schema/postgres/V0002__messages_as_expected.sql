-- What a message can become: answered, edited, reacted to, pinned; and what belongs to a person alone: mentions, saved messages,
-- drafts, how loud a room is.

-- mentions: the ids that the text names as JSON, 0 for everybody in the room. reactions: JSON, who put which emoji, in the order
-- in which they came. Both are a part of the message's form and are read with it.
-- reply_to_author_id: who wrote the message that is answered, which never changes.
ALTER TABLE messages ADD COLUMN reply_to_author_id BIGINT;
ALTER TABLE messages ADD COLUMN mentions TEXT;
ALTER TABLE messages ADD COLUMN reactions TEXT;
ALTER TABLE messages ADD COLUMN pinned_at BIGINT;
ALTER TABLE messages ADD COLUMN pinned_by BIGINT;
CREATE INDEX messages_pinned ON messages (room_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- Bodies that were replaced. rev is that of the form which had this body, at when it was written.
CREATE TABLE message_edits (
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room_id, seq, rev)
);

-- Whom a message means: one row a person named or answered, one with user_id 0 for everybody in the room. A post writes as many
-- rows as it names people, whatever the room's size.
CREATE TABLE mentions (
    room_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (room_id, user_id, seq)
);
CREATE INDEX mentions_newest ON mentions (user_id, message_id);
CREATE INDEX mentions_of ON mentions (room_id, seq);

-- A message that is no longer saved stays as a tombstone (saved = 0), for the person's other devices.
CREATE TABLE saved_messages (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    saved BIGINT NOT NULL,
    at BIGINT NOT NULL,
    person_rev BIGINT NOT NULL,
    PRIMARY KEY (user_id, room_id, seq)
);
CREATE INDEX saved_messages_rev ON saved_messages (user_id, person_rev);

-- What somebody has begun to write. An empty body: nothing.
CREATE TABLE drafts (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    body TEXT NOT NULL,
    reply_to_seq BIGINT,
    at BIGINT NOT NULL,
    person_rev BIGINT NOT NULL,
    PRIMARY KEY (user_id, room_id)
);
CREATE INDEX drafts_rev ON drafts (user_id, person_rev);

-- Null: what suits the kind of room.
ALTER TABLE memberships ADD COLUMN level TEXT;

-- Whether people see who has seen a message.
ALTER TABLE server ADD COLUMN receipts BIGINT NOT NULL DEFAULT 0;
