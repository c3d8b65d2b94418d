//! How a try to deliver a message ends.

use chrono::TimeDelta;
use db::Tx;
use db::tables::outbox::{self as table, DueMessage, Undelivered};
use db::tables::telegram_links;
use shared::ChatId;
use shared::live::{LiveEvent, NotificationEvent, NotificationsEvent};
use shared::message::{DeliveryFailure, MessageStatus};

use super::backoff::{self, MAX_TRIES};
use crate::error::Result;
use crate::outbox;

/// Wait for an earlier message that is being sent right now.
const WAIT_FOR_EARLIER: TimeDelta = TimeDelta::seconds(1);

/// How a try to deliver ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the chat, under this name of the channel's.
    Delivered(Option<String>),
    /// It has lost its meaning.
    Meaningless,
    /// What it takes the place of is still on its way.
    TooEarly,
    /// Its reader has another chat now: it waits there for its turn.
    Moved(ChatId),
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
pub fn settle(
    tx: &mut Tx<'_>,
    message: &DueMessage,
    outcome: &Outcome,
) -> Result<Option<TimeDelta>> {
    match outcome {
        Outcome::Delivered(external_id) => {
            let now = tx.now().naive_utc();
            table::delivered(tx.conn(), message.id, external_id.as_deref(), now)?;
            if let Some(rest) = outbox::without_secret(message)? {
                table::set_payload(tx.conn(), message.id, &rest)?;
            }
            Ok(None)
        }
        Outcome::Meaningless => {
            // What it would have replaced must not come after it.
            if let Some(replaced) = message.replaces_id {
                table::withdraw(tx.conn(), replaced)?;
            }
            untried(tx, message, MessageStatus::Withdrawn, None, TimeDelta::zero())?;
            Ok(None)
        }
        Outcome::TooEarly => {
            untried(tx, message, MessageStatus::Pending, None, WAIT_FOR_EARLIER)?;
            Ok(Some(WAIT_FOR_EARLIER))
        }
        Outcome::Moved(chat) => {
            table::redirect(tx.conn(), message.id, *chat)?;
            untried(tx, message, MessageStatus::Pending, None, TimeDelta::zero())?;
            Ok(Some(TimeDelta::zero()))
        }
        Outcome::NotLinked => {
            let why = Some(DeliveryFailure::NotLinked);
            untried(tx, message, MessageStatus::Disabled, why, TimeDelta::zero())?;
            Ok(None)
        }
        Outcome::Failed { failure, .. } if message.attempts >= MAX_TRIES => {
            give_up(tx, message, *failure)?;
            Ok(None)
        }
        Outcome::Failed { failure, wait } => {
            let wait = wait.unwrap_or_else(|| backoff::wait(message.attempts));
            let after = Undelivered {
                status: MessageStatus::Pending,
                attempts: message.attempts,
                next_attempt_at: (tx.now() + wait).naive_utc(),
                failure: Some(*failure),
            };
            table::let_go(tx.conn(), message.id, message.attempts, &after)?;
            Ok(Some(wait))
        }
        Outcome::Refused(failure) => {
            give_up(tx, message, *failure)?;
            Ok(None)
        }
    }
}

/// Makes everything due that waits because the channel could not be reached: it can be again.
///
/// # Errors
/// The database fails.
pub fn channel_is_back(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now().naive_utc();
    Ok(table::hasten(tx.conn(), now)?)
}

/// Lets go of a message whose delivery was not tried: that counts as no try.
fn untried(
    tx: &mut Tx<'_>,
    message: &DueMessage,
    status: MessageStatus,
    failure: Option<DeliveryFailure>,
    wait: TimeDelta,
) -> Result<()> {
    let after = Undelivered {
        status,
        attempts: message.attempts - 1,
        next_attempt_at: (tx.now() + wait).naive_utc(),
        failure,
    };
    table::let_go(tx.conn(), message.id, message.attempts, &after)?;
    Ok(())
}

fn give_up(tx: &mut Tx<'_>, message: &DueMessage, failure: DeliveryFailure) -> Result<()> {
    let now = tx.now().naive_utc();
    let after = Undelivered {
        status: MessageStatus::Dead,
        attempts: message.attempts,
        next_attempt_at: now,
        failure: Some(failure),
    };
    let own = table::let_go(tx.conn(), message.id, message.attempts, &after)?;
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
pub fn tell(tx: &mut Tx<'_>, count: i64) -> Result<()> {
    tx.emit(LiveEvent::NotificationsUpdated(NotificationsEvent { count }));
    Ok(())
}
