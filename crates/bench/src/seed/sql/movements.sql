-- One per job. Of ten, one is a receipt, three are issues to bags, five usages for jobs and one a return.
INSERT INTO movements (kind, item_id, quantity, from_location_id, to_location_id, job_id, created_by, created_at)
WITH RECURSIVE n (i) AS (
    SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :movements
), drawn (i, kind, bag) AS (
    SELECT i,
        CASE i % 10 WHEN 0 THEN 'receipt' WHEN 1 THEN 'issue' WHEN 2 THEN 'issue' WHEN 3 THEN 'issue'
            WHEN 9 THEN 'return' ELSE 'usage' END,
        101 + seed_hash(i, 41) % :technicians
    FROM n
)
SELECT kind, 1 + seed_hash(i, 42) % :items, 1 + seed_hash(i, 43) % 20,
    CASE kind WHEN 'receipt' THEN 2 WHEN 'issue' THEN 1 ELSE bag END,
    CASE kind WHEN 'issue' THEN bag WHEN 'usage' THEN 3 ELSE 1 END,
    CASE kind WHEN 'usage' THEN 1 + i END, :admin, seed_time(:begin + i * :period / :movements)
FROM drawn;
