CREATE TABLE epoch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    value TEXT NOT NULL,
    nonce TEXT NOT NULL
);

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    last_seq BIGINT NOT NULL
);
INSERT INTO rooms (id, last_seq) VALUES (1, 0), (2, 0);

CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    word TEXT UNIQUE,
    bytes BLOB,
    UNIQUE (room_id, seq)
);
