//! Extractors: they read requests and authorize their callers.

pub mod api_key_auth;
pub mod authorization;
pub mod body_budget;
pub mod body_pace;
pub mod if_match;
pub mod json_body;
pub mod multipart;
pub mod permissions;
pub mod query;
pub mod telegram_update;
pub mod upload;
