//! The pages before the application: signing in, and what a login needs before it may work.

mod code;
mod credentials;
mod door;
mod new_login;
pub mod new_password;
pub mod register;
pub mod second_factor;
pub mod setup;

pub use credentials::LoginPage;
