UPDATE settings
SET data = (
    (data::jsonb - 'job_types') || jsonb_build_object(
        'installation', data::jsonb -> 'job_types' -> 'installation',
        'repair', data::jsonb -> 'job_types' -> 'repair'
    )
)::text
WHERE data::jsonb ? 'job_types';
