-- The settings of the job types move into one object, so that a new type needs no new field.
UPDATE settings
SET data = json_set(
    json_remove(data, '$.installation', '$.repair'),
    '$.job_types',
    json_object(
        'installation', json_extract(data, '$.installation'),
        'repair', json_extract(data, '$.repair')
    )
)
WHERE json_type(data, '$.installation') IS NOT NULL;
