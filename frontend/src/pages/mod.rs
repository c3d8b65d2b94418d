//! Pages: one folder per resource.

pub mod api_keys;
pub mod audit;
pub mod customers;
pub mod dashboard;
pub mod imports;
pub mod inventory;
pub mod jobs;
pub mod login;
pub mod notifications;
pub mod plans;
pub mod profile;
pub mod settings;
pub mod technicians;
pub mod users;
