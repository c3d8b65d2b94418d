//! Typed API client: one file per resource, over the types of `shared`.

pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod bag_returns;
pub mod client;
pub mod context;
pub mod customers;
pub mod dashboard;
pub mod error;
pub mod idempotency;
pub mod identity;
pub mod imports;
pub mod inventory;
pub mod jobs;
pub mod map;
pub mod notifications;
pub mod page_query;
pub mod plans;
pub mod second_factor;
pub mod settings;
pub mod technician_registrations;
pub mod technicians;
pub mod telegram;
pub mod upload;
pub mod users;

pub use error::{ApiError, ApiResult};
