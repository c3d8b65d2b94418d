-- Plaintext; the server encrypts it into `nik` at its next start and clears this column.
ALTER TABLE customers RENAME COLUMN nik TO nik_clear;
ALTER TABLE customers ADD COLUMN nik BLOB;
CREATE INDEX customers_nik_clear ON customers (id) WHERE nik_clear IS NOT NULL;

-- Photos of identity cards; the encrypted files are in the photo folder.
CREATE TABLE identity_photos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id BIGINT UNIQUE REFERENCES customers (id),
    technician_id BIGINT UNIQUE REFERENCES technicians (id),
    file_name TEXT NOT NULL UNIQUE,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    uploaded_by BIGINT NOT NULL REFERENCES users (id),
    uploaded_at TIMESTAMP NOT NULL,
    CHECK ((customer_id IS NULL) <> (technician_id IS NULL))
);
CREATE INDEX identity_photos_uploaded_by ON identity_photos (uploaded_by);
