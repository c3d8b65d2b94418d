DROP TABLE identity_photos;
-- Encrypted values cannot be decrypted here.
DROP INDEX customers_nik_clear;
ALTER TABLE customers DROP COLUMN nik;
ALTER TABLE customers RENAME COLUMN nik_clear TO nik;
