//! The same request sent twice has one effect and one answer.

use chrono::TimeDelta;
use db::Tx;
use db::tables::idempotency_keys::{self as table, StoredAnswer};
use shared::{ErrorCode, UserId};

use crate::error::{Error, Result};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What makes two requests the same.
#[derive(Debug, Clone)]
pub struct RequestKey {
    pub caller: UserId,
    /// From the `Idempotency-Key` header.
    pub key: String,
    /// SHA-256 of method, path and body, in hex.
    pub request_hash: String,
}

/// The first answer, if this request was answered within the last 24 hours.
///
/// # Errors
/// [`ErrorCode::IdempotencyKeyReused`] if the key belongs to a different request.
pub fn first_answer(tx: &mut Tx<'_>, request: &RequestKey) -> Result<Option<(u16, String)>> {
    let caller = request.caller.to_string();
    let Some(stored) = table::find(tx.conn(), &caller, &request.key)? else { return Ok(None) };
    if stored.created_at.and_utc() + KEPT < tx.now() {
        table::delete(tx.conn(), &caller, &request.key)?;
        return Ok(None);
    }
    if stored.request_hash != request.request_hash {
        return Err(Error::refuse(ErrorCode::IdempotencyKeyReused));
    }
    Ok(Some((stored.status.unsigned_abs(), stored.body)))
}

/// Keeps the answer for the next 24 hours, in the transaction of the change itself.
///
/// # Errors
/// The database fails.
pub fn keep_answer(tx: &mut Tx<'_>, request: &RequestKey, status: u16, body: &str) -> Result<()> {
    let answer = StoredAnswer {
        caller: request.caller.to_string(),
        key: request.key.clone(),
        request_hash: request.request_hash.clone(),
        status: i16::try_from(status).unwrap_or(i16::MAX),
        body: body.to_owned(),
        created_at: tx.now().naive_utc(),
    };
    Ok(table::insert(tx.conn(), &answer)?)
}
