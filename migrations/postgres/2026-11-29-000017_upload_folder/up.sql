-- The photo folder of this database, identified by the text of its marker file.
CREATE TABLE upload_folder (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    mark TEXT NOT NULL
);
