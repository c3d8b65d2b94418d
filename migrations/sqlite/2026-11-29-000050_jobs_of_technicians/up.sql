-- What a technician has to do, and the newest jobs of one, are found without reading everything that they ever did.
ALTER TABLE job_technicians ADD COLUMN job_created_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE job_technicians ADD COLUMN unfinished BOOLEAN NOT NULL DEFAULT 1;
UPDATE job_technicians SET (job_created_at, unfinished) =
    (SELECT created_at, status NOT IN ('completed', 'closed', 'cancelled') FROM jobs WHERE id = job_id);

CREATE INDEX job_technicians_newest ON job_technicians (technician_id, job_created_at, job_id);
CREATE INDEX job_technicians_unfinished ON job_technicians (technician_id, job_created_at, job_id) WHERE unfinished;
DROP INDEX job_technicians_technician;

-- Whoever assigns a technician or changes a status, both columns are right.
CREATE TRIGGER job_technicians_fill AFTER INSERT ON job_technicians
BEGIN
    UPDATE job_technicians SET (job_created_at, unfinished) =
        (SELECT created_at, status NOT IN ('completed', 'closed', 'cancelled') FROM jobs WHERE id = NEW.job_id)
     WHERE job_id = NEW.job_id AND technician_id = NEW.technician_id;
END;
CREATE TRIGGER jobs_mark_unfinished AFTER UPDATE OF status ON jobs
    WHEN (NEW.status IN ('completed', 'closed', 'cancelled')) <> (OLD.status IN ('completed', 'closed', 'cancelled'))
BEGIN
    UPDATE job_technicians SET unfinished = NEW.status NOT IN ('completed', 'closed', 'cancelled')
     WHERE job_id = NEW.id;
END;
