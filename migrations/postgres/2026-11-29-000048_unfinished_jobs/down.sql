DROP INDEX jobs_unfinished;
CREATE INDEX jobs_status_due ON jobs (status, due_at, id);
