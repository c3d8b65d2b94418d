//! Shutdown signal that long-lived tasks wait for.

use tokio::sync::watch;

/// Tells tasks without an end of their own that the server shuts down. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ShutdownSignal(watch::Sender<bool>);

impl Default for ShutdownSignal {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl ShutdownSignal {
    /// Signals the shutdown.
    pub fn trigger(&self) {
        self.0.send_replace(true);
    }

    /// Returns once the shutdown was signalled.
    pub async fn triggered(&self) {
        let mut heard = self.0.subscribe();
        // Never an error: this handle owns the sender.
        let _ = heard.wait_for(|begun| *begun).await;
    }
}
