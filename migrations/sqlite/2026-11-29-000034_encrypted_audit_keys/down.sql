UPDATE outbox SET kind = 'storage_trouble', payload = replace(payload, '"storage_fault"', '"storage_trouble"')
WHERE kind = 'storage_fault';
ALTER TABLE audit_keys RENAME COLUMN encrypted TO sealed;
