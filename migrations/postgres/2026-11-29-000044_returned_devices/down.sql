ALTER TABLE jobs DROP COLUMN returned_condition;
ALTER TABLE jobs DROP COLUMN returned_serial_number;
