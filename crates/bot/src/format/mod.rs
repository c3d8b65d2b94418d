//! Numbers, times and labels in the language of a chat.

mod labels;
mod number;
mod time;

pub use labels::{action_confirmation, action_label, photo_kind, skill, status, type_line};
pub use number::{decimal, distance, quantity};
pub use time::{date_time, due_time, duration, time_range};
