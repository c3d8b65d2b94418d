-- The chain begins with an empty audit. Entries from before it carry no code, so nobody could say
-- whether they are as they were written; when this ran, there was no installation to lose any.
DROP TABLE audit;

CREATE TABLE audit (
    -- The number in the chain, from 1, without gaps.
    id BIGINT PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    -- No foreign key: an entry depends on nothing but the one before it.
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
    -- HMAC-SHA-256 over the previous entry's code and this entry.
    mac BYTEA NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_entity ON audit (entity, entity_id, at, id);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the audit is append-only');

-- How far the chain goes: without it, an end that was cut off would leave no trace.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    entries BIGINT NOT NULL,
    -- Of the last entry.
    mac BYTEA NOT NULL,
    key_id BIGINT NOT NULL,
    -- HMAC-SHA-256 over the two above.
    seal BYTEA NOT NULL
);
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the head of the audit stays');

-- Keys of older entries, sealed with the current data key: a rotation moves them here.
CREATE TABLE audit_keys (
    id BIGINT PRIMARY KEY,
    sealed BYTEA NOT NULL
);
