DROP TABLE ws_tickets;
DROP TABLE sessions;
DROP TABLE users;
