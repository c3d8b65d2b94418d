-- Every fifth customer is called Santoso, one in ten has a name that hardly anybody else has.
INSERT INTO customers (id, number, name, phone, address, latitude, longitude, plan_id, status, odp, area,
    search_text, created_at, updated_at)
WITH RECURSIVE n (i) AS (
    SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :customers
), people (id, number, name, phone, town, address, odp, serial) AS (
    SELECT i, 'C-' || seed_pad(i, 6),
        seed_first_name(seed_hash(i, 1)) || ' ' || CASE
            WHEN i % 10 < 2 THEN 'Santoso'
            WHEN i % 10 = 7 THEN 'K' || seed_syllable(seed_hash(i, 2)) || seed_syllable(seed_hash(i, 3))
                || seed_syllable(seed_hash(i, 4)) || seed_syllable(seed_hash(i, 5))
            ELSE seed_last_name(seed_hash(i, 6)) END,
        '+62' || (812 + seed_hash(i, 7) % 8) || seed_pad(seed_hash(i, 8) % 100000000, 8),
        seed_town(seed_hash(i, 9)),
        seed_street(seed_hash(i, 10)) || ' ' || (1 + seed_hash(i, 11) % 200) || ', '
            || seed_town(seed_hash(i, 9)),
        'ODP-' || seed_pad(1 + i / 8, 5),
        'ZTEG' || seed_hex((i * 2654435761) % 4294967296)
    FROM n
)
SELECT id, number, name, phone, address,
    -7.95 + (seed_hash(id, 12) % 3000) / 10000.0, 110.2 + (seed_hash(id, 13) % 3000) / 10000.0,
    1 + seed_hash(id, 14) % 4, CASE id % 20 WHEN 3 THEN 'suspended' WHEN 4 THEN 'terminated' ELSE 'active' END,
    odp, town,
    -- The words of the server's search: numbers as a whole too, and each end of phone and serial numbers.
    ' ' || replace(lower(number), '-', '') || ' ' || seed_words(number || ' ' || name || ' ' || address) || ' '
        || seed_ends('#', substr(phone, 2)) || ' @odp @' || substr(odp, 5) || ' @' || replace(lower(odp), '-', '')
        || ' ' || seed_ends('', lower(serial)) || ' ',
    seed_time(:begin + id * :period / :customers), seed_time(:begin + id * :period / :customers)
FROM people;
