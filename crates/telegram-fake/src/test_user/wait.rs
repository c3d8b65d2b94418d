//! Waiting for the bot's reaction.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::TestUser;
use crate::chat::Chat;

/// How long a wait lasts before it fails.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

impl TestUser {
    /// Waits until `look` returns something.
    ///
    /// # Panics
    /// Nothing comes within twenty seconds.
    pub async fn wait_for<T>(&self, what: &str, look: impl Fn(&Chat) -> Option<T>) -> T {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let bell = self.core.next_change();
            let chat = self.chat();
            if let Some(found) = look(&chat) {
                return found;
            }
            if timeout_at(deadline, bell).await.is_err() {
                panic!("never came: {what}\n{}", self.transcript());
            }
        }
    }

    /// Waits until a message of the bot shows the text.
    ///
    /// # Panics
    /// Nothing comes within twenty seconds.
    pub async fn expect(&self, text: &str) {
        self.wait_for(text, |chat| chat.find(text).map(|_| ())).await;
    }

    /// Waits until a toast contains the text.
    ///
    /// # Panics
    /// Nothing comes within twenty seconds.
    pub async fn expect_toast(&self, text: &str) {
        let found =
            |chat: &Chat| chat.toasts.iter().any(|toast| toast.contains(text)).then_some(());
        self.wait_for(text, found).await;
    }

    /// Waits until there is a button whose label contains `label`.
    ///
    /// # Panics
    /// Nothing comes within twenty seconds.
    pub async fn expect_button(&self, label: &str) {
        self.wait_for(label, |chat| chat.button(label).map(|_| ())).await;
    }
}
