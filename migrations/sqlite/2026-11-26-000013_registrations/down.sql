DROP TABLE technician_registrations;
