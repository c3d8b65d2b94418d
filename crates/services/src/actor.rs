//! Who does something.

use shared::job_machine::Caller;
use shared::live::Listener;
use shared::{ErrorCode, Permission, Role, Scope, SessionId, TechnicianId, UserId};

use crate::error::{Error, Result};

/// Who does something, and from where.
#[derive(Debug, Clone)]
pub struct Actor {
    pub user_id: UserId,
    pub name: String,
    pub role: Role,
    /// The active technician that the login belongs to.
    pub technician_id: Option<TechnicianId>,
    /// The signed-in device; absent for the machine itself and for keys of integrators.
    pub session_id: Option<SessionId>,
    pub ip: Option<String>,
    pub request_id: Option<String>,
}

impl Actor {
    /// How far the actor's permission reaches.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] without the permission.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        self.role.grant(permission).ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
    }

    /// The actor's technician for lists that are limited to what is the actor's own: `None` means
    /// that everything may be seen.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] without the permission, or with an own scope but no technician.
    pub fn limited_to(&self, permission: Permission) -> Result<Option<TechnicianId>> {
        match self.scope(permission)? {
            Scope::All => Ok(None),
            Scope::Own => {
                self.technician_id.map(Some).ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
            }
        }
    }

    /// The actor as the job machine sees it.
    pub fn caller(&self, crew: &[TechnicianId]) -> Caller {
        Caller {
            role: self.role,
            is_technician: self.technician_id.is_some(),
            on_this_job: self.technician_id.is_some_and(|own| crew.contains(&own)),
        }
    }

    /// The actor as the live events see it.
    pub fn listener(&self) -> Listener {
        Listener { user_id: self.user_id, role: self.role, technician_id: self.technician_id }
    }
}
