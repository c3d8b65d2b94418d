//! Sending updates to the bot, when it has asked for that.

use std::sync::Arc;
use std::time::Duration;

use crate::telegram::Core;

/// Sends one update after the other, each until it is taken.
pub(crate) async fn deliver_forever(core: Arc<Core>) {
    let client = reqwest::Client::new();
    let mut wait = Duration::from_millis(50);
    loop {
        let next = {
            let state = core.state();
            state.webhook.clone().zip(state.updates.front().cloned())
        };
        let Some((hook, (id, update))) = next else {
            let bell = core.bell.notified();
            let _ = tokio::time::timeout(Duration::from_millis(200), bell).await;
            continue;
        };
        let mut request = client.post(&hook.url).json(&update).timeout(Duration::from_secs(10));
        if let Some(secret) = &hook.secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        match request.send().await {
            Ok(response) if response.status().is_success() => {
                core.state().updates.retain(|(other, _)| *other != id);
                wait = Duration::from_millis(50);
            }
            _ => {
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(Duration::from_secs(5));
            }
        }
    }
}
