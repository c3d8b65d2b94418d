-- Applications to become a technician, made in the bot.
CREATE TABLE technician_registrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id BIGINT NOT NULL,
    -- The person's name in Telegram.
    telegram_name TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    area TEXT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    -- Separated by commas.
    skills TEXT NOT NULL,
    -- Encrypted photo of the identity card, until the decision.
    photo_file TEXT,
    photo_width INTEGER,
    photo_height INTEGER,
    status TEXT NOT NULL,
    reason TEXT,
    decided_by BIGINT REFERENCES users (id),
    decided_at TIMESTAMP,
    technician_id BIGINT REFERENCES technicians (id),
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL
);
-- At most one pending application per chat.
CREATE UNIQUE INDEX technician_registrations_waiting ON technician_registrations (chat_id)
    WHERE status = 'pending';
CREATE INDEX technician_registrations_status ON technician_registrations (status, id);
CREATE INDEX technician_registrations_decided_by ON technician_registrations (decided_by);
CREATE INDEX technician_registrations_technician ON technician_registrations (technician_id);
