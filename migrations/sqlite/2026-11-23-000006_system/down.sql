DROP TABLE idempotency_keys;
DROP TABLE live_events;
DROP TABLE outbox;
DROP TABLE audit;
DROP TABLE settings;
DROP TABLE counters;
