//! State, view and access of user accounts.
//!
//! The part of user accounts that authentication, users, technicians and Telegram links share. It uses
//! none of them.

mod access;
mod state;
mod system;
mod view;

use shared::TechnicianId;

pub(crate) use access::{revoke_access, revoke_telegram_access};
pub use state::{AccountState, account_state};
pub(crate) use state::{account_state_of, signed_in_user};
pub use system::system_actor;
pub(crate) use view::{load_user, to_user};

/// The technician of a user account and whether the technician is active.
pub(crate) type LinkedTechnician = Option<(TechnicianId, bool)>;
