//! Facts in the words of the chat.

mod job;
mod number;
mod time;

pub use job::{action, done, job_type, photo_kind, priority, skill, status};
pub use number::{decimal, distance, quantity};
pub use time::{due, duration, moment, span};
