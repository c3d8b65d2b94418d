-- Village or district. The list filters by it without regard to case.
ALTER TABLE customers ADD COLUMN area TEXT;
CREATE INDEX customers_area ON customers (lower(area), created_at, id);
