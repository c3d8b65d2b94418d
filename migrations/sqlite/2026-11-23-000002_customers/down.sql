DROP TABLE customers_fts;
DROP TABLE customers;
DROP TABLE plans;
