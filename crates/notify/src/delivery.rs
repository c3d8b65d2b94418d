//! The delivery of one message.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use services::delivery::ClaimedMessage;
use services::delivery::{self, DeliveryOutcome, Destination, ReplacedMessage};
use services::outbox::Notice;
use services::{Conn, Db, Error};
use shared::ChatId;
use shared::notification::DeliveryFailure;

use crate::telegram::TelegramClient;
use crate::telegram::{Addressee, Message, NoticeRenderer};
use crate::rate_limiter::SlidingWindow;
use crate::telegram::build_request;

/// What a delivery needs.
#[derive(Clone)]
pub struct DeliveryDeps {
    pub db: Db,
    pub client: TelegramClient,
    pub renderer: Arc<dyn NoticeRenderer>,
}

/// Delivers a message that was taken up, when the gate lets it pass.
pub async fn deliver(
    means: &DeliveryDeps,
    gate: &SlidingWindow,
    chat: ChatId,
    message: &ClaimedMessage,
) -> DeliveryOutcome {
    let (compose, this) = (Arc::clone(&means.renderer), message.clone());
    let now = means.db.clock().now();
    let worded = means.db.read(move |conn| render(conn, now, compose.as_ref(), chat, &this)).await;
    match worded {
        Ok(Rendered::Ready(ready)) => match build_request(chat, &ready) {
            Ok(request) => {
                gate.acquire().await;
                means.client.deliver(&request).await
            }
            Err(error) => {
                log::error!("notification {} can not be sent: {error}", message.id);
                DeliveryOutcome::Refused(DeliveryFailure::Rejected)
            }
        },
        Ok(Rendered::Skipped(outcome)) => outcome,
        Err(error) => {
            log::error!("notification {} can not be put into words: {error}", message.id);
            DeliveryOutcome::Failed { failure: DeliveryFailure::Internal, wait: None }
        }
    }
}

enum Rendered {
    Ready(Message),
    Skipped(DeliveryOutcome),
}

fn render(
    conn: &mut Conn,
    now: DateTime<Utc>,
    compose: &dyn NoticeRenderer,
    chat: ChatId,
    message: &ClaimedMessage,
) -> Result<Rendered, Error> {
    let unreadable = |error: serde_json::Error| {
        log::error!("notification {} can not be read: {error}", message.id);
        Ok(Rendered::Skipped(DeliveryOutcome::Refused(DeliveryFailure::Rejected)))
    };
    match delivery::resolve_destination(conn, message)? {
        Destination::Unchanged => {}
        Destination::Moved(chat) => {
            return Ok(Rendered::Skipped(DeliveryOutcome::Redirected(chat)));
        }
        Destination::NotLinked => return Ok(Rendered::Skipped(DeliveryOutcome::NotLinked)),
    }
    let replaces = match delivery::replaced_message(conn, message)? {
        ReplacedMessage::InFlight => {
            return Ok(Rendered::Skipped(DeliveryOutcome::PredecessorInFlight));
        }
        // Words that would have changed an offer say nothing without it; an answer always does.
        ReplacedMessage::NeverSent if !message.kind.is_reply() => {
            return Ok(Rendered::Skipped(DeliveryOutcome::Obsolete));
        }
        ReplacedMessage::None | ReplacedMessage::NeverSent => None,
        ReplacedMessage::Delivered(name) => name.parse().ok(),
    };
    if message.kind.is_reply() {
        let answer = serde_json::from_str::<Message>(&message.payload);
        return answer
            .map_or_else(unreadable, |answer| Ok(Rendered::Ready(answer.as_edit_of(replaces))));
    }
    let notice: Notice = match serde_json::from_str(&message.payload) {
        Ok(notice) => notice,
        Err(error) => return unreadable(error),
    };
    let to = Addressee { user_id: message.user_id, chat_id: chat };
    Ok(match compose.render(conn, now, to, &notice, replaces)? {
        Some(ready) => Rendered::Ready(ready),
        None => Rendered::Skipped(DeliveryOutcome::Obsolete),
    })
}
