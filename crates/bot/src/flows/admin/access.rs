//! Access of the office: permissions for the whole organisation.

use services::{Actor, Error, Result};
use shared::{ErrorCode, Permission, Scope};

use crate::context::UpdateContext;

/// Returns the actor if the permission holds for the whole organisation. What technicians may do with
/// their own jobs and stock is part of their own menus.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`.
pub fn office_actor(ctx: &UpdateContext<'_, '_>, permission: Permission) -> Result<Actor> {
    let actor = ctx.actor()?;
    match actor.scope(permission)? {
        Scope::All => Ok(actor),
        Scope::Own => Err(Error::refuse(ErrorCode::Forbidden)),
    }
}
