//! Conversations, one module per subject.
//!
//! A flow answers commands, callbacks of its buttons and input to its dialogue. Its `callbacks` and its
//! `dialogue` hold plain data only, so that everything else can name them.

pub mod account_link;
pub mod admin;
pub mod bag;
pub mod completion;
pub mod help;
pub mod item_selection;
pub mod jobs;
pub mod location;
mod pagination;
pub mod profile;
mod reason_picker;
pub mod registration;
