-- Quantity of one pack, such as the metres of a roll; quantities everywhere else are in the unit itself.
ALTER TABLE items ADD COLUMN pack_size BIGINT;
