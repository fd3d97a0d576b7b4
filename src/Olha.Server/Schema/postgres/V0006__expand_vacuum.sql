-- What is unread is counted in messages_unread. For rows that no vacuum has seen yet PostgreSQL looks at the table as well, for four times the
-- price; by itself it waits until a table has grown by a fifth. It looks every minute by default, and of a table that only grows a vacuum
-- reads what is new.
ALTER TABLE messages SET (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 2000);
