//! Notifications and their delivery.

mod list;
mod status_style;

pub use list::NotificationsPage;
