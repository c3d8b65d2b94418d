//! Use cases and business rules.
//!
//! Synchronous functions take `(tx, actor, input)` and own the audit entry, the notifications and
//! the live events of a change. Use cases that hash passwords or process files are async over
//! [`db::Db`]. Services know nothing of HTTP; the Telegram modules know chats and updates, but not
//! the Bot API.

pub mod accounts;
pub mod actor;
pub mod allocator;
pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod calendar;
pub mod clock_repair;
pub mod customers;
pub mod dashboard;
pub mod delivery;
pub mod demo;
pub mod encryption;
pub mod encryption_at_rest;
pub mod error;
pub mod housekeeping;
pub mod idempotency;
pub mod identity_photos;
pub mod import;
pub mod initial_setup;
pub mod inventory;
pub mod jobs;
pub mod key_rotation;
pub mod lease;
pub mod live_replay;
pub mod notifications;
pub mod outbox;
pub mod pagination;
mod personal_data;
pub mod photos;
pub mod plans;
mod qr_code;
pub mod reports;
pub mod settings;
mod spreadsheet;
pub mod storage_alerts;
mod technician_events;
pub mod technician_registrations;
pub mod technician_stats;
pub mod technicians;
pub mod telegram;
pub mod telegram_dialogues;
pub mod telegram_inbox;
pub mod users;

pub use actor::Actor;
pub use db::{BackgroundWorker, Conn, Db, DbError, LiveBus, Tx};
pub use error::{Error, Refusal, Result, to_json};
