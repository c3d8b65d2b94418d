//! `getUpdates`: the bot fetches what happened, and waits for it.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::arguments::Arguments;
use crate::refusal::Refusal;
use crate::telegram::Core;

/// The longest wait; longer ones are shortened.
const LONGEST_WAIT: Duration = Duration::from_secs(50);

const WEBHOOK_ACTIVE: &str = "can't use getUpdates method while webhook is active; use \
                              deleteWebhook to delete the webhook first";
const OTHER_POLL: &str = "terminated by other getUpdates request; make sure that only one bot \
                          instance is running";
const WEBHOOK_SET: &str = "terminated by setWebhook request";

/// Confirms what the bot has, and answers as soon as there is something new.
///
/// # Errors
/// There is a webhook, or a newer request of this kind.
pub(crate) async fn wait(core: &Core, arguments: &Arguments) -> Result<Vec<Value>, Refusal> {
    let mine = begin(core, arguments)?;
    core.changed();
    let limit = usize::try_from(arguments.integer("limit").unwrap_or(100)).unwrap_or(100);
    let limit = limit.clamp(1, 100);
    let seconds = u64::try_from(arguments.integer("timeout").unwrap_or(0)).unwrap_or(0);
    let deadline = Instant::now() + Duration::from_secs(seconds).min(LONGEST_WAIT);
    loop {
        let bell = core.bell();
        {
            let state = core.state();
            if state.polls != mine {
                return Err(Refusal::conflict(OTHER_POLL));
            }
            if state.webhook.is_some() {
                return Err(Refusal::conflict(WEBHOOK_SET));
            }
            let found = state.queue.first(limit);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if timeout_at(deadline, bell).await.is_err() {
            return Ok(Vec::new());
        }
    }
}

/// Takes over from an older request; gives the number of this one.
fn begin(core: &Core, arguments: &Arguments) -> Result<u64, Refusal> {
    let allowed: Option<Vec<String>> = arguments.json("allowed_updates")?;
    let mut state = core.state();
    if state.webhook.is_some() {
        return Err(Refusal::conflict(WEBHOOK_ACTIVE));
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
