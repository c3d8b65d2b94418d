DROP INDEX job_timeline_action;
