ALTER TABLE customers DROP COLUMN second_phone;
