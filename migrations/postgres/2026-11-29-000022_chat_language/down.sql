ALTER TABLE technician_registrations DROP COLUMN lang;
ALTER TABLE telegram_links DROP COLUMN lang;
