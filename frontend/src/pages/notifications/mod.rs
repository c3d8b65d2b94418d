//! What was told to whom, and what did not arrive.

mod list;
mod status_style;

pub use list::NotificationsPage;
