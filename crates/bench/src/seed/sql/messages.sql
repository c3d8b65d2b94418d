-- Two messages for each job of the last 90 days; one of ten recipients has no address.
INSERT INTO outbox (channel, user_id, address, kind, payload, job_id, priority, dedupe_key, status, attempts,
    next_attempt_at, external_id, created_at, sent_at)
WITH RECURSIVE n (i) AS (
    SELECT :jobs - :messages + 1 UNION ALL SELECT i + 1 FROM n WHERE i < :jobs
), drawn (id, number, at, kind, account) AS (
    SELECT id, number, created_at, 'job_assigned', 1001 + seed_hash(id, 31) % :technicians FROM jobs
    WHERE id IN (SELECT i FROM n)
    UNION ALL
    SELECT id, number, created_at, 'job_offered', 1001 + seed_hash(id, 51) % :technicians FROM jobs
    WHERE id IN (SELECT i FROM n)
)
SELECT 'telegram', account, CASE WHEN account % 10 <> 0 THEN CAST(700000000 + account AS TEXT) END, kind,
    '{"kind":"' || kind || '","job_id":' || id || ',"number":"' || number || '"'
        || CASE kind WHEN 'job_offered' THEN ',"priority":"normal"}' ELSE '}' END,
    id, 1, kind || ':' || id || ':' || account, CASE WHEN account % 10 <> 0 THEN 'sent' ELSE 'disabled' END,
    1, at, CASE WHEN account % 10 <> 0 THEN CAST(id AS TEXT) END, at, CASE WHEN account % 10 <> 0 THEN at END
FROM drawn;
