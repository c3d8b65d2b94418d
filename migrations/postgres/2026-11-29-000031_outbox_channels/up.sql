-- A message has an address on its channel. Until now every address was the number of a Telegram chat.
-- Addresses are compared byte by byte, as the program does.
ALTER TABLE outbox ADD COLUMN address TEXT COLLATE "C";
UPDATE outbox SET address = CAST(chat_id AS TEXT);
DROP INDEX outbox_waiting;
ALTER TABLE outbox DROP COLUMN chat_id;
CREATE INDEX outbox_waiting ON outbox (status, channel, priority, address, id);

-- The furthest state that the provider has reported after it accepted the message.
ALTER TABLE outbox ADD COLUMN reported TEXT;
