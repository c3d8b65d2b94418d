-- The network of the address. It is unknown for older IPv6 addresses; their networks are known again after
-- the next sign-in.
ALTER TABLE login_attempts ADD COLUMN network TEXT NOT NULL DEFAULT '';
UPDATE login_attempts SET network = ip WHERE ip NOT LIKE '%:%';
DROP INDEX login_attempts_place;
CREATE INDEX login_attempts_place ON login_attempts (user_id, network, outcome);

-- Incremented when a user signs out other devices, which invalidates their device cookies.
ALTER TABLE users ADD COLUMN device_epoch BIGINT NOT NULL DEFAULT 0;
