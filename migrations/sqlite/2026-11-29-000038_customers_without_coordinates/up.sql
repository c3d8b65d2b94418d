-- The list of customers that have to be placed on the map, oldest first.
CREATE INDEX customers_without_coordinates ON customers (created_at, id) WHERE latitude IS NULL;
