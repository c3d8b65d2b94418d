CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL UNIQUE,
    job_type TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Status to which `resume` returns; set only while the job is on hold.
    held_status TEXT,
    title TEXT NOT NULL,
    description TEXT,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    address TEXT NOT NULL,
    latitude DOUBLE,
    longitude DOUBLE,
    scheduled_start TIMESTAMP,
    scheduled_end TIMESTAMP,
    due_at TIMESTAMP NOT NULL,
    -- Working time used before the SLA clock last started.
    sla_used_seconds BIGINT NOT NULL,
    -- Null while the SLA clock is stopped.
    sla_running_since TIMESTAMP,
    on_hold_reason TEXT,
    report TEXT,
    ont_serial_number TEXT,
    attenuation_dbm DOUBLE,
    created_by BIGINT NOT NULL REFERENCES users (id),
    completed_at TIMESTAMP,
    -- Lower case: job number and title, customer's number, name, phone and address.
    search_text TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK ((status = 'on_hold') = (held_status IS NOT NULL))
);
CREATE INDEX jobs_created ON jobs (created_at, id);
CREATE INDEX jobs_due ON jobs (due_at, id);
CREATE INDEX jobs_status_created ON jobs (status, created_at, id);
CREATE INDEX jobs_status_due ON jobs (status, due_at, id);
CREATE INDEX jobs_type ON jobs (job_type, created_at, id);
CREATE INDEX jobs_priority ON jobs (priority, created_at, id);
CREATE INDEX jobs_customer ON jobs (customer_id, created_at, id);
CREATE INDEX jobs_completed ON jobs (completed_at);
CREATE INDEX jobs_created_by ON jobs (created_by);

CREATE VIRTUAL TABLE jobs_fts USING fts5 (
    search_text, content='jobs', content_rowid='id', tokenize='trigram'
);
CREATE TRIGGER jobs_fts_insert AFTER INSERT ON jobs BEGIN
    INSERT INTO jobs_fts (rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER jobs_fts_delete AFTER DELETE ON jobs BEGIN
    INSERT INTO jobs_fts (jobs_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END;
CREATE TRIGGER jobs_fts_update AFTER UPDATE OF search_text ON jobs
WHEN old.search_text <> new.search_text BEGIN
    INSERT INTO jobs_fts (jobs_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    INSERT INTO jobs_fts (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TABLE job_technicians (
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    technician_id BIGINT NOT NULL REFERENCES technicians (id),
    lead BOOLEAN NOT NULL,
    PRIMARY KEY (job_id, technician_id)
);
CREATE INDEX job_technicians_technician ON job_technicians (technician_id, job_id);
CREATE UNIQUE INDEX job_technicians_one_lead ON job_technicians (job_id) WHERE lead;

CREATE TABLE job_timeline (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    kind TEXT NOT NULL,
    action TEXT,
    from_status TEXT,
    to_status TEXT,
    actor_id BIGINT REFERENCES users (id),
    actor_name TEXT NOT NULL,
    reason TEXT,
    detail TEXT,
    device_time TIMESTAMP,
    latitude DOUBLE,
    longitude DOUBLE,
    at TIMESTAMP NOT NULL
);
CREATE INDEX job_timeline_job ON job_timeline (job_id, id);
CREATE INDEX job_timeline_actor ON job_timeline (actor_id);
CREATE TRIGGER job_timeline_no_update BEFORE UPDATE ON job_timeline BEGIN
    SELECT RAISE(ABORT, 'the timeline is append-only');
END;
CREATE TRIGGER job_timeline_no_delete BEFORE DELETE ON job_timeline BEGIN
    SELECT RAISE(ABORT, 'the timeline is append-only');
END;

CREATE TABLE photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL UNIQUE,
    thumbnail_name TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    taken_at TIMESTAMP,
    latitude DOUBLE,
    longitude DOUBLE,
    uploaded_by BIGINT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX photos_job ON photos (job_id, id);
CREATE INDEX photos_uploader ON photos (uploaded_by);
