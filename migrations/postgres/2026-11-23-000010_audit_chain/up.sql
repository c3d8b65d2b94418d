-- The audit chain begins with an empty table. Older entries have no HMAC, so they could not be verified;
-- no installation had data when this migration was written.
DROP TABLE audit;

CREATE TABLE audit (
    -- Position in the chain, from 1, without gaps.
    id BIGINT PRIMARY KEY,
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
    mac BYTEA NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_entity ON audit (entity, entity_id, at, id);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit is append-only');

-- Length of the chain: without it, removed entries at the end could not be detected.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    entries BIGINT NOT NULL,
    -- HMAC of the last entry.
    mac BYTEA NOT NULL,
    key_id BIGINT NOT NULL,
    -- HMAC-SHA-256 over the two columns above.
    seal BYTEA NOT NULL
);
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the head of the audit stays');

-- Keys of older entries, encrypted with the current data key: a key rotation moves them here.
CREATE TABLE audit_keys (
    id BIGINT PRIMARY KEY,
    sealed BYTEA NOT NULL
);
