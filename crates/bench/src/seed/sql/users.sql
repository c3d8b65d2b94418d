-- One account per technician, from id 1001.
INSERT INTO users (id, username, name, role, password_hash, must_change_password, search_text,
    created_at, updated_at)
WITH RECURSIVE n (i) AS (
    SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :technicians
), people (i, name) AS (
    SELECT i, seed_first_name(seed_hash(i, 101)) || ' ' || seed_last_name(seed_hash(i, 102)) FROM n
)
SELECT 1001 + i, 'teknisi.' || i, name, 'user', '!', TRUE, lower(name || ' teknisi.' || i),
    seed_time(:begin + i), seed_time(:begin + i)
FROM people;
