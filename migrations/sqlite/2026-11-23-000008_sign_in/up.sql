-- Counts of failed sign-ins. The key is a keyed hash, so user names and addresses cannot be read
-- from it.
CREATE TABLE login_throttles (
    key TEXT PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    counted_at TIMESTAMP NOT NULL,
    blocked_until TIMESTAMP NOT NULL
);
CREATE INDEX login_throttles_counted ON login_throttles (counted_at);

CREATE TABLE login_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- A rejected registration is deleted together with its attempts.
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX login_attempts_user ON login_attempts (user_id, id);
CREATE INDEX login_attempts_place ON login_attempts (user_id, ip, outcome);
CREATE INDEX login_attempts_at ON login_attempts (at);

-- The secret of each refresh token is derived from the nonce, the generation and a key of the server, so
-- that the same successor can be returned twice. Older sessions get their nonce with their next token.
ALTER TABLE sessions ADD COLUMN family_nonce TEXT;
ALTER TABLE sessions ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN rotated_at TIMESTAMP;

-- A ticket belongs to a session; older tickets are dropped, as they were valid for 30 seconds only.
DROP TABLE ws_tickets;
CREATE TABLE ws_tickets (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX ws_tickets_session ON ws_tickets (session_id);
CREATE INDEX ws_tickets_expiry ON ws_tickets (expires_at);

-- True once the second factor is confirmed. In this table because every request reads the user's row.
ALTER TABLE users ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE second_factors (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id),
    -- Encrypted with the data key.
    secret BLOB NOT NULL,
    confirmed_at TIMESTAMP,
    -- Latest 30-second time step whose code was accepted: each code is accepted once.
    last_step BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
