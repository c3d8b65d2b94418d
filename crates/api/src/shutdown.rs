//! The shutdown signal that long-lived tasks wait for.

use tokio::sync::watch;

/// Tells everything that would go on for ever that the server stops. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ShutdownSignal(watch::Sender<bool>);

impl Default for ShutdownSignal {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl ShutdownSignal {
    /// Says it.
    pub fn trigger(&self) {
        self.0.send_replace(true);
    }

    /// Returns once it was said.
    pub async fn triggered(&self) {
        let mut heard = self.0.subscribe();
        // The sender is part of this handle.
        let _ = heard.wait_for(|begun| *begun).await;
    }
}
