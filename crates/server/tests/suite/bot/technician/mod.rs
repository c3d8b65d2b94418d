//! Technician commands in the chat.

mod bag;
mod bag_returns;
mod claim;
mod completion;
pub mod fixtures;
mod gestures;
mod invalid_input;
mod job_workflow;
mod language;
mod notifications;
mod photos;
mod transitions;
