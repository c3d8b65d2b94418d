DROP TABLE customers_words;
DROP TABLE jobs_words;
-- The texts stay as they are: an older server finds parts of their words.
DROP TABLE search_format;
DROP TRIGGER customers_fts_insert;
DROP TRIGGER customers_fts_delete;
DROP TRIGGER customers_fts_update;
DROP TABLE customers_fts;
DROP TRIGGER jobs_fts_insert;
DROP TRIGGER jobs_fts_delete;
DROP TRIGGER jobs_fts_update;
DROP TABLE jobs_fts;

CREATE VIRTUAL TABLE customers_fts USING fts5 (
    search_text, content='customers', content_rowid='id', tokenize='trigram'
);
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
    search_text, content='jobs', content_rowid='id', tokenize='trigram'
);
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
