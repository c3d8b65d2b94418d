//! Integration tests over HTTP, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

mod api_keys;
mod audit;
mod auth;
mod bot;
mod candidates;
mod contract;
mod crash_recovery;
mod customers;
mod dashboard;
mod delivery;
mod demo;
mod harness;
mod housekeeping;
mod identity_documents;
mod import;
mod inventory;
mod jobs;
mod key_rotation;
mod live_connections;
mod live_events;
mod photo_formats;
mod photos;
mod rate_limits;
mod security;
mod security_headers;
mod shutdown;
mod sign_in;
mod sla_clock;
mod storage;
mod technician_registrations;
mod technicians;
mod telegram_link;
mod users;
