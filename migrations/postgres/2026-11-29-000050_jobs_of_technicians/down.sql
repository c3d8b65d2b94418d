DROP TRIGGER jobs_unfinished ON jobs;
DROP FUNCTION mark_unfinished();
CREATE INDEX job_technicians_technician ON job_technicians (technician_id, job_id);
DROP INDEX job_technicians_unfinished;
DROP INDEX job_technicians_newest;
ALTER TABLE job_technicians DROP COLUMN unfinished;
ALTER TABLE job_technicians DROP COLUMN job_created_at;
