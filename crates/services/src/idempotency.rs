//! The same request sent twice has one effect and one answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use db::tables::idempotency_keys::{self as table, StoredResponse};
use db::{DbError, Tx};
use shared::ErrorCode;

use crate::encryption::Cipher;
use crate::error::{Error, OrConflict, Result};

/// How long an answer is kept.
const RETENTION: TimeDelta = TimeDelta::hours(24);

/// What makes two requests the same.
#[derive(Debug, Clone)]
pub struct RequestKey {
    /// From [`crate::Actor::caller_id`].
    pub caller: String,
    /// From the `Idempotency-Key` header.
    pub key: String,
    /// A keyed hash of method, path and body, in hex.
    pub request_hash: String,
    /// Encrypts the kept answer: it holds a secret that nothing else here keeps.
    pub cipher: Option<Cipher>,
}

impl RequestKey {
    /// Names the request among all others.
    pub(crate) fn context(&self) -> String {
        format!("idempotency:{}:{}", self.caller, self.key)
    }

    fn encode_body(&self, body: &str) -> String {
        match &self.cipher {
            Some(cipher) => STANDARD.encode(cipher.encrypt(&self.context(), body.as_bytes())),
            None => body.to_owned(),
        }
    }

    fn decode_body(&self, stored: String) -> Result<String> {
        let Some(cipher) = &self.cipher else { return Ok(stored) };
        let corrupt = |why: String| DbError::Corrupt(format!("kept answer: {why}"));
        let sealed = STANDARD.decode(stored).map_err(|error| corrupt(error.to_string()))?;
        let body = cipher.decrypt(&self.context(), &sealed)?;
        Ok(String::from_utf8(body).map_err(|error| corrupt(error.to_string()))?)
    }
}

/// The first answer, if this request was answered within the last 24 hours.
///
/// # Errors
/// [`ErrorCode::IdempotencyKeyReused`] if the key belongs to a different request.
pub fn stored_response(tx: &mut Tx<'_>, request: &RequestKey) -> Result<Option<(u16, String)>> {
    let caller = &request.caller;
    let Some(stored) = table::find(tx.conn(), caller, &request.key)? else { return Ok(None) };
    if stored.created_at.and_utc() + RETENTION < tx.now() {
        table::delete(tx.conn(), caller, &request.key)?;
        return Ok(None);
    }
    if stored.request_hash != request.request_hash {
        return Err(Error::refuse(ErrorCode::IdempotencyKeyReused));
    }
    Ok(Some((stored.status.unsigned_abs(), request.decode_body(stored.body)?)))
}

/// Keeps the answer for the next 24 hours, in the transaction of the change itself.
///
/// # Errors
/// The database fails.
pub fn store_response(
    tx: &mut Tx<'_>,
    request: &RequestKey,
    status: u16,
    body: &str,
) -> Result<()> {
    let answer = StoredResponse {
        caller: request.caller.clone(),
        key: request.key.clone(),
        request_hash: request.request_hash.clone(),
        status: i16::try_from(status).unwrap_or(i16::MAX),
        body: request.encode_body(body),
        created_at: tx.now().naive_utc(),
    };
    table::insert(tx.conn(), &answer)?.or_conflict()
}
