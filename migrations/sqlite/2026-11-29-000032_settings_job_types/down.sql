UPDATE settings
SET data = json_set(
    json_remove(data, '$.job_types'),
    '$.installation', json_extract(data, '$.job_types.installation'),
    '$.repair', json_extract(data, '$.job_types.repair')
)
WHERE json_type(data, '$.job_types') IS NOT NULL;
