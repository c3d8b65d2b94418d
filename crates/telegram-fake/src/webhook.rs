//! Bringing updates to the bot, when it has asked for that.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::queue::Webhook;
use crate::state::now;
use crate::telegram::Core;

/// The wait after a first failure; it doubles with each further one.
const SHORTEST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// The longest that the bot may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends one update after the other, each until it is taken.
pub(crate) async fn deliver_forever(core: Arc<Core>) {
    let client = reqwest::Client::new();
    let mut wait = SHORTEST_WAIT;
    loop {
        let bell = core.bell();
        let next = {
            let state = core.state();
            state.webhook.clone().zip(state.queue.next().cloned())
        };
        let Some((hook, (id, update))) = next else {
            bell.await;
            continue;
        };
        match bring(&client, &hook, &update).await {
            Ok(()) => {
                core.state().queue.taken(id);
                core.changed();
                wait = SHORTEST_WAIT;
            }
            Err(why) => {
                if let Some(hook) = &mut core.state().webhook {
                    hook.last_error = Some((now(), why));
                }
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

/// Sends one update.
///
/// # Errors
/// It was not taken; why, in Telegram's words.
async fn bring(client: &reqwest::Client, hook: &Webhook, update: &Value) -> Result<(), String> {
    let mut request = client.post(&hook.url).json(update).timeout(PATIENCE);
    if let Some(secret) = &hook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    match request.send().await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => Err(format!("Wrong response from the webhook: {}", response.status())),
        Err(error) if error.is_timeout() => Err("Read timeout expired".into()),
        Err(error) if error.is_connect() => Err("Connection refused".into()),
        Err(_) => Err("Connection was closed unexpectedly".into()),
    }
}
