-- The settings of the job types move into one object, so that a new type needs no new field.
UPDATE settings
SET data = (
    (data::jsonb - 'installation' - 'repair') || jsonb_build_object(
        'job_types', jsonb_build_object(
            'installation', data::jsonb -> 'installation',
            'repair', data::jsonb -> 'repair'
        )
    )
)::text
WHERE data::jsonb ? 'installation';
