//! The use cases and every rule of the business.
//!
//! Functions take `(tx, actor, input)` and return a result; they own the transaction's audit
//! entry, notifications and live events. Nothing here knows of HTTP, Telegram or WhatsApp.

pub mod actor;
pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod calendar;
pub mod clock_repair;
pub mod confirm;
pub mod customers;
pub mod dashboard;
pub mod delivery;
pub mod demo;
pub mod error;
pub mod housekeeping;
pub mod idempotency;
pub mod identity_photos;
pub mod import;
pub mod inventory;
pub mod jobs;
pub mod known_device;
pub mod live;
pub mod login_history;
pub mod memory;
pub mod notifications;
pub mod outbox;
pub mod paging;
pub mod password_rules;
pub mod passwords;
pub mod performance;
mod personal_data;
pub mod photos;
pub mod plans;
mod qr;
pub mod refresh;
pub mod registrations;
pub mod reports;
pub mod sealed;
pub mod second_factor;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod storage_alerts;
pub mod technicians;
pub mod telegram;
pub mod telegram_inbox;
pub mod throttle;
pub mod tokens;
pub mod users;
pub mod vault;
mod verified;

pub use actor::Actor;
pub use error::{Error, Refusal, Result};
