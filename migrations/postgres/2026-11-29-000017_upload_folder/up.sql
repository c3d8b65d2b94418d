-- Which folder of photos belongs to this database: the text of the mark file in it.
CREATE TABLE upload_folder (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    mark TEXT NOT NULL
);
