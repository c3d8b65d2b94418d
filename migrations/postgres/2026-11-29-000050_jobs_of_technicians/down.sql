DROP TRIGGER jobs_mark_unfinished ON jobs;
DROP FUNCTION mark_unfinished();
DROP TRIGGER job_technicians_fill ON job_technicians;
DROP FUNCTION fill_job_technician();
CREATE INDEX job_technicians_technician ON job_technicians (technician_id, job_id);
DROP INDEX job_technicians_unfinished;
DROP INDEX job_technicians_newest;
ALTER TABLE job_technicians DROP COLUMN unfinished;
ALTER TABLE job_technicians DROP COLUMN job_created_at;
