ALTER TABLE audit_keys RENAME COLUMN sealed TO encrypted;
UPDATE outbox SET kind = 'storage_fault', payload = replace(payload, '"storage_trouble"', '"storage_fault"')
WHERE kind = 'storage_trouble';
