//! Long polling for updates (`getUpdates`). Only one server of an installation does it at a time.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use services::{Db, Tx, lease, telegram_inbox};
use tokio::time::Instant;

use crate::incoming_update::identify;
use crate::retry::Backoff;

/// The kinds of updates that the bot needs.
pub const ALLOWED_UPDATES: [&str; 4] =
    ["message", "edited_message", "callback_query", "my_chat_member"];

const LEASE_NAME: &str = "telegram-updates";
/// Another server takes over after this time if the one that polls is gone.
const LEASE_LIFETIME: TimeDelta = TimeDelta::seconds(10);
const RENEW_INTERVAL: Duration = Duration::from_secs(3);
/// How long Telegram holds a request while there are no updates, in seconds.
const POLL_SECONDS: u32 = 25;
/// How long a response may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(40);
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30));

/// What long polling depends on.
pub struct LongPolling {
    pub db: Db,
    pub http: reqwest::Client,
    /// Without a trailing slash.
    pub api_url: String,
    pub token: String,
    /// Identifies this process among the servers of the installation.
    pub holder: String,
}

#[derive(Serialize)]
struct GetUpdatesRequest {
    offset: Option<i64>,
    timeout: u32,
    allowed_updates: [&'static str; 4],
}

#[derive(Deserialize)]
struct GetUpdatesResponse {
    ok: bool,
    #[serde(default)]
    result: Vec<Box<serde_json::value::RawValue>>,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum PollError {
    /// Without the address, because it holds the token.
    #[error("{0}")]
    Network(String),
    #[error("Telegram says: {0}")]
    Refused(String),
    #[error(transparent)]
    Service(#[from] services::Error),
}

impl From<reqwest::Error> for PollError {
    fn from(error: reqwest::Error) -> Self {
        PollError::Network(error.without_url().to_string())
    }
}

/// Polls as long as the process lives. Updates are stored before they are acknowledged to Telegram.
pub async fn run_long_polling(polling: LongPolling) {
    let (mut offset, mut backoff) = (None, BACKOFF);
    loop {
        match holds_lease(&polling).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::time::sleep(RENEW_INTERVAL).await;
                continue;
            }
            Err(error) => log::error!("the lease of long polling: {error}"),
        }
        match poll_while_held(&polling, offset).await {
            Ok(next) => {
                offset = next.or(offset);
                backoff.reset();
            }
            Err(error) => {
                let delay = backoff.delay();
                log::warn!("long polling failed, next attempt in {delay:?}: {error}");
                backoff.wait().await;
            }
        }
    }
}

/// Polls, and stops as soon as another server has taken over.
async fn poll_while_held(
    polling: &LongPolling,
    offset: Option<i64>,
) -> Result<Option<i64>, PollError> {
    let request = poll(polling, offset);
    tokio::pin!(request);
    let mut renewal = tokio::time::interval_at(Instant::now() + RENEW_INTERVAL, RENEW_INTERVAL);
    loop {
        tokio::select! {
            polled = &mut request => return polled,
            _ = renewal.tick() => {
                if !holds_lease(polling).await? {
                    return Ok(None);
                }
            }
        }
    }
}

/// Acquires or renews the lease; false while another server polls.
async fn holds_lease(polling: &LongPolling) -> Result<bool, services::Error> {
    let holder = polling.holder.clone();
    let acquire = move |tx: &mut Tx<'_>| lease::acquire(tx, LEASE_NAME, &holder, LEASE_LIFETIME);
    polling.db.write(acquire).await
}

/// Sends one request and stores its updates; returns the offset of the next request.
async fn poll(polling: &LongPolling, offset: Option<i64>) -> Result<Option<i64>, PollError> {
    let url = format!("{}/bot{}/getUpdates", polling.api_url, polling.token);
    let body =
        GetUpdatesRequest { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES };
    let request = polling.http.post(url).timeout(REQUEST_TIMEOUT).json(&body);
    let response: GetUpdatesResponse = request.send().await?.json().await?;
    if !response.ok {
        return Err(PollError::Refused(response.description.unwrap_or_default()));
    }
    let mut next = None;
    let mut updates = Vec::with_capacity(response.result.len());
    for raw in response.result {
        let Ok(number) = serde_json::from_str::<UpdateNumber>(raw.get()) else { continue };
        next = next.max(Some(number.update_id + 1));
        if let Some((id, chat)) = identify(raw.get()) {
            updates.push((id, chat, raw.get().to_owned()));
        }
    }
    if !updates.is_empty() {
        let store = move |tx: &mut Tx<'_>| {
            for (id, chat, payload) in &updates {
                telegram_inbox::store(tx, *id, *chat, payload)?;
            }
            Ok::<_, services::Error>(())
        };
        polling.db.write(store).await?;
    }
    Ok(next)
}

#[derive(Deserialize)]
struct UpdateNumber {
    update_id: i64,
}
