DROP TABLE job_materials;
DROP TABLE movement_units;
DROP TABLE units;
DROP TABLE movements;
DROP TABLE balances;
DROP TABLE locations;
DROP TABLE items;
