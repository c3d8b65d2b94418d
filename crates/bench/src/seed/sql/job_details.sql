-- A photo of every second finished job, the devices of the customers, and the alerts of the unfinished jobs.
INSERT INTO photos (job_id, kind, file_name, thumbnail_name, sha256, width, height, uploaded_by, created_at)
SELECT id, 'after', 'f' || seed_pad(id, 31), 't' || seed_pad(id, 31), seed_pad(id, 64), 1920, 1440, :admin,
    completed_at
FROM jobs WHERE completed_at IS NOT NULL AND id % 2 = 0;

INSERT INTO installed_devices (serial_number, customer_id, job_id, installed_at)
SELECT 'ZTEG' || seed_hex((id * 2654435761) % 4294967296), id, id, created_at FROM customers;

INSERT INTO sla_alerts (job_id, level, due_at, at)
SELECT id, 'warning', due_at, due_at FROM jobs WHERE completed_at IS NULL AND status <> 'cancelled'
UNION ALL
SELECT id, 'breach', due_at, due_at FROM jobs WHERE completed_at IS NULL AND status <> 'cancelled';
