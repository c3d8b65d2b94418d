//! What the browsers do.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The browsers and what happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LivePlan {
    pub address: SocketAddr,
    pub token: String,
    pub clients: usize,
    /// Requests that make a change.
    pub changes: Vec<String>,
    /// How long it takes until the last browser begins to connect again.
    pub reconnect_within: Duration,
}
