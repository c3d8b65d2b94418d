-- The audit chain begins with an empty table. Older entries have no HMAC, so they could not be verified;
-- no installation had data when this migration was written.
DROP TABLE audit;

CREATE TABLE audit (
    -- Position in the chain, from 1, without gaps.
    id INTEGER PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    -- No foreign key: an entry depends only on the one before it.
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id BIGINT,
    before TEXT,
    after TEXT,
    ip TEXT,
    request_id TEXT,
    key_id BIGINT NOT NULL,
    -- HMAC-SHA-256 over the previous entry's HMAC and this entry.
    mac BLOB NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_actor ON audit (actor_id, at);
CREATE INDEX audit_action ON audit (action, at);
CREATE INDEX audit_entity ON audit (entity, entity_id, at);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- INSERT OR REPLACE deletes a row without firing the trigger above.
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id) BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

-- Length of the chain: without it, removed entries at the end could not be detected.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    entries BIGINT NOT NULL,
    -- HMAC of the last entry.
    mac BLOB NOT NULL,
    key_id BIGINT NOT NULL,
    -- HMAC-SHA-256 over the two columns above.
    seal BLOB NOT NULL
);
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN
    SELECT RAISE(ABORT, 'the head of the audit stays');
END;

-- Keys of older entries, encrypted with the current data key: a key rotation moves them here.
CREATE TABLE audit_keys (
    id INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
);
