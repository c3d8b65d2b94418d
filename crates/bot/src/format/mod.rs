//! Facts in the words of the chat.

mod job;
mod number;
mod time;

pub use job::{action_confirmation, action_label, job_type, photo_kind, priority, skill, status};
pub use number::{decimal, distance, quantity};
pub use time::{date_time, due_time, duration, time_range};
