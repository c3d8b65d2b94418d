ALTER TABLE users DROP COLUMN device_epoch;
DROP INDEX login_attempts_place;
ALTER TABLE login_attempts DROP COLUMN network;
CREATE INDEX login_attempts_place ON login_attempts (user_id, ip, outcome);
