//! Delivery of one claimed message.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use services::Error;
use services::delivery::{self, ClaimedMessage, DeliveryOutcome, Destination, ReplacedMessage};
use services::outbox::Notice;
use services::{Conn, Db};
use shared::notification::DeliveryFailure;

use crate::channel::{Channel, Content, OutgoingMessage, Preparation};
use crate::rate_limiter::SlidingWindow;

/// Renders the message, waits for its turn, and sends it.
pub async fn deliver<C: Channel>(
    db: &Db,
    channel: &Arc<C>,
    window: &SlidingWindow,
    message: &ClaimedMessage,
) -> DeliveryOutcome {
    let (adapter, claimed, now) = (Arc::clone(channel), message.clone(), db.clock().now());
    let prepared = db.read(move |conn| prepare(conn, now, adapter.as_ref(), &claimed)).await;
    match prepared {
        Ok(Preparation::Ready(prepared)) => {
            window.acquire().await;
            channel.send(prepared).await
        }
        Ok(Preparation::Skip(outcome)) => outcome,
        Err(error) => {
            log::error!("notification {} could not be rendered: {error}", message.id);
            DeliveryOutcome::Failed(DeliveryFailure::Internal)
        }
    }
}

fn prepare<C: Channel>(
    conn: &mut Conn,
    now: DateTime<Utc>,
    channel: &C,
    message: &ClaimedMessage,
) -> Result<Preparation<C::Prepared>, Error> {
    match delivery::resolve_destination(conn, message, now)? {
        Destination::Unchanged => {}
        Destination::Moved(address) => {
            return Ok(Preparation::Skip(DeliveryOutcome::Redirected(address)));
        }
        Destination::Blocked => return Ok(Preparation::Skip(DeliveryOutcome::Blocked)),
        Destination::NotLinked => return Ok(Preparation::Skip(DeliveryOutcome::NotLinked)),
    }
    let replaces = match delivery::replaced_message(conn, message)? {
        ReplacedMessage::InFlight => {
            return Ok(Preparation::Skip(DeliveryOutcome::PredecessorInFlight));
        }
        // A notice that would have changed an offer says nothing without it; a reply always does.
        ReplacedMessage::NeverSent if !message.kind.is_reply() => {
            return Ok(Preparation::Skip(DeliveryOutcome::Obsolete));
        }
        ReplacedMessage::None | ReplacedMessage::NeverSent | ReplacedMessage::Unconfirmed => None,
        ReplacedMessage::Delivered(external_id) => Some(external_id),
    };
    let notice: Notice;
    let content = if message.kind.is_reply() {
        Content::Reply(&message.payload)
    } else {
        notice = match serde_json::from_str(&message.payload) {
            Ok(notice) => notice,
            Err(error) => {
                log::error!("notification {} can not be parsed: {error}", message.id);
                let refused = DeliveryOutcome::Refused(DeliveryFailure::Rejected);
                return Ok(Preparation::Skip(refused));
            }
        };
        Content::Notice(&notice)
    };
    let outgoing = OutgoingMessage {
        id: message.id,
        now,
        address: &message.address,
        user_id: message.user_id,
        content,
        replaces: replaces.as_deref(),
    };
    channel.prepare(conn, &outgoing)
}
