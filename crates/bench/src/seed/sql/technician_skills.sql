INSERT INTO technician_skills (technician_id, skill, level)
SELECT id, 'installation', 1 + seed_hash(id, 105) % 5 FROM technicians
UNION ALL
SELECT id, 'repair', 1 + seed_hash(id, 106) % 5 FROM technicians;
