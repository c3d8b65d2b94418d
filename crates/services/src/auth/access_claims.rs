//! Claims of access tokens.

use shared::{SessionId, UserId};

/// Content of an access token. It contains no permissions: they are looked up, so that a change of
/// role takes effect at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    pub user_id: UserId,
    pub session_id: SessionId,
    /// Has to equal the account's token epoch.
    pub epoch: i64,
}
