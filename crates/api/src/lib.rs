//! The REST API: parse, authorize, call one service, answer.

mod audit;
mod auth;
mod body;
mod cors;
mod customers;
mod dashboard;
mod guard;
mod headers;
mod health;
mod identity_photos;
mod if_match;
mod imports;
mod inventory;
mod jobs;
mod limits;
mod logins;
mod openapi;
mod params;
pub mod perm;
mod photos;
mod plans;
mod problem;
mod refusals;
mod reply;
mod router;
mod settings;
mod state;
mod technicians;
mod trace;
mod upload;
mod users;
mod ws;

pub use headers::{SecurityHeaders, secure};
pub use openapi::document as openapi_document;
pub use router::{Limits, configure};
pub use state::{ApiConfig, AppState};
