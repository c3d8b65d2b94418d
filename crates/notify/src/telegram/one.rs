//! The delivery of one message.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::tables::outbox::DueMessage;
use db::{Conn, Db};
use services::Error;
use services::delivery::{self, Destination, Earlier, Outcome};
use services::outbox::Notice;
use shared::ChatId;
use shared::message::DeliveryFailure;

use super::client::Client;
use super::message::{Addressee, Compose, Message};
use super::pace::Gate;
use super::request::request;

/// What a delivery needs.
#[derive(Clone)]
pub struct Means {
    pub db: Db,
    pub client: Client,
    pub compose: Arc<dyn Compose>,
}

/// Delivers a message that was taken up, when the gate lets it pass.
pub async fn deliver(means: &Means, gate: &Gate, chat: ChatId, message: &DueMessage) -> Outcome {
    let (compose, this) = (Arc::clone(&means.compose), message.clone());
    let now = means.db.clock().now();
    let worded = means.db.read(move |conn| words(conn, now, compose.as_ref(), chat, &this)).await;
    match worded {
        Ok(Worded::Ready(ready)) => match request(chat, &ready) {
            Ok(request) => {
                gate.pass().await;
                means.client.deliver(&request).await
            }
            Err(error) => {
                log::error!("notification {} can not be sent: {error}", message.id);
                Outcome::Refused(DeliveryFailure::Rejected)
            }
        },
        Ok(Worded::Nothing(outcome)) => outcome,
        Err(error) => {
            log::error!("notification {} can not be put into words: {error}", message.id);
            Outcome::Failed { failure: DeliveryFailure::Internal, wait: None }
        }
    }
}

enum Worded {
    Ready(Message),
    Nothing(Outcome),
}

fn words(
    conn: &mut Conn,
    now: DateTime<Utc>,
    compose: &dyn Compose,
    chat: ChatId,
    message: &DueMessage,
) -> Result<Worded, Error> {
    let unreadable = |error: serde_json::Error| {
        log::error!("notification {} can not be read: {error}", message.id);
        Ok(Worded::Nothing(Outcome::Refused(DeliveryFailure::Rejected)))
    };
    match delivery::destination(conn, message)? {
        Destination::Here => {}
        Destination::Moved(chat) => return Ok(Worded::Nothing(Outcome::Moved(chat))),
        Destination::Nowhere => return Ok(Worded::Nothing(Outcome::NotLinked)),
    }
    let replaces = match delivery::earlier(conn, message)? {
        Earlier::OnItsWay => return Ok(Worded::Nothing(Outcome::TooEarly)),
        // Words that would have changed an offer say nothing without it; an answer always does.
        Earlier::NeverSent if !message.kind.is_reply() => {
            return Ok(Worded::Nothing(Outcome::Meaningless));
        }
        Earlier::None | Earlier::NeverSent => None,
        Earlier::Stands(name) => name.parse().ok(),
    };
    if message.kind.is_reply() {
        let answer = serde_json::from_str::<Message>(&message.payload);
        return answer
            .map_or_else(unreadable, |answer| Ok(Worded::Ready(answer.in_place_of(replaces))));
    }
    let notice: Notice = match serde_json::from_str(&message.payload) {
        Ok(notice) => notice,
        Err(error) => return unreadable(error),
    };
    let to = Addressee { user_id: message.user_id, chat_id: chat };
    Ok(match compose.compose(conn, now, to, &notice, replaces)? {
        Some(ready) => Worded::Ready(ready),
        None => Worded::Nothing(Outcome::Meaningless),
    })
}
