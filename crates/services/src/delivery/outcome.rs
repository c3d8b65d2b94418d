//! Outcome of an attempt to deliver a message, and the state that follows from it.

use chrono::TimeDelta;
use db::Tx;
use db::tables::outbox::{self as table, ClaimedMessage, ReleasedMessage};
use shared::live::{LiveEvent, NotificationEvent, NotificationsEvent};
use shared::notification::{Channel, DeliveryFailure, MessageStatus, ReportedStatus};

use super::backoff::{self, MAX_ATTEMPTS};
use crate::error::Result;
use crate::outbox::{self, addresses};

/// Wait for an earlier message that is being sent.
const PREDECESSOR_DELAY: TimeDelta = TimeDelta::seconds(1);
/// Wait of a message while the account is paused, if the provider names none. The worker's circuit
/// breaker decides when the channel is probed.
const PAUSED_DELAY: TimeDelta = TimeDelta::seconds(1);

/// How an attempt to deliver ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The provider accepted the message, under this id.
    Delivered(Option<String>),
    /// The request left and no answer came: the message may have been accepted. It is not sent again
    /// by itself. (A channel that promises [`super::DeliveryGuarantee::AtLeastOnce`] returns
    /// [`Self::Failed`] instead.)
    Unknown,
    /// The message has lost its meaning.
    Obsolete,
    /// The message that it replaces is being sent.
    PredecessorInFlight,
    /// Its recipient has another address now: it waits there for its turn.
    Redirected(String),
    /// Its recipient has no address any more.
    NotLinked,
    /// Its recipient is known to refuse messages, so it was not sent.
    Blocked,
    /// The provider asks to be slower.
    RateLimited { scope: RateLimitScope, wait: TimeDelta },
    /// The provider takes nothing from this account; it does not concern the message.
    AccountPaused { reason: PauseReason, wait: Option<TimeDelta> },
    /// Another attempt may succeed.
    Failed(DeliveryFailure),
    /// Another attempt would not help.
    Refused(DeliveryFailure),
}

/// Whom a rate limit concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimitScope {
    Address,
    Account,
    /// The provider does not say.
    Unspecified,
}

/// Why a provider takes nothing from an account. Somebody has to do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseReason {
    /// The token is wrong or has expired.
    Credentials,
    Billing,
    /// Recipients complained, or the account broke a rule.
    Quality,
}

impl PauseReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Credentials, Self::Billing, Self::Quality];

    /// Returns the name in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            PauseReason::Credentials => "credentials",
            PauseReason::Billing => "billing",
            PauseReason::Quality => "quality",
        }
    }
}

/// Stores how an attempt ended. Returns the time until the next attempt, if there is one.
pub fn record_outcome(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    outcome: &DeliveryOutcome,
) -> Result<Option<TimeDelta>> {
    match outcome {
        DeliveryOutcome::Delivered(external_id) => {
            mark_sent(tx, message, external_id.as_deref())?;
            Ok(None)
        }
        DeliveryOutcome::Unknown | DeliveryOutcome::Failed(_) if was_accepted(tx, message)? => {
            mark_sent(tx, message, None)?;
            Ok(None)
        }
        DeliveryOutcome::Unknown => {
            let failure = Some(DeliveryFailure::Unreachable);
            release(tx, message, MessageStatus::Unknown, failure, TimeDelta::zero())?;
            Ok(None)
        }
        DeliveryOutcome::Obsolete => {
            // The replaced message must not be sent after it.
            if let Some(replaced) = message.replaces_id {
                table::withdraw(tx.conn(), replaced)?;
            }
            release_unattempted(tx, message, MessageStatus::Withdrawn, None, TimeDelta::zero())?;
            Ok(None)
        }
        DeliveryOutcome::PredecessorInFlight => {
            release_unattempted(tx, message, MessageStatus::Pending, None, PREDECESSOR_DELAY)?;
            Ok(Some(PREDECESSOR_DELAY))
        }
        DeliveryOutcome::Redirected(address) => {
            table::redirect(tx.conn(), message.id, address)?;
            release_unattempted(tx, message, MessageStatus::Pending, None, TimeDelta::zero())?;
            Ok(Some(TimeDelta::zero()))
        }
        DeliveryOutcome::NotLinked => {
            let failure = Some(DeliveryFailure::NotLinked);
            let status = MessageStatus::Disabled;
            release_unattempted(tx, message, status, failure, TimeDelta::zero())?;
            Ok(None)
        }
        DeliveryOutcome::Blocked => {
            let (dead, failure) = (MessageStatus::Dead, Some(DeliveryFailure::Blocked));
            release_unattempted(tx, message, dead, failure, TimeDelta::zero())?;
            emit_failed(tx, message);
            Ok(None)
        }
        DeliveryOutcome::AccountPaused { wait, .. } => {
            // As for a channel that can't be reached: due again as soon as it works.
            let failure = Some(DeliveryFailure::Unreachable);
            let wait = wait.unwrap_or(PAUSED_DELAY);
            release_unattempted(tx, message, MessageStatus::Pending, failure, wait)?;
            Ok(Some(wait))
        }
        DeliveryOutcome::RateLimited { wait, .. } => {
            retry(tx, message, DeliveryFailure::TooFast, *wait)
        }
        DeliveryOutcome::Failed(failure) => {
            retry(tx, message, *failure, backoff::retry_delay(message.attempts))
        }
        DeliveryOutcome::Refused(failure) => {
            mark_dead(tx, message, *failure)?;
            Ok(None)
        }
    }
}

/// Makes everything due that waits because the channel could not be reached.
pub fn retry_unreachable_now(tx: &mut Tx<'_>, channel: Channel) -> Result<usize> {
    let now = tx.now().naive_utc();
    Ok(table::make_unreachable_due(tx.conn(), channel, now)?)
}

/// Notifies browsers that messages changed.
pub fn emit_updated(tx: &mut Tx<'_>, count: i64) -> Result<()> {
    tx.emit(LiveEvent::NotificationsUpdated(NotificationsEvent { count }));
    Ok(())
}

/// Marks a message as sent, unless the provider has already reported that it failed.
pub(super) fn mark_sent(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    external_id: Option<&str>,
) -> Result<()> {
    let now = tx.now().naive_utc();
    if !table::mark_sent(tx.conn(), message.id, external_id, now)? {
        return fail_after_acceptance(tx, message);
    }
    if !message.kind.is_reply() {
        addresses::mark_reachable(tx, message.channel, &message.address)?;
    }
    if let Some(redacted) = outbox::redacted_payload(message)? {
        table::set_payload(tx.conn(), message.id, &redacted)?;
    }
    Ok(())
}

/// Marks a message as dead that the provider accepted and could not deliver.
pub(super) fn fail_after_acceptance(tx: &mut Tx<'_>, message: &ClaimedMessage) -> Result<()> {
    table::mark_failed_after_acceptance(tx.conn(), message.id)?;
    emit_failed(tx, message);
    Ok(())
}

/// Whether a report came before the outcome and says that the message was accepted.
fn was_accepted(tx: &mut Tx<'_>, message: &ClaimedMessage) -> Result<bool> {
    let reported = table::find_reported(tx.conn(), message.id)?;
    Ok(reported.is_some_and(|status| status != ReportedStatus::Failed))
}

fn retry(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    failure: DeliveryFailure,
    wait: TimeDelta,
) -> Result<Option<TimeDelta>> {
    if message.attempts >= MAX_ATTEMPTS {
        mark_dead(tx, message, failure)?;
        return Ok(None);
    }
    release(tx, message, MessageStatus::Pending, Some(failure), wait)?;
    Ok(Some(wait))
}

fn mark_dead(tx: &mut Tx<'_>, message: &ClaimedMessage, failure: DeliveryFailure) -> Result<()> {
    let now = tx.now().naive_utc();
    let dead = MessageStatus::Dead;
    let released = release(tx, message, dead, Some(failure), TimeDelta::zero())?;
    if failure == DeliveryFailure::Blocked {
        addresses::mark_blocked(tx.conn(), message.channel, &message.address, now)?;
    }
    if released {
        emit_failed(tx, message);
    }
    Ok(())
}

fn emit_failed(tx: &mut Tx<'_>, message: &ClaimedMessage) {
    if !message.kind.is_reply() {
        tx.emit(LiveEvent::NotificationFailed(NotificationEvent {
            id: message.id,
            kind: message.kind,
            job_id: message.job_id,
        }));
    }
}

/// Releases the claim; false if another worker has claimed the message since.
fn release(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    status: MessageStatus,
    failure: Option<DeliveryFailure>,
    wait: TimeDelta,
) -> Result<bool> {
    let next_attempt_at = (tx.now() + wait).naive_utc();
    let attempts = message.attempts;
    let released = ReleasedMessage { status, attempts, next_attempt_at, failure };
    Ok(table::release(tx.conn(), message.id, attempts, &released)?)
}

/// Releases the claim of a message that was not sent: it does not count as an attempt.
fn release_unattempted(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    status: MessageStatus,
    failure: Option<DeliveryFailure>,
    wait: TimeDelta,
) -> Result<()> {
    let next_attempt_at = (tx.now() + wait).naive_utc();
    let attempts = message.attempts - 1;
    let released = ReleasedMessage { status, attempts, next_attempt_at, failure };
    table::release(tx.conn(), message.id, message.attempts, &released)?;
    Ok(())
}
