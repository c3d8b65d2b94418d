//! Delivery of updates to the bot's webhook.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::shared_state::SharedState;
use crate::update_queue::WebhookSubscription;

/// The wait after the first failure; it doubles with each further one.
const MIN_RETRY_DELAY: Duration = Duration::from_millis(50);
const MAX_RETRY_DELAY: Duration = Duration::from_secs(5);
/// How long the bot may take to respond.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends updates one after the other, each until it is accepted.
pub(crate) async fn run_webhook(shared: Arc<SharedState>) {
    let client = reqwest::Client::new();
    let mut wait = MIN_RETRY_DELAY;
    loop {
        let change = shared.next_change();
        let next = {
            let state = shared.state();
            state.webhook.clone().zip(state.queue.front().cloned())
        };
        let Some((hook, (id, update))) = next else {
            change.await;
            continue;
        };
        match post_update(&client, &hook, &update).await {
            Ok(()) => {
                shared.state().queue.remove(id);
                shared.notify_change();
                wait = MIN_RETRY_DELAY;
            }
            Err(why) => {
                shared.state().record_webhook_error(why);
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(MAX_RETRY_DELAY);
            }
        }
    }
}

/// Sends one update.
///
/// # Errors
/// The description of the error, as in `getWebhookInfo`.
async fn post_update(
    client: &reqwest::Client,
    hook: &WebhookSubscription,
    update: &Value,
) -> Result<(), String> {
    let mut request = client.post(&hook.url).json(update).timeout(RESPONSE_TIMEOUT);
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
