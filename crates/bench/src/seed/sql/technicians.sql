-- Technicians with their bags: technician i has account 1000 + i and location 100 + i.
INSERT INTO technicians (id, user_id, name, phone, base_latitude, base_longitude, on_duty, active,
    search_text, created_at, updated_at)
SELECT id - 1000, id, name, '+62857' || (10000000 + id),
    -7.95 + (seed_hash(id, 103) % 3000) / 10000.0, 110.2 + (seed_hash(id, 104) % 3000) / 10000.0,
    TRUE, TRUE, search_text || ' +62857' || (10000000 + id), created_at, updated_at
FROM users WHERE id > 1000;

INSERT INTO locations (id, code, name, kind, technician_id)
SELECT 100 + id, 'TAS-' || seed_pad(id, 3), name, 'technician', id FROM technicians;
