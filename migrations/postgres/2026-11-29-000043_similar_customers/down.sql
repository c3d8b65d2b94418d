DROP INDEX customers_lower_name;
DROP INDEX customers_second_phone;
