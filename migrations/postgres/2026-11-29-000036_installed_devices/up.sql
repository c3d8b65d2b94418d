-- The device at each customer, by its serial number: a device hangs at one customer only.
CREATE TABLE installed_devices (
    serial_number TEXT NOT NULL PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    job_id BIGINT NOT NULL REFERENCES jobs (id),
    installed_at TIMESTAMP NOT NULL
);
CREATE INDEX installed_devices_customer ON installed_devices (customer_id);
CREATE INDEX installed_devices_job ON installed_devices (job_id);

INSERT INTO installed_devices (serial_number, customer_id, job_id, installed_at)
SELECT ont_serial_number, customer_id, id, completed_at
FROM jobs
WHERE id IN (
    SELECT MAX(id) FROM jobs
    WHERE ont_serial_number IS NOT NULL AND completed_at IS NOT NULL AND job_type <> 'dismantle'
    GROUP BY ont_serial_number
);
