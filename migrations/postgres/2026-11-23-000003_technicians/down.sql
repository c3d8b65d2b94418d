DROP TABLE technician_skills;
DROP TABLE technicians;
