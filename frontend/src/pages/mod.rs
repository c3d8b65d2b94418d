//! One folder per resource.

pub mod dashboard;
pub mod jobs;
pub mod login;
