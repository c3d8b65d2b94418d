-- The list of messages by kind, and of those that were not sent. A query of the latter has to contain the same condition.
CREATE INDEX outbox_kind ON outbox (kind, id);
CREATE INDEX outbox_not_sent ON outbox (status, id) WHERE status <> 'sent';
