-- Returns from bags and former imports.
INSERT INTO bag_returns (id, technician_id, status, location_id, decided_by, decided_at, version, created_at)
WITH RECURSIVE n (i) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :jobs / 20
)
SELECT i, 1 + i % :technicians,
    CASE WHEN i > :jobs / 20 - :technicians / 2 THEN 'requested' WHEN i % 25 = 0 THEN 'rejected'
        ELSE 'confirmed' END,
    CASE WHEN i > :jobs / 20 - :technicians / 2 OR i % 25 = 0 THEN NULL ELSE 1 END,
    CASE WHEN i > :jobs / 20 - :technicians / 2 THEN NULL ELSE :admin END,
    CASE WHEN i > :jobs / 20 - :technicians / 2 THEN NULL ELSE seed_time(:begin + i * :period / (:jobs / 20) + 3600) END,
    2, seed_time(:begin + i * :period / (:jobs / 20))
FROM n;

INSERT INTO bag_return_lines (bag_return_id, item_id, quantity, serial_numbers, counted, counted_serial_numbers)
SELECT id, 1 + id % 20, 3, '', CASE status WHEN 'confirmed' THEN 3 END,
    CASE status WHEN 'confirmed' THEN '' END
FROM bag_returns;

INSERT INTO imports (kind, file_name, status, started_by, started_at, finished_at, row_count, created)
WITH RECURSIVE n (i) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 400
)
SELECT CASE i % 4 WHEN 0 THEN 'items' ELSE 'customers' END, 'pelanggan-' || i || '.xlsx', 'completed', :admin,
    seed_time(:begin + i * :period / 400), seed_time(:begin + i * :period / 400 + 60), 500, 500
FROM n;
