//! API keys.

mod created;
mod list;
pub mod new;
mod permissions;

pub use list::ApiKeysPage;
