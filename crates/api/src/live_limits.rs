//! Limits of a live connection.

use std::time::Duration;

/// What a live connection may cost.
#[derive(Debug, Clone, Copy)]
pub struct LiveLimits {
    /// Between two questions whether the browser is there. A proxy in between may close a silent
    /// connection after a minute.
    pub ping_every: Duration,
    /// A browser that has not answered for this long is gone.
    pub pong_timeout: Duration,
    /// Bytes after which the browser is asked whether it has read them.
    pub ping_after_bytes: u64,
    /// A browser that has more than so many bytes unread,
    pub max_unread_bytes: u64,
    /// and that for this long, is too slow.
    pub unread_timeout: Duration,
    /// Time to say goodbye in.
    pub close_timeout: Duration,
    /// How often all of this is looked at.
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
