//! The REST API: parse, authorize, call one service, answer.

mod auth;
mod body;
mod customers;
mod dashboard;
mod form;
mod guard;
mod health;
mod if_match;
mod imports;
mod inventory;
mod jobs;
mod limits;
mod logins;
mod methods;
mod needs;
mod openapi;
mod parameters;
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

pub use openapi::document as openapi_document;
pub use router::{Limits, configure};
pub use state::{ApiConfig, AppState};
