//! A technician's day in the chat.

mod bag;
mod claim;
mod completion;
mod give_back;
mod language;
mod notices;
mod photos;
mod steps;
mod whole_job;
pub mod world;
mod wrong;
