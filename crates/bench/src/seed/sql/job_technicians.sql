-- Every fourth job has a second technician.
INSERT INTO job_technicians (job_id, technician_id, lead, job_created_at, unfinished)
SELECT id, 1 + seed_hash(id, 31) % :technicians, TRUE, created_at, status NOT IN ('completed', 'closed')
FROM jobs WHERE status NOT IN ('open', 'cancelled')
UNION ALL
SELECT id, 1 + (seed_hash(id, 31) + 1) % :technicians, FALSE, created_at, status NOT IN ('completed', 'closed')
FROM jobs WHERE status NOT IN ('open', 'cancelled') AND id % 4 = 0;
