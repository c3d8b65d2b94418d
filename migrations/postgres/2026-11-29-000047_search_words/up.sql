-- The search looks for words instead of sequences of three characters: its cost no longer grows with the tables.
-- The server writes `search_text` anew at its next start.
DROP INDEX customers_search;
DROP INDEX jobs_search;

-- The words of a `search_text`: letters and digits, some with a mark, between blanks.
CREATE FUNCTION search_vector(search_text TEXT) RETURNS TSVECTOR
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT array_to_tsvector(array_remove(string_to_array(search_text, ' '), '')) $$;

-- A short list of pending entries: every search reads it.
CREATE INDEX customers_search ON customers USING gin (search_vector(search_text)) WITH (gin_pending_list_limit = 128);
CREATE INDEX jobs_search ON jobs USING gin (search_vector(search_text)) WITH (gin_pending_list_limit = 128);

-- The format of `search_text`: the server rewrites it when this is older than it expects.
CREATE TABLE search_format (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
