DROP TABLE ws_tickets;
DROP TABLE sessions;
DROP TABLE users;
DROP FUNCTION refuse_change();
