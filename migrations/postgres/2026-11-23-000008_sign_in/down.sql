DROP TABLE recovery_codes;
DROP TABLE second_factors;
ALTER TABLE users DROP COLUMN second_factor;
DROP TABLE ws_tickets;
CREATE TABLE ws_tickets (
    token_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX ws_tickets_user ON ws_tickets (user_id);
CREATE INDEX ws_tickets_expiry ON ws_tickets (expires_at);
ALTER TABLE sessions DROP COLUMN rotated_at;
ALTER TABLE sessions DROP COLUMN generation;
ALTER TABLE sessions DROP COLUMN family_nonce;
DROP TABLE login_attempts;
DROP TABLE login_throttles;
