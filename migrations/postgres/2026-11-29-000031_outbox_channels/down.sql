ALTER TABLE outbox DROP COLUMN reported;
UPDATE outbox SET status = 'dead' WHERE status = 'unknown';
ALTER TABLE outbox ADD COLUMN chat_id BIGINT;
UPDATE outbox SET chat_id = CAST(address AS BIGINT) WHERE channel = 'telegram';
DROP INDEX outbox_waiting;
ALTER TABLE outbox DROP COLUMN address;
CREATE INDEX outbox_waiting ON outbox (status, priority, chat_id, id);
