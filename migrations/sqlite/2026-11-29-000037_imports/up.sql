-- Every import that was not a dry run.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    status TEXT NOT NULL,
    started_by BIGINT NOT NULL REFERENCES users (id),
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    row_count BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    undone_by BIGINT REFERENCES users (id),
    undone_at TIMESTAMP
);
CREATE INDEX imports_kind ON imports (kind, id);
CREATE INDEX imports_started_by ON imports (started_by);
CREATE INDEX imports_undone_by ON imports (undone_by);

-- The customers or items that an import created or changed, for as long as it can be undone.
CREATE TABLE import_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    import_id BIGINT NOT NULL REFERENCES imports (id),
    entity_id BIGINT NOT NULL,
    -- Version of the customer or item after the import.
    version BIGINT NOT NULL,
    -- The former values as JSON; null if the import created the entry.
    before TEXT,
    -- The former identity number, encrypted; null if it has not changed or there was none.
    nik BLOB,
    -- Whether there was no identity number before and there is one now.
    nik_added BOOLEAN NOT NULL,
    -- The receipt of the opening stock of an item.
    movement_id BIGINT
);
CREATE INDEX import_rows_import ON import_rows (import_id, id);
CREATE INDEX import_rows_entity ON import_rows (entity_id, version);

-- What was chosen for headings and words in earlier imports.
CREATE TABLE import_mappings (
    kind TEXT NOT NULL PRIMARY KEY,
    -- JSON
    mapping TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
