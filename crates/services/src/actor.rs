//! Who does something.

use shared::job_state_machine::Caller;
use shared::live::Listener;
use shared::{
    ApiKeyId, ErrorCode, Permission, PermissionSet, Role, Scope, SessionId, TechnicianId, UserId,
};

use crate::error::{Error, Result};

/// Who does something, and from where.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The login; of an API key, the login that made it.
    pub user_id: UserId,
    /// As the traces name it.
    pub name: String,
    pub role: Role,
    /// What the role grants; of an API key, the part of it that the key has.
    pub permissions: PermissionSet,
    /// Set if a program acts.
    pub api_key: Option<ApiKeyId>,
    /// The active technician that the login belongs to.
    pub technician_id: Option<TechnicianId>,
    /// The signed-in device; absent for the machine itself and for keys of integrators.
    pub session_id: Option<SessionId>,
    pub ip: Option<String>,
    pub request_id: Option<String>,
}

impl Actor {
    /// A person.
    pub fn for_user(
        user_id: UserId,
        name: impl Into<String>,
        role: Role,
        technician_id: Option<TechnicianId>,
    ) -> Self {
        Self {
            user_id,
            name: name.into(),
            role,
            permissions: PermissionSet::for_role(role),
            api_key: None,
            technician_id,
            session_id: None,
            ip: None,
            request_id: None,
        }
    }

    /// Tells this caller from every other one: a key is not whoever made it.
    pub fn caller_id(&self) -> String {
        match self.api_key {
            Some(key) => format!("key:{key}"),
            None => self.user_id.to_string(),
        }
    }

    /// How far the actor's permission reaches.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] without the permission.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        self.permissions.grant(permission).ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
    }

    /// The actor's technician for lists that are limited to what is the actor's own: `None` means
    /// that everything may be seen.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] without the permission, or with an own scope but no technician.
    pub fn technician_limit(&self, permission: Permission) -> Result<Option<TechnicianId>> {
        match self.scope(permission)? {
            Scope::All => Ok(None),
            Scope::Own => {
                self.technician_id.map(Some).ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
            }
        }
    }

    /// The actor as the job machine sees it.
    pub fn job_caller(&self, crew: &[TechnicianId]) -> Caller {
        Caller {
            permissions: self.permissions,
            is_technician: self.technician_id.is_some(),
            on_this_job: self.technician_id.is_some_and(|own| crew.contains(&own)),
        }
    }

    /// The actor as the live events see it.
    pub fn listener(&self) -> Listener {
        Listener { user_id: self.user_id, role: self.role, technician_id: self.technician_id }
    }
}
