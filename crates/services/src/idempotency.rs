//! Idempotency: a repeated request has one effect and gets the stored response.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::tables::idempotency_keys::{self as table, StoredResponse};
use db::{DbError, Tx};
use shared::ErrorCode;
use shared::retention;

use crate::encryption::Cipher;
use crate::error::{Error, OrConflict, Result};

/// Identity of a request.
#[derive(Debug, Clone)]
pub struct RequestKey {
    /// From [`crate::Actor::caller_id`].
    pub caller: String,
    /// From the `Idempotency-Key` header.
    pub key: String,
    /// A keyed hash of method, path and body, in hex.
    pub request_hash: String,
    /// Encrypts the stored response if it contains a secret that is stored nowhere else.
    pub cipher: Option<Cipher>,
}

impl RequestKey {
    /// Names the request in encryption contexts and leases.
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
        let encrypted = STANDARD.decode(stored).map_err(|error| corrupt(error.to_string()))?;
        let body = cipher.decrypt(&self.context(), &encrypted)?;
        Ok(String::from_utf8(body).map_err(|error| corrupt(error.to_string()))?)
    }
}

/// Returns the stored response if this request was answered within the retention time.
///
/// # Errors
/// `IdempotencyKeyReused` if the key belongs to a different request.
pub fn stored_response(tx: &mut Tx<'_>, request: &RequestKey) -> Result<Option<(u16, String)>> {
    let caller = &request.caller;
    let Some(stored) = table::find(tx.conn(), caller, &request.key)? else { return Ok(None) };
    if stored.created_at.and_utc() + retention::IDEMPOTENT_RESPONSES < tx.now() {
        table::delete(tx.conn(), caller, &request.key)?;
        return Ok(None);
    }
    if stored.request_hash != request.request_hash {
        return Err(Error::refuse(ErrorCode::IdempotencyKeyReused));
    }
    Ok(Some((stored.status.unsigned_abs(), request.decode_body(stored.body)?)))
}

/// Stores the response in the transaction of the change itself.
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
