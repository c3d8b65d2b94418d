//! Lease that allows one import at a time.
//!
//! Two imports of the same file at once would create each customer twice, and each holds its whole
//! file in memory. The lease is a database row, is renewed with each batch, and expires when its
//! holder dies.

use chrono::TimeDelta;
use db::tables::leases;
use db::{Db, Tx};
use shared::ErrorCode;

use crate::auth::jwt::random_secret;
use crate::error::{Error, Result};
use crate::idempotency::{self, RequestKey};

pub(super) const LEASE_NAME: &str = "import";
/// Validity without renewal: longer than reading a file may take.
const LEASE_DURATION: TimeDelta = TimeDelta::seconds(60);

/// The exclusive right to import.
#[derive(Debug, Clone)]
pub(super) struct Lease {
    holder: String,
}

/// Result of acquiring the lease.
pub(super) enum LeaseResult {
    Lease(Lease),
    /// The request was answered before: the stored response.
    AlreadyAnswered(u16, String),
}

impl Lease {
    /// Acquires the lease, unless this request was answered before.
    ///
    /// # Errors
    /// `RequestInProgress` while the same request is processed, `ImportRunning` while another one
    /// is, `IdempotencyKeyReused`.
    pub async fn acquire(db: &Db, request: Option<RequestKey>) -> Result<LeaseResult> {
        let of_request = request.as_ref().map(RequestKey::context).unwrap_or_default();
        let lease = Self { holder: format!("{} {of_request}", random_secret()) };
        db.write(move |tx| {
            if let Some(request) = &request
                && let Some((status, body)) = idempotency::stored_response(tx, request)?
            {
                return Ok(LeaseResult::AlreadyAnswered(status, body));
            }
            match lease.renew(tx) {
                Err(Error::Refused(refusal)) if !of_request.is_empty() => {
                    let holder = leases::holder(tx.conn(), LEASE_NAME)?.unwrap_or_default();
                    let same = holder.split_once(' ').is_some_and(|(_, of)| of == of_request);
                    let code = if same { ErrorCode::RequestInProgress } else { refusal.code };
                    Err(Error::refuse(code))
                }
                kept => kept.map(|()| LeaseResult::Lease(lease.clone())),
            }
        })
        .await
    }

    /// Renews the lease.
    ///
    /// # Errors
    /// `ImportRunning` if somebody else holds it.
    pub fn renew(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        let (until, now) = ((now + LEASE_DURATION).naive_utc(), now.naive_utc());
        if leases::acquire(tx.conn(), LEASE_NAME, &self.holder, now, until)? {
            Ok(())
        } else {
            Err(Error::refuse(ErrorCode::ImportRunning))
        }
    }

    /// Releases the lease at the end of a transaction.
    pub fn release(&self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(leases::release(tx.conn(), LEASE_NAME, &self.holder)?)
    }

    /// Releases the lease after a failure; if that fails too, the lease expires.
    pub async fn release_after_failure(self, db: &Db) {
        if let Err(error) = db.write(move |tx| self.release(tx)).await {
            log::warn!("the lease of an import was not given back: {error}");
        }
    }
}
