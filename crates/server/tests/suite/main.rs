//! The rules of the product, each on SQLite and on PostgreSQL, over real HTTP.
#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod api_keys;
mod audit;
mod auth;
mod bot;
mod bot_killed;
mod candidates;
mod contract;
mod customers;
mod dashboard;
mod delivery;
mod demo;
mod harness;
mod headers;
mod housekeeping;
mod identity;
mod import;
mod inventory;
mod jobs;
mod keys;
mod limits;
mod live;
mod live_connections;
mod photos;
mod registrations;
mod security;
mod shutdown;
mod sign_in;
mod storage;
mod technicians;
mod telegram_link;
mod users;
