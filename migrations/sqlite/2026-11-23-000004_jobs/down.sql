DROP TABLE jobs_fts;
DROP TABLE photos;
DROP TABLE job_timeline;
DROP TABLE job_technicians;
DROP TABLE jobs;
