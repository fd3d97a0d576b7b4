-- What storing posts together costs PostgreSQL alone: a room's row is locked, as many messages are inserted as go into one batch, the
-- heads are written. For pgbench: -D rows=, -D from= and -D to= the rooms.
\set room random(:from, :to)
BEGIN;
SELECT last_seq, last_rev FROM rooms WHERE id = :room ORDER BY id FOR NO KEY UPDATE \gset
INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at) SELECT :room, :last_seq + n, :last_rev + n, 1 + n % 4, to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS') || '-' || :room || '-' || n, 'text', repeat('x', 64), sha256(repeat('x', 64)::bytea), 1796000000000 FROM generate_series(1, :rows) n;
UPDATE rooms SET last_seq = last_seq + :rows, last_rev = last_rev + :rows WHERE id = :room;
COMMIT;
