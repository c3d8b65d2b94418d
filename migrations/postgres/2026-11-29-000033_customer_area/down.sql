DROP INDEX customers_area;
ALTER TABLE customers DROP COLUMN area;
