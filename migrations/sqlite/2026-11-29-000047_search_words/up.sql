-- The search looks for words instead of sequences of three characters: its cost no longer grows with the tables.
-- The server writes `search_text` anew at its next start.
DROP TRIGGER customers_fts_insert;
DROP TRIGGER customers_fts_delete;
DROP TRIGGER customers_fts_update;
DROP TABLE customers_fts;
DROP TRIGGER jobs_fts_insert;
DROP TRIGGER jobs_fts_delete;
DROP TRIGGER jobs_fts_update;
DROP TABLE jobs_fts;

-- `search_text` contains only words of letters and digits, some with a mark. The index of prefixes finds short starts
-- of words in order; without positions it is smaller.
CREATE VIRTUAL TABLE customers_fts USING fts5 (
    search_text, content='customers', content_rowid='id', tokenize="ascii tokenchars '#@~'",
    prefix='1 2 3 4', detail=none
);
-- Fewer and larger merges: they take most of the time of a new row. Sixteen parts, the default of `crisismerge`, would be
-- merged at once, which holds up all changes for seconds when the parts are large; up to 64 are merged little by little.
INSERT INTO customers_fts (customers_fts, rank) VALUES ('automerge', 16);
INSERT INTO customers_fts (customers_fts, rank) VALUES ('crisismerge', 64);
INSERT INTO customers_fts (customers_fts) VALUES ('rebuild');
CREATE TRIGGER customers_fts_insert AFTER INSERT ON customers BEGIN
    INSERT INTO customers_fts (rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER customers_fts_delete AFTER DELETE ON customers BEGIN
    INSERT INTO customers_fts (customers_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END;
CREATE TRIGGER customers_fts_update AFTER UPDATE OF search_text ON customers
WHEN old.search_text <> new.search_text BEGIN
    INSERT INTO customers_fts (customers_fts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    INSERT INTO customers_fts (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE VIRTUAL TABLE jobs_fts USING fts5 (
    search_text, content='jobs', content_rowid='id', tokenize="ascii tokenchars '#@~'",
    prefix='1 2 3 4', detail=none
);
INSERT INTO jobs_fts (jobs_fts, rank) VALUES ('automerge', 16);
INSERT INTO jobs_fts (jobs_fts, rank) VALUES ('crisismerge', 64);
INSERT INTO jobs_fts (jobs_fts) VALUES ('rebuild');
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

-- The words of the indices, to see whether there is one at all.
CREATE VIRTUAL TABLE customers_words USING fts5vocab(customers_fts, instance);
CREATE VIRTUAL TABLE jobs_words USING fts5vocab(jobs_fts, instance);

-- The format of `search_text`: the server rewrites it when this is older than it expects.
CREATE TABLE search_format (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
