-- The search finds customers and jobs by ODP and by the serial numbers of devices.
UPDATE customers SET search_text = search_text
    || COALESCE(' ' || lower(odp), '')
    || COALESCE(' ' || (
        SELECT lower(group_concat(serial_number, ' ')) FROM installed_devices d WHERE d.customer_id = customers.id
    ), '')
WHERE odp IS NOT NULL OR id IN (SELECT customer_id FROM installed_devices);

UPDATE jobs SET search_text = search_text
    || COALESCE(' ' || (SELECT lower(c.odp) FROM customers c WHERE c.id = jobs.customer_id), '')
    || COALESCE(' ' || lower(ont_serial_number), '')
    || COALESCE(' ' || (
        SELECT lower(group_concat(serial_number, ' ')) FROM installed_devices d
        WHERE d.customer_id = jobs.customer_id
          AND (jobs.ont_serial_number IS NULL OR d.serial_number <> jobs.ont_serial_number)
    ), '')
WHERE ont_serial_number IS NOT NULL
   OR customer_id IN (SELECT id FROM customers WHERE odp IS NOT NULL)
   OR customer_id IN (SELECT customer_id FROM installed_devices);
