-- The network of the address: what tells one place from another. Of IPv6 addresses from before it is not known;
-- their places are known again after the next sign-in.
ALTER TABLE login_attempts ADD COLUMN network TEXT NOT NULL DEFAULT '';
UPDATE login_attempts SET network = ip WHERE ip NOT LIKE '%:%';
DROP INDEX login_attempts_place;
CREATE INDEX login_attempts_place ON login_attempts (user_id, network, outcome);

-- Grows when somebody signs the other devices out: what was known of them is known no longer.
ALTER TABLE users ADD COLUMN device_epoch BIGINT NOT NULL DEFAULT 0;
