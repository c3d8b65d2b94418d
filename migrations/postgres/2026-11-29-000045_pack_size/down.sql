ALTER TABLE items DROP COLUMN pack_size;
