DROP TABLE api_keys;
DROP INDEX users_created;
DROP INDEX users_name;
ALTER TABLE users DROP COLUMN search_text;
ALTER TABLE users DROP COLUMN pending;
