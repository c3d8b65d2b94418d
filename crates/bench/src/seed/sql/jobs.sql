-- The newest jobs are unfinished, the older ones are done.
INSERT INTO jobs (id, number, job_type, priority, status, held_status, title, description, customer_id,
    address, latitude, longitude, scheduled_start, scheduled_end, due_at, sla_used_seconds,
    sla_running_since, on_hold_reason, report, ont_serial_number, attenuation_dbm, created_by,
    completed_at, search_text, version, created_at, updated_at)
WITH RECURSIVE n (i) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :jobs
), drawn (id, job_type, prefix, status, customer_id, opened) AS (
    SELECT i,
        CASE WHEN seed_hash(i, 21) % 10 < 3 THEN 'installation' WHEN seed_hash(i, 21) % 10 < 9 THEN 'repair'
            ELSE 'dismantle' END,
        CASE WHEN seed_hash(i, 21) % 10 < 3 THEN 'PSB' WHEN seed_hash(i, 21) % 10 < 9 THEN 'GGN' ELSE 'CBT' END,
        CASE WHEN i > :jobs - :unfinished THEN
            CASE seed_hash(i, 22) % 9 WHEN 0 THEN 'open' WHEN 1 THEN 'open' WHEN 2 THEN 'accepted'
                WHEN 3 THEN 'en_route' WHEN 4 THEN 'in_progress' WHEN 5 THEN 'on_hold' ELSE 'assigned' END
        ELSE CASE seed_hash(i, 22) % 20 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'completed' ELSE 'closed' END END,
        1 + seed_hash(i, 23) % :customers,
        :begin + i * :period / :jobs
    FROM n
), numbered (id, number, job_type, status, customer_id, opened, title, hours) AS (
    SELECT id, prefix || '-' || seed_month(opened + 25200) || '-'
            || seed_pad(row_number() OVER (PARTITION BY prefix, seed_month(opened + 25200) ORDER BY id), 4),
        job_type, status, customer_id, opened,
        CASE prefix WHEN 'PSB' THEN 'Pemasangan baru – ' WHEN 'GGN' THEN 'Perbaikan – '
            ELSE 'Pencabutan – ' END,
        CASE prefix WHEN 'GGN' THEN 24 ELSE 72 END
    FROM drawn
)
SELECT j.id, j.number, j.job_type,
    CASE seed_hash(j.id, 24) % 10 WHEN 0 THEN 'low' WHEN 1 THEN 'high' WHEN 2 THEN 'urgent' ELSE 'normal' END,
    j.status, CASE WHEN j.status = 'on_hold' THEN 'in_progress' END, j.title || c.name,
    CASE WHEN j.job_type = 'repair' THEN 'Lampu LOS merah sejak pagi' END, c.id, c.address, c.latitude,
    c.longitude, CASE WHEN j.id % 5 = 0 THEN seed_time(j.opened + 86400) END,
    CASE WHEN j.id % 5 = 0 THEN seed_time(j.opened + 93600) END, seed_time(j.opened + j.hours * 3600),
    CASE WHEN j.id > :jobs - :unfinished THEN 0 ELSE 3600 + seed_hash(j.id, 25) % 60000 END,
    CASE WHEN j.id > :jobs - :unfinished AND j.status <> 'on_hold' THEN seed_time(j.opened) END,
    CASE WHEN j.status = 'on_hold' THEN 'Pelanggan tidak di rumah' END,
    CASE WHEN j.status IN ('completed', 'closed') THEN 'Kabel diganti, redaman normal, pelanggan sudah mencoba' END,
    CASE WHEN j.status IN ('completed', 'closed') AND j.job_type = 'installation'
        THEN 'ZTEG' || seed_hex((c.id * 2654435761) % 4294967296) END,
    CASE WHEN j.status IN ('completed', 'closed') THEN -26.0 + (seed_hash(j.id, 26) % 90) / 10.0 END,
    :admin,
    CASE WHEN j.status IN ('completed', 'closed') THEN seed_time(j.opened + 3600 + seed_hash(j.id, 25) % 60000) END,
    ' ' || replace(lower(j.number), '-', '') || ' ' || seed_words(j.number || ' ' || j.title) || c.search_text, CASE j.status WHEN 'open' THEN 1 ELSE 2 END,
    seed_time(j.opened), seed_time(j.opened)
FROM numbered j JOIN customers c ON c.id = j.customer_id
ORDER BY j.id;

INSERT INTO counters (name, value)
SELECT substr(number, 1, 10), count(*) FROM jobs GROUP BY substr(number, 1, 10);

INSERT INTO counters (name, value) VALUES ('customer', :customers);
