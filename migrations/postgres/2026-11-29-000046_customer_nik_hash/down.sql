DROP INDEX customers_nik_unhashed;
DROP INDEX customers_nik_hash;
ALTER TABLE customers DROP COLUMN nik_hash;
