-- What people say of themselves, and when they were last here.

-- status: a part of the person's form, told in the server's stream; null: nothing.
ALTER TABLE users ADD COLUMN status TEXT;
-- When the last socket closed. Not a part of the form: it has no revision.
ALTER TABLE users ADD COLUMN last_seen_at BIGINT;
