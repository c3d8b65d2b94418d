//! The client of a login and the credentials that it receives.

use shared::session::SignedInUser;

use crate::auth::access_claims::AccessClaims;
use crate::auth::known_device::KnownDevice;

/// The client of a login.
#[derive(Debug, Clone)]
pub struct Device {
    pub user_agent: String,
    pub ip: String,
    /// The known-device cookie that the browser presented.
    pub known_device: Option<KnownDevice>,
}

/// The credentials of a signed-in device.
#[derive(Clone)]
pub struct IssuedSession {
    pub claims: AccessClaims,
    /// `<session id>.<generation>.<secret>`: value of the refresh cookie.
    pub refresh_token: String,
    /// Value of the known-device cookie from now on.
    pub device: KnownDevice,
    pub user: SignedInUser,
}
