-- An entry for every second job, with numbers below those of the chain, which begins with the server's own entries.
INSERT INTO audit (id, at, actor_id, actor_name, action, entity, entity_id, before, after, ip, key_id, mac)
SELECT id / 2 - :jobs, completed_at, :admin, 'bench', 'job.complete', 'job', id, '{"status":"in_progress"}',
    '{"status":"completed"}', '10.0.0.7', 1, seed_mac()
FROM jobs WHERE completed_at IS NOT NULL AND id % 2 = 0;
