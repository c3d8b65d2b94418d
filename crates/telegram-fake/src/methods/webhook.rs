//! Methods that set and delete the webhook.

use super::MethodResult;
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::state::State;
use crate::types::{ResponseBody, WebhookInfo};
use crate::update_queue::WebhookSubscription;

/// Telegram requires `https`; the fake accepts `http` too.
pub(super) fn set(state: &mut State, arguments: &Arguments) -> MethodResult {
    let Some(url) = arguments.non_empty_text("url") else { return Ok(delete(state, arguments)) };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(ApiError::bad_request(
            "bad webhook: An HTTPS URL must be provided for webhook",
        ));
    }
    let secret = arguments.non_empty_text("secret_token");
    let letter = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '-';
    if secret.as_ref().is_some_and(|it| it.len() > 256 || !it.chars().all(letter)) {
        return Err(ApiError::bad_request("secret token contains unallowed characters"));
    }
    if let Some(kinds) = arguments.json("allowed_updates")? {
        state.queue.allow(kinds);
    }
    if arguments.flag("drop_pending_updates") {
        state.queue.clear();
    }
    let max_connections = arguments.integer("max_connections");
    state.webhook = Some(WebhookSubscription { url, secret, max_connections, last_error: None });
    Ok(ResponseBody::Done(true))
}

pub(super) fn delete(state: &mut State, arguments: &Arguments) -> ResponseBody {
    state.webhook = None;
    if arguments.flag("drop_pending_updates") {
        state.queue.clear();
    }
    ResponseBody::Done(true)
}

pub(super) fn info(state: &State) -> ResponseBody {
    let hook = state.webhook.clone().unwrap_or_default();
    let allowed = state.queue.allowed();
    ResponseBody::Webhook(WebhookInfo {
        pending_update_count: state.queue.len(),
        max_connections: state.webhook.as_ref().map(|hook| hook.max_connections.unwrap_or(40)),
        last_error_date: hook.last_error.as_ref().map(|(at, _)| *at),
        last_error_message: hook.last_error.map(|(_, why)| why),
        url: hook.url,
        has_custom_certificate: false,
        allowed_updates: (!allowed.is_empty()).then(|| allowed.to_vec()),
    })
}
