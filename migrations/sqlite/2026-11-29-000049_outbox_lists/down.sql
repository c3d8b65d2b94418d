DROP INDEX outbox_not_sent;
DROP INDEX outbox_kind;
