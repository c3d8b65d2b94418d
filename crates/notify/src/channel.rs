//! Delivery channel: the interface between the worker and a provider.

use chrono::{DateTime, Utc};
use services::Conn;
use services::delivery::{DeliveryGuarantee, DeliveryOutcome};
use services::outbox::Notice;
use shared::{NotificationId, UserId};

use crate::rate_limiter::ChannelLimits;

/// An adapter to one provider of messages.
///
/// The worker calls [`Channel::prepare`] within a read of the database and [`Channel::send`] once the
/// limits allow it. Claims, order, limits, retries and stored states are the worker's business.
pub trait Channel: Send + Sync + 'static {
    /// A message in the form that [`Channel::send`] takes.
    type Prepared: Send + 'static;

    /// Names the channel in the outbox, in the lease and in the metrics.
    fn kind(&self) -> shared::notification::Channel;

    /// Returns what the provider allows.
    fn limits(&self) -> ChannelLimits;

    /// Returns what becomes of a message whose delivery was interrupted.
    fn guarantee(&self) -> DeliveryGuarantee;

    /// Renders a message as things stand now.
    fn prepare(
        &self,
        conn: &mut Conn,
        message: &OutgoingMessage<'_>,
    ) -> services::Result<Preparation<Self::Prepared>>;

    /// Sends a message once. It ends on its own within the time of a claim
    /// ([`services::delivery::CLAIM_DURATION`]).
    fn send(&self, message: Self::Prepared) -> impl Future<Output = DeliveryOutcome> + Send;
}

/// A claimed message, as a channel gets it.
#[derive(Debug)]
pub struct OutgoingMessage<'a> {
    /// Stays the same over all attempts. A provider that reports later gets it along with the message
    /// and names it in its reports.
    pub id: NotificationId,
    pub now: DateTime<Utc>,
    /// The channel's own form of an address: of Telegram the number of the chat.
    pub address: &'a str,
    /// None while the recipient has no user account.
    pub user_id: Option<UserId>,
    pub content: Content<'a>,
    /// The provider's id of the earlier message that this one replaces.
    pub replaces: Option<&'a str>,
}

/// What a message says.
#[derive(Debug)]
pub enum Content<'a> {
    /// A notice, which the channel renders.
    Notice(&'a Notice),
    /// A reply, in the form in which the channel's own bot has stored it.
    Reply(&'a str),
}

/// The result of [`Channel::prepare`].
#[derive(Debug)]
pub enum Preparation<P> {
    Ready(P),
    /// Nothing is sent; the delivery ends like this.
    Skip(DeliveryOutcome),
}
