//! Handlers, one file per resource.

pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod customers;
pub mod dashboard;
pub mod health;
pub mod identity_photos;
pub mod imports;
pub mod inventory;
pub mod jobs;
pub mod map;
pub mod metrics;
pub mod notifications;
pub mod photos;
pub mod plans;
pub mod roles;
pub mod second_factor;
pub mod sessions;
pub mod settings;
pub mod signup;
pub mod technician_registrations;
pub mod technicians;
pub mod telegram_link;
pub mod telegram_webhook;
pub mod users;
pub mod websocket;
