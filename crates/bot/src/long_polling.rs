//! Fetching updates by long polling. Only one server of an installation may do it at a time.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use services::{Db, Tx, lease, telegram_inbox};
use tokio::time::Instant;

use crate::identify;

/// What the bot wants to hear of.
pub const ALLOWED_UPDATES: [&str; 4] =
    ["message", "edited_message", "callback_query", "my_chat_member"];

const LEASE_NAME: &str = "telegram-updates";
/// Another server takes over after this time when the one that fetches is gone.
const LEASE_LIFETIME: TimeDelta = TimeDelta::seconds(10);
const RENEW_INTERVAL: Duration = Duration::from_secs(3);
/// How long Telegram holds a request that has nothing to tell, in seconds.
const POLL_SECONDS: u32 = 25;
/// Beyond that an answer is not waited for.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(40);
/// Waits after a failure: the first, and the longest.
const INITIAL_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// Where updates come from.
pub struct LongPolling {
    pub db: Db,
    pub http: reqwest::Client,
    /// Without a slash at its end.
    pub api_url: String,
    pub token: String,
    /// Names this process among the servers of the installation.
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

/// Fetches updates as long as the process lives. What was fetched is in the database before it is
/// acknowledged.
pub async fn run_long_polling(fetch: LongPolling) {
    let (mut offset, mut wait) = (None, INITIAL_BACKOFF);
    loop {
        match holds_lease(&fetch).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::time::sleep(RENEW_INTERVAL).await;
                continue;
            }
            Err(error) => log::error!("fetching updates: {error}"),
        }
        match poll_while_held(&fetch, offset).await {
            Ok(next) => {
                offset = next.or(offset);
                wait = INITIAL_BACKOFF;
            }
            Err(error) => {
                log::warn!("fetching updates failed, next try in {wait:?}: {error}");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(MAX_BACKOFF);
            }
        }
    }
}

/// Polls, and gives up as soon as another server has taken over.
async fn poll_while_held(
    fetch: &LongPolling,
    offset: Option<i64>,
) -> Result<Option<i64>, PollError> {
    let polling = poll(fetch, offset);
    tokio::pin!(polling);
    let mut renewal = tokio::time::interval_at(Instant::now() + RENEW_INTERVAL, RENEW_INTERVAL);
    loop {
        tokio::select! {
            told = &mut polling => return told,
            _ = renewal.tick() => {
                if !holds_lease(fetch).await? {
                    return Ok(None);
                }
            }
        }
    }
}

/// Whether this server is the one that fetches. A SQLite database has one server only, and nothing
/// to wait for after it was killed.
async fn holds_lease(fetch: &LongPolling) -> Result<bool, services::Error> {
    let holder = fetch.holder.clone();
    let acquire = move |tx: &mut Tx<'_>| lease::acquire(tx, LEASE_NAME, &holder, LEASE_LIFETIME);
    fetch.db.write(acquire).await
}

/// One request; gives the number from which the next one asks.
async fn poll(fetch: &LongPolling, offset: Option<i64>) -> Result<Option<i64>, PollError> {
    let url = format!("{}/bot{}/getUpdates", fetch.api_url, fetch.token);
    let ask = GetUpdatesRequest { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES };
    let request = fetch.http.post(url).timeout(REQUEST_TIMEOUT).json(&ask);
    let told: GetUpdatesResponse = request.send().await?.json().await?;
    if !told.ok {
        return Err(PollError::Refused(told.description.unwrap_or_default()));
    }
    let mut next = None;
    let mut kept = Vec::with_capacity(told.result.len());
    for raw in told.result {
        let Ok(number) = serde_json::from_str::<UpdateNumber>(raw.get()) else { continue };
        next = next.max(Some(number.update_id + 1));
        if let Some((id, chat)) = identify(raw.get()) {
            kept.push((id, chat, raw.get().to_owned()));
        }
    }
    if !kept.is_empty() {
        let keep = move |tx: &mut Tx<'_>| {
            for (id, chat, payload) in &kept {
                telegram_inbox::store(tx, *id, *chat, payload)?;
            }
            Ok::<_, services::Error>(())
        };
        fetch.db.write(keep).await?;
    }
    Ok(next)
}

#[derive(Deserialize)]
struct UpdateNumber {
    update_id: i64,
}
