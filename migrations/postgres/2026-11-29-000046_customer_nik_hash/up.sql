-- Keyed hash of the identity number (HMAC-SHA-256 with a key derived from DATA_KEY), to find a customer by it. The server
-- fills it at its next start.
ALTER TABLE customers ADD COLUMN nik_hash TEXT;
CREATE INDEX customers_nik_hash ON customers (nik_hash) WHERE nik_hash IS NOT NULL;
-- What the start looks for, so that it does not read every customer.
CREATE INDEX customers_nik_unhashed ON customers (id) WHERE nik IS NOT NULL AND nik_hash IS NULL;
