ALTER TABLE customers ADD COLUMN second_phone TEXT;
