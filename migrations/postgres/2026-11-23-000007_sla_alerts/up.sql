-- Sent SLA alerts: each level once per due time of a job.
CREATE TABLE sla_alerts (
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    level TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (job_id, level, due_at)
);
