//! Technician commands in the chat.

mod albums;
mod bag;
mod bag_returns;
mod blocked;
mod claim;
mod completion;
mod devices;
pub mod fixtures;
mod forwarded;
mod gestures;
mod invalid_input;
mod job_workflow;
mod language;
mod late;
mod notifications;
mod other_messages;
mod photos;
mod transitions;
