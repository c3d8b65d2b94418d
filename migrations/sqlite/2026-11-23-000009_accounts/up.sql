-- Registered, not yet approved by an administrator.
ALTER TABLE users ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE;
-- Lower case: name and user name, for substring search.
ALTER TABLE users ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE users SET search_text = lower(name || ' ' || username);
CREATE INDEX users_name ON users (name, id);
CREATE INDEX users_created ON users (created_at, id);

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- SHA-256 of the secret part, in hex. The key itself is not stored.
    secret_hash TEXT NOT NULL,
    -- Separated by commas.
    permissions TEXT NOT NULL,
    -- Networks, separated by commas; empty allows all addresses.
    allowed_addresses TEXT NOT NULL,
    expires_at TIMESTAMP,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    last_used_ip TEXT,
    revoked_at TIMESTAMP
);
-- The audit log refers to a key by its name.
CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_created_by ON api_keys (created_by);
