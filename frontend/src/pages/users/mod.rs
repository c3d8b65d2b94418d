//! User accounts and roles.

mod account_access;
mod account_status;
mod approval;
mod create_dialog;
pub mod detail;
mod edit;
mod list;
mod password_reset;
mod role_options;
pub mod roles;

pub use list::UsersPage;
