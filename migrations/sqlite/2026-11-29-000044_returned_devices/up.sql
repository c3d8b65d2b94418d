-- The device that a repair took back, and its condition.
ALTER TABLE jobs ADD COLUMN returned_serial_number TEXT;
ALTER TABLE jobs ADD COLUMN returned_condition TEXT;
