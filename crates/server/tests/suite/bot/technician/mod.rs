//! A technician's day in the chat.

mod bag;
mod bag_returns;
mod claim;
mod completion;
<<<<<<< HEAD
mod give_back;
mod language;
mod notices;
=======
pub mod fixtures;
mod invalid_input;
mod job_workflow;
mod notifications;
>>>>>>> refs/heads/suite
mod photos;
mod transitions;
