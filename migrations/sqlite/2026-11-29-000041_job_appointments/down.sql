DROP INDEX jobs_scheduled;
