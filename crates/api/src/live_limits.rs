//! Limits of a live connection.

use std::time::Duration;

/// Limits of a live connection.
#[derive(Debug, Clone, Copy)]
pub struct LiveLimits {
    /// Interval of pings. Proxies may close an idle connection after a minute.
    pub ping_every: Duration,
    /// Time without a pong after which the browser counts as gone.
    pub pong_timeout: Duration,
    /// Sent bytes after which another ping finds out what the browser has read.
    pub ping_after_bytes: u64,
    /// A browser with more unread bytes than this,
    pub max_unread_bytes: u64,
    /// for longer than this, is too slow.
    pub unread_timeout: Duration,
    /// Time for the closing handshake.
    pub close_timeout: Duration,
    /// Interval of the checks.
    pub check_every: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self {
            ping_every: Duration::from_secs(20),
            pong_timeout: Duration::from_secs(60),
            ping_after_bytes: 64 * 1024,
            max_unread_bytes: 256 * 1024,
            unread_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(2),
            check_every: Duration::from_secs(1),
        }
    }
}
