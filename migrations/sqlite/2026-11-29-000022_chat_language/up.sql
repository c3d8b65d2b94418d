-- The language in which the bot writes to a linked chat and to an applicant.
ALTER TABLE telegram_links ADD COLUMN lang TEXT NOT NULL DEFAULT 'id';
ALTER TABLE technician_registrations ADD COLUMN lang TEXT NOT NULL DEFAULT 'id';
