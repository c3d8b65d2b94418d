//! How a try to deliver a message ends.

use chrono::TimeDelta;
use db::Tx;
use db::tables::outbox::{self as table, ClaimedMessage, ReleasedMessage};
use db::tables::telegram_links;
use shared::ChatId;
use shared::live::{LiveEvent, NotificationEvent, NotificationsEvent};
use shared::notification::{DeliveryFailure, MessageStatus};

use super::backoff::{self, MAX_ATTEMPTS};
use crate::error::Result;
use crate::outbox;

/// Wait for an earlier message that is being sent right now.
const PREDECESSOR_DELAY: TimeDelta = TimeDelta::seconds(1);

/// How a try to deliver ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// It stands in the chat, under this name of the channel's.
    Delivered(Option<String>),
    /// It has lost its meaning.
    Obsolete,
    /// What it takes the place of is still on its way.
    PredecessorInFlight,
    /// Its reader has another chat now: it waits there for its turn.
    Redirected(ChatId),
    /// Its reader has no chat any more.
    NotLinked,
    /// Trying again may help: after `wait` if the channel names one.
    Failed { failure: DeliveryFailure, wait: Option<TimeDelta> },
    /// Trying again would not help.
    Refused(DeliveryFailure),
}

/// Keeps how a try ended. Returns the wait until the next one, if there is one.
///
/// # Errors
/// The database fails.
pub fn record_outcome(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    outcome: &DeliveryOutcome,
) -> Result<Option<TimeDelta>> {
    match outcome {
        DeliveryOutcome::Delivered(external_id) => {
            let now = tx.now().naive_utc();
            table::mark_sent(tx.conn(), message.id, external_id.as_deref(), now)?;
            if let Some(rest) = outbox::redacted_payload(message)? {
                table::set_payload(tx.conn(), message.id, &rest)?;
            }
            Ok(None)
        }
        DeliveryOutcome::Obsolete => {
            // What it would have replaced must not come after it.
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
        DeliveryOutcome::Redirected(chat) => {
            table::set_chat(tx.conn(), message.id, *chat)?;
            release_unattempted(tx, message, MessageStatus::Pending, None, TimeDelta::zero())?;
            Ok(Some(TimeDelta::zero()))
        }
        DeliveryOutcome::NotLinked => {
            let why = Some(DeliveryFailure::NotLinked);
            release_unattempted(tx, message, MessageStatus::Disabled, why, TimeDelta::zero())?;
            Ok(None)
        }
        DeliveryOutcome::Failed { failure, .. } if message.attempts >= MAX_ATTEMPTS => {
            mark_dead(tx, message, *failure)?;
            Ok(None)
        }
        DeliveryOutcome::Failed { failure, wait } => {
            let wait = wait.unwrap_or_else(|| backoff::retry_delay(message.attempts));
            let after = ReleasedMessage {
                status: MessageStatus::Pending,
                attempts: message.attempts,
                next_attempt_at: (tx.now() + wait).naive_utc(),
                failure: Some(*failure),
            };
            table::release(tx.conn(), message.id, message.attempts, &after)?;
            Ok(Some(wait))
        }
        DeliveryOutcome::Refused(failure) => {
            mark_dead(tx, message, *failure)?;
            Ok(None)
        }
    }
}

/// Makes everything due that waits because the channel could not be reached: it can be again.
///
/// # Errors
/// The database fails.
pub fn retry_unreachable_now(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    Ok(table::make_unreachable_due(tx.conn(), now)?)
}

/// Lets go of a message whose delivery was not tried: that counts as no try.
fn release_unattempted(
    tx: &mut Tx<'_>,
    message: &ClaimedMessage,
    status: MessageStatus,
    failure: Option<DeliveryFailure>,
    wait: TimeDelta,
) -> Result<()> {
    let after = ReleasedMessage {
        status,
        attempts: message.attempts - 1,
        next_attempt_at: (tx.now() + wait).naive_utc(),
        failure,
    };
    table::release(tx.conn(), message.id, message.attempts, &after)?;
    Ok(())
}

fn mark_dead(tx: &mut Tx<'_>, message: &ClaimedMessage, failure: DeliveryFailure) -> Result<()> {
    let now = tx.now().naive_utc();
    let after = ReleasedMessage {
        status: MessageStatus::Dead,
        attempts: message.attempts,
        next_attempt_at: now,
        failure: Some(failure),
    };
    let own = table::release(tx.conn(), message.id, message.attempts, &after)?;
    if let (DeliveryFailure::Blocked, Some(chat)) = (failure, message.chat_id) {
        telegram_links::set_blocked(tx.conn(), chat, Some(now))?;
    }
    if own && !message.kind.is_reply() {
        tx.emit(LiveEvent::NotificationFailed(NotificationEvent {
            id: message.id,
            kind: message.kind,
            job_id: message.job_id,
        }));
    }
    Ok(())
}

/// Tells browsers that messages moved on.
///
/// # Errors
/// Never: it has the form of every change.
pub fn emit_updated(tx: &mut Tx<'_>, count: i64) -> Result<()> {
    tx.emit(LiveEvent::NotificationsUpdated(NotificationsEvent { count }));
    Ok(())
}
