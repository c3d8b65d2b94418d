//! Actors: who performs an operation.

use shared::job_state_machine::Caller;
use shared::live::Listener;
use shared::{
    ApiKeyId, ErrorCode, Permission, PermissionSet, Role, Scope, SessionId, TechnicianId, UserId,
};

use crate::error::{Error, Result};

/// The user, API key or system account that performs an operation, and the origin of the request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user account; for an API key, the account that created it.
    pub user_id: UserId,
    /// Name shown in the audit and in timelines.
    pub name: String,
    pub role: Role,
    /// What the role grants; for an API key, the part of it that the key has.
    pub permissions: PermissionSet,
    /// Set if an API key acts.
    pub api_key: Option<ApiKeyId>,
    /// The active technician linked to the user account.
    pub technician_id: Option<TechnicianId>,
    /// The signed-in session; absent for the system account and for API keys.
    pub session_id: Option<SessionId>,
    pub ip: Option<String>,
    pub request_id: Option<String>,
}

impl Actor {
    /// An actor for a user account with everything that its role grants.
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

    /// Identifies this caller for idempotency: an API key is a different caller than the user who
    /// created it.
    pub fn caller_id(&self) -> String {
        match self.api_key {
            Some(key) => format!("key:{key}"),
            None => self.user_id.to_string(),
        }
    }

    /// Returns how far the permission reaches for this actor.
    ///
    /// # Errors
    /// `Forbidden` without the permission.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        self.permissions.grant(permission).ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
    }

    /// Returns the technician that lists have to be limited to; `None` if the actor may see
    /// everything.
    ///
    /// # Errors
    /// `Forbidden` without the permission, or with scope `Own` but without a technician.
    pub fn technician_limit(&self, permission: Permission) -> Result<Option<TechnicianId>> {
        match self.scope(permission)? {
            Scope::All => Ok(None),
            Scope::Own => {
                self.technician_id.map(Some).ok_or_else(|| Error::refuse(ErrorCode::Forbidden))
            }
        }
    }

    /// The actor as the job state machine sees it.
    pub fn job_caller(&self, crew: &[TechnicianId]) -> Caller {
        Caller {
            permissions: self.permissions,
            is_technician: self.technician_id.is_some(),
            on_this_job: self.technician_id.is_some_and(|own| crew.contains(&own)),
        }
    }

    /// The actor as a receiver of live events.
    pub fn listener(&self) -> Listener {
        Listener { user_id: self.user_id, role: self.role, technician_id: self.technician_id }
    }
}
