//! What was told to whom, and what did not arrive.

mod list;
mod look;

pub use list::NotificationsPage;
