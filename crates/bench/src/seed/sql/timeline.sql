-- Created and completed.
INSERT INTO job_timeline (job_id, kind, action, from_status, to_status, actor_id, actor_name, at)
SELECT id, 'created', NULL, NULL, NULL, :admin, 'bench', created_at FROM jobs
UNION ALL
SELECT id, 'transition', 'complete', 'in_progress', 'completed', :admin, 'bench', completed_at FROM jobs
WHERE completed_at IS NOT NULL;
