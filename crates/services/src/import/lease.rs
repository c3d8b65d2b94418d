//! The lease that lets one import run at a time.
//!
//! Two of the same file at the same moment would make each customer twice, and each takes memory for
//! its whole file. The lease stands in the database, is renewed with each piece, and runs out by
//! itself when its holder dies.

use chrono::TimeDelta;
use db::tables::leases;
use db::{Db, Tx};
use shared::ErrorCode;

use crate::auth::jwt::random_secret;
use crate::error::{Error, Result};
use crate::idempotency::{self, RequestKey};

const LEASE_NAME: &str = "import";
/// How long it lasts without being renewed: longer than reading a file may take.
const LEASE_DURATION: TimeDelta = TimeDelta::seconds(60);

/// The right to import.
#[derive(Debug, Clone)]
pub(super) struct Lease {
    holder: String,
}

/// What came of asking for the lease.
pub(super) enum LeaseResult {
    Lease(Lease),
    /// The request was answered before.
    AlreadyAnswered(u16, String),
}

impl Lease {
    /// Takes the lease, unless this request was answered before.
    ///
    /// # Errors
    /// [`ErrorCode::RequestInProgress`] while the same request is worked on,
    /// [`ErrorCode::ImportRunning`] while another one is; the key belongs to a different request.
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
    /// [`ErrorCode::ImportRunning`] if somebody else has it.
    pub fn renew(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        let (until, now) = ((now + LEASE_DURATION).naive_utc(), now.naive_utc());
        if leases::acquire(tx.conn(), LEASE_NAME, &self.holder, now, until)? {
            Ok(())
        } else {
            Err(Error::refuse(ErrorCode::ImportRunning))
        }
    }

    /// Gives the lease back at the end of a transaction.
    ///
    /// # Errors
    /// The database fails.
    pub fn release(&self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(leases::release(tx.conn(), LEASE_NAME, &self.holder)?)
    }

    /// Gives the lease back after a failure; if that fails too, it runs out.
    pub async fn release_after_failure(self, db: &Db) {
        if let Err(error) = db.write(move |tx| self.release(tx)).await {
            log::warn!("the lease of an import was not given back: {error}");
        }
    }
}
