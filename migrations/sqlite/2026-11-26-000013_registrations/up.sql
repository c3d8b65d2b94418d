-- People who ask the bot to become technicians.
CREATE TABLE technician_registrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id BIGINT NOT NULL,
    -- As Telegram names the person.
    telegram_name TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    area TEXT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    -- With commas between them.
    skills TEXT NOT NULL,
    -- A sealed photo of the identity card, until somebody has decided.
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
-- Nobody waits twice.
CREATE UNIQUE INDEX technician_registrations_waiting ON technician_registrations (chat_id)
    WHERE status = 'pending';
CREATE INDEX technician_registrations_status ON technician_registrations (status, id);
CREATE INDEX technician_registrations_decided_by ON technician_registrations (decided_by);
CREATE INDEX technician_registrations_technician ON technician_registrations (technician_id);
