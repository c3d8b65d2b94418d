-- A new customer is compared with the stored ones while it is typed.
CREATE INDEX customers_second_phone ON customers (second_phone) WHERE second_phone IS NOT NULL;
CREATE INDEX customers_lower_name ON customers (lower(name));
