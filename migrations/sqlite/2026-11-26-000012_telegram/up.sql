-- Existing rows were addressed to groups and never delivered.
DROP TABLE outbox;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    -- The recipient; null for a reply to somebody without a user account.
    user_id BIGINT REFERENCES users (id),
    -- The recipient's Telegram chat; null while the account has no linked chat.
    chat_id BIGINT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    job_id BIGINT REFERENCES jobs (id),
    -- The earlier message that this one replaces.
    replaces_id BIGINT REFERENCES outbox (id),
    -- Smaller values are delivered first.
    priority SMALLINT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TIMESTAMP NOT NULL,
    -- Lease of the worker that is sending it.
    lease_until TIMESTAMP,
    -- The channel's id of the delivered message.
    external_id TEXT,
    failure TEXT,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP
);
CREATE INDEX outbox_waiting ON outbox (status, priority, chat_id, id);
CREATE INDEX outbox_job ON outbox (job_id, kind);
CREATE INDEX outbox_user ON outbox (user_id, id);
CREATE INDEX outbox_replaces ON outbox (replaces_id);

-- The Telegram chat linked to a user account.
CREATE TABLE telegram_links (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id),
    chat_id BIGINT NOT NULL UNIQUE,
    linked_at TIMESTAMP NOT NULL,
    -- When the user blocked the bot.
    blocked_at TIMESTAMP
);

-- One-time codes that link a user account.
CREATE TABLE telegram_link_codes (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL UNIQUE,
    expires_at TIMESTAMP NOT NULL
);

-- Updates received from Telegram, each once.
CREATE TABLE telegram_updates (
    update_id BIGINT PRIMARY KEY NOT NULL,
    chat_id BIGINT NOT NULL,
    payload TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Lease of the worker that is handling it.
    lease_until TIMESTAMP,
    handled_at TIMESTAMP
);
CREATE INDEX telegram_updates_waiting ON telegram_updates (handled_at, chat_id, update_id);

-- State of the dialogue in each chat.
CREATE TABLE telegram_dialogues (
    chat_id BIGINT PRIMARY KEY NOT NULL,
    state TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

-- Leases for tasks that only one of several servers may do at a time.
CREATE TABLE leases (
    name TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
