//! Conversations, one module per subject.
//!
//! A flow answers commands, callbacks of its buttons and input to its dialogue. Its callbacks are in
//! [`crate::callback_data`]; its `dialogue` holds plain data only, so that everything else can name it.

pub mod account_link;
pub mod admin;
pub mod bag;
pub mod completion;
pub mod help;
pub mod jobs;
pub mod location;
pub mod profile;
pub mod registration;
