//! Adapter of the Bot API to the delivery worker.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;
use services::Conn;
use services::delivery::{DeliveryGuarantee, DeliveryOutcome};
use shared::ChatId;
use shared::notification::DeliveryFailure;

use super::client::TelegramClient;
use super::message::{Addressee, Message, NoticeRenderer};
use super::request::{Request, build_request};
use crate::channel::{Channel, Content, OutgoingMessage, Preparation};
use crate::rate_limiter::ChannelLimits;

/// What Telegram asks of bots (Bots FAQ: "My bot is hitting limits"): 30 messages per second, and in a chat
/// one per second with short bursts, so that the messages of one answer arrive together. Two a second stay free for messages that the network delays and then delivers
/// together.
pub const LIMITS: ChannelLimits = ChannelLimits {
    per_second: 28,
    address_interval: Duration::from_secs(1),
    address_burst: 2,
    max_concurrent: 32,
    reserved_for_replies: 8,
};

/// Telegram as a delivery channel. An address is the number of a private chat.
pub struct TelegramChannel {
    client: TelegramClient,
    renderer: Arc<dyn NoticeRenderer>,
    limits: ChannelLimits,
    retry_after: Counter,
}

impl TelegramChannel {
    /// A channel whose metrics are registered in `registry`.
    pub fn new(
        client: TelegramClient,
        renderer: Arc<dyn NoticeRenderer>,
        limits: ChannelLimits,
        registry: &mut Registry,
    ) -> Self {
        let retry_after = Counter::default();
        registry.register(
            "isp_telegram_retry_after",
            "Requests that Telegram answered with retry_after",
            retry_after.clone(),
        );
        Self { client, renderer, limits, retry_after }
    }

    fn render(
        &self,
        conn: &mut Conn,
        chat_id: ChatId,
        message: &OutgoingMessage<'_>,
    ) -> services::Result<Rendered> {
        let replaces = message.replaces.and_then(|id| id.parse().ok());
        Ok(match message.content {
            Content::Reply(body) => match serde_json::from_str::<Message>(body) {
                Ok(reply) => Rendered::Message(reply.as_edit_of(replaces)),
                Err(error) => Rendered::Invalid(error.to_string()),
            },
            Content::Notice(notice) => {
                let to = Addressee { user_id: message.user_id, chat_id };
                let rendered = self.renderer.render(conn, message.now, to, notice, replaces)?;
                rendered.map_or(Rendered::Obsolete, Rendered::Message)
            }
        })
    }
}

enum Rendered {
    Message(Message),
    Obsolete,
    Invalid(String),
}

impl Channel for TelegramChannel {
    type Prepared = Request;

    fn kind(&self) -> shared::notification::Channel {
        shared::notification::Channel::Telegram
    }

    fn limits(&self) -> ChannelLimits {
        self.limits
    }

    fn guarantee(&self) -> DeliveryGuarantee {
        DeliveryGuarantee::AtLeastOnce
    }

    fn prepare(
        &self,
        conn: &mut Conn,
        message: &OutgoingMessage<'_>,
    ) -> services::Result<Preparation<Request>> {
        let invalid = |reason: &str| {
            log::error!("notification {} can not be sent: {reason}", message.id);
            let refused = DeliveryOutcome::Refused(DeliveryFailure::Rejected);
            Ok(Preparation::Skip(refused))
        };
        let Ok(chat_id) = message.address.parse().map(ChatId) else {
            return invalid("its address is no chat");
        };
        match self.render(conn, chat_id, message)? {
            Rendered::Message(rendered) => match build_request(chat_id, &rendered) {
                // An answer is wanted even if the message that it edits is gone; a notice is not.
                Ok(request) if matches!(message.content, Content::Reply(_)) => {
                    let anew = rendered.into_new().and_then(|it| build_request(chat_id, &it).ok());
                    Ok(Preparation::Ready(Request { anew: anew.map(Box::new), ..request }))
                }
                Ok(request) => Ok(Preparation::Ready(request)),
                Err(error) => invalid(&error.to_string()),
            },
            Rendered::Obsolete => Ok(Preparation::Skip(DeliveryOutcome::Obsolete)),
            Rendered::Invalid(reason) => invalid(&reason),
        }
    }

    async fn send(&self, request: Request) -> DeliveryOutcome {
        let outcome = self.client.deliver(&request).await;
        if matches!(outcome, DeliveryOutcome::RateLimited { .. }) {
            self.retry_after.inc();
        }
        outcome
    }
}
