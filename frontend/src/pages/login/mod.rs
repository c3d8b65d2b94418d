//! Pages before the application: signing in, registration, first set-up and required changes of an account.

mod account_fields;
mod auth_layout;
mod code_form;
pub mod new_password;
pub mod register;
pub mod second_factor;
pub mod setup;
mod sign_in;
mod types;

pub use sign_in::LoginPage;
