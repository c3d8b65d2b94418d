-- What a technician has to do, and the newest jobs of one, are found without reading everything that they ever did.
ALTER TABLE job_technicians ADD COLUMN job_created_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE job_technicians ADD COLUMN unfinished BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE job_technicians SET job_created_at = jobs.created_at,
       unfinished = jobs.status NOT IN ('completed', 'closed', 'cancelled')
  FROM jobs WHERE jobs.id = job_technicians.job_id;

CREATE INDEX job_technicians_newest ON job_technicians (technician_id, job_created_at, job_id);
CREATE INDEX job_technicians_unfinished ON job_technicians (technician_id, job_created_at, job_id) WHERE unfinished;
DROP INDEX job_technicians_technician;

-- Whoever assigns a technician or changes a status, both columns are right.
CREATE FUNCTION fill_job_technician() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT created_at, status NOT IN ('completed', 'closed', 'cancelled') INTO NEW.job_created_at, NEW.unfinished
      FROM jobs WHERE id = NEW.job_id;
    -- Without such a job the foreign key refuses the row.
    NEW.job_created_at := coalesce(NEW.job_created_at, '1970-01-01 00:00:00');
    NEW.unfinished := coalesce(NEW.unfinished, TRUE);
    RETURN NEW;
END $$;
CREATE TRIGGER job_technicians_fill BEFORE INSERT ON job_technicians FOR EACH ROW EXECUTE FUNCTION fill_job_technician();

CREATE FUNCTION mark_unfinished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE job_technicians SET unfinished = NEW.status NOT IN ('completed', 'closed', 'cancelled')
     WHERE job_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER jobs_mark_unfinished AFTER UPDATE OF status ON jobs FOR EACH ROW
    WHEN ((NEW.status IN ('completed', 'closed', 'cancelled'))
          IS DISTINCT FROM (OLD.status IN ('completed', 'closed', 'cancelled')))
    EXECUTE FUNCTION mark_unfinished();
