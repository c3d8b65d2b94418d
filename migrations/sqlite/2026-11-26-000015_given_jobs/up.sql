-- For the number of jobs that each technician got in the last days.
CREATE INDEX job_timeline_action ON job_timeline (action, at);
