-- Every fourth job has a second technician.
INSERT INTO job_technicians (job_id, technician_id, lead)
SELECT id, 1 + seed_hash(id, 31) % :technicians, TRUE FROM jobs WHERE status NOT IN ('open', 'cancelled')
UNION ALL
SELECT id, 1 + (seed_hash(id, 31) + 1) % :technicians, FALSE FROM jobs
WHERE status NOT IN ('open', 'cancelled') AND id % 4 = 0;
