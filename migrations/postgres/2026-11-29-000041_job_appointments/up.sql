-- The list of the jobs with an appointment on a day.
CREATE INDEX jobs_scheduled ON jobs (scheduled_start, id) WHERE scheduled_start IS NOT NULL;
