-- Who got how many jobs in the last days.
CREATE INDEX job_timeline_action ON job_timeline (action, at);
