-- Unfinished jobs are few however many there are in all: what is due, and what each technician has to do. A query has to
-- contain the same condition.
CREATE INDEX jobs_unfinished ON jobs (due_at, id)
    WHERE status NOT IN ('completed', 'closed', 'cancelled');
DROP INDEX jobs_status_due;
