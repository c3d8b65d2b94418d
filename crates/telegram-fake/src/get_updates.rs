//! `getUpdates`: long polling.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::telegram::SharedState;

/// The longest `timeout`; longer ones are cut.
const MAX_TIMEOUT: Duration = Duration::from_secs(50);

const WEBHOOK_ACTIVE: &str = "can't use getUpdates method while webhook is active; use \
                              deleteWebhook to delete the webhook first";
const OTHER_POLL: &str = "terminated by other getUpdates request; make sure that only one bot \
                          instance is running";
const WEBHOOK_SET: &str = "terminated by setWebhook request";

/// Confirms earlier updates, then waits for new ones.
///
/// # Errors
/// A webhook is set; a newer poll has begun.
pub(crate) async fn handle(
    core: &SharedState,
    arguments: &Arguments,
) -> Result<Vec<Value>, ApiError> {
    let mine = begin_poll(core, arguments)?;
    core.notify_change();
    let limit = usize::try_from(arguments.integer("limit").unwrap_or(100)).unwrap_or(100);
    let limit = limit.clamp(1, 100);
    let seconds = u64::try_from(arguments.integer("timeout").unwrap_or(0)).unwrap_or(0);
    let deadline = Instant::now() + Duration::from_secs(seconds).min(MAX_TIMEOUT);
    loop {
        let bell = core.next_change();
        {
            let state = core.state();
            if state.polls != mine {
                return Err(ApiError::conflict(OTHER_POLL));
            }
            if state.webhook.is_some() {
                return Err(ApiError::conflict(WEBHOOK_SET));
            }
            let found = state.queue.peek(limit);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if timeout_at(deadline, bell).await.is_err() {
            return Ok(Vec::new());
        }
    }
}

/// Begins a poll, which ends the older one. Returns its number.
fn begin_poll(core: &SharedState, arguments: &Arguments) -> Result<u64, ApiError> {
    let allowed: Option<Vec<String>> = arguments.json("allowed_updates")?;
    let mut state = core.state();
    if state.webhook.is_some() {
        return Err(ApiError::conflict(WEBHOOK_ACTIVE));
    }
    if let Some(kinds) = allowed {
        state.queue.allow(kinds);
    }
    if let Some(offset) = arguments.integer("offset") {
        state.queue.confirm(offset);
    }
    state.polls += 1;
    Ok(state.polls)
}
