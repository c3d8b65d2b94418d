CREATE TABLE technicians (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL UNIQUE REFERENCES users (id),
    name TEXT NOT NULL,
    phone TEXT NOT NULL UNIQUE,
    base_latitude DOUBLE,
    base_longitude DOUBLE,
    last_latitude DOUBLE,
    last_longitude DOUBLE,
    last_seen_at TIMESTAMP,
    on_duty BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    -- Lower case: name, user name and phone, for substring search.
    search_text TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX technicians_name ON technicians (name, id);

CREATE TABLE technician_skills (
    technician_id BIGINT NOT NULL REFERENCES technicians (id),
    skill TEXT NOT NULL,
    level SMALLINT NOT NULL CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (technician_id, skill)
);
