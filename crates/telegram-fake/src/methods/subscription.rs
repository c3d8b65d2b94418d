//! Whether Telegram brings the updates, and where to.

use super::Answer;
use crate::arguments::Arguments;
use crate::queue::Webhook;
use crate::refusal::Refusal;
use crate::state::State;
use crate::wire::{Answered, WebhookInfo};

/// Telegram wants `https`; here any address of this machine will do.
pub(super) fn set(state: &mut State, arguments: &Arguments) -> Answer {
    let Some(url) = arguments.filled("url") else { return Ok(delete(state, arguments)) };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(Refusal::bad("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let secret = arguments.filled("secret_token");
    let letter = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '-';
    if secret.as_ref().is_some_and(|it| it.len() > 256 || !it.chars().all(letter)) {
        return Err(Refusal::bad("secret token contains unallowed characters"));
    }
    if let Some(kinds) = arguments.json("allowed_updates")? {
        state.queue.allow(kinds);
    }
    if arguments.flag("drop_pending_updates") {
        state.queue.drop_all();
    }
    let max_connections = arguments.integer("max_connections");
    state.webhook = Some(Webhook { url, secret, max_connections, last_error: None });
    Ok(Answered::Done(true))
}

pub(super) fn delete(state: &mut State, arguments: &Arguments) -> Answered {
    state.webhook = None;
    if arguments.flag("drop_pending_updates") {
        state.queue.drop_all();
    }
    Answered::Done(true)
}

pub(super) fn info(state: &State) -> Answered {
    let hook = state.webhook.clone().unwrap_or_default();
    let allowed = state.queue.allowed();
    Answered::Webhook(WebhookInfo {
        pending_update_count: state.queue.len(),
        max_connections: state.webhook.as_ref().map(|hook| hook.max_connections.unwrap_or(40)),
        last_error_date: hook.last_error.as_ref().map(|(at, _)| *at),
        last_error_message: hook.last_error.map(|(_, why)| why),
        url: hook.url,
        has_custom_certificate: false,
        allowed_updates: (!allowed.is_empty()).then(|| allowed.to_vec()),
    })
}
