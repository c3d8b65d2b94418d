-- What a technician has to do, and the newest jobs of one, are found without reading everything that they ever did.
ALTER TABLE job_technicians ADD COLUMN job_created_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE job_technicians ADD COLUMN unfinished BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE job_technicians SET job_created_at = jobs.created_at,
       unfinished = jobs.status NOT IN ('completed', 'closed', 'cancelled')
  FROM jobs WHERE jobs.id = job_technicians.job_id;

CREATE INDEX job_technicians_newest ON job_technicians (technician_id, job_created_at, job_id);
CREATE INDEX job_technicians_unfinished ON job_technicians (technician_id, job_created_at, job_id) WHERE unfinished;
DROP INDEX job_technicians_technician;

CREATE FUNCTION mark_unfinished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE job_technicians SET unfinished = NEW.status NOT IN ('completed', 'closed', 'cancelled')
     WHERE job_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER jobs_unfinished AFTER UPDATE OF status ON jobs FOR EACH ROW
    WHEN ((NEW.status IN ('completed', 'closed', 'cancelled'))
          IS DISTINCT FROM (OLD.status IN ('completed', 'closed', 'cancelled')))
    EXECUTE FUNCTION mark_unfinished();
