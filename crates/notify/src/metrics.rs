//! Prometheus metrics of deliveries.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use services::delivery::{DeliveryOutcome, PauseReason};
use shared::notification::{Channel, DeliveryFailure};

/// Upper bounds of the histogram in seconds: a call takes 25 seconds at most.
const BUCKETS_SECONDS: [f64; 9] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    channel: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PauseLabels {
    channel: &'static str,
    reason: &'static str,
}

/// The metrics of all channels of one process. Clones share their values.
#[derive(Clone)]
pub struct DeliveryMetrics {
    deliveries: Family<DeliveryLabels, Counter>,
    paused: Family<PauseLabels, Gauge>,
    seconds: Histogram,
}

impl DeliveryMetrics {
    /// Registers the metrics.
    pub fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            deliveries: Family::default(),
            paused: Family::default(),
            seconds: Histogram::new(BUCKETS_SECONDS),
        };
        registry.register(
            "isp_notification_deliveries",
            "Attempts to deliver a message, by outcome",
            metrics.deliveries.clone(),
        );
        registry.register(
            "isp_notification_channel_paused",
            "Whether the provider has paused the account of a channel, by reason",
            metrics.paused.clone(),
        );
        registry.register(
            "isp_notification_delivery_seconds",
            "Duration of an attempt to deliver",
            metrics.seconds.clone(),
        );
        metrics
    }

    /// Counts an attempt.
    pub fn record(&self, channel: Channel, outcome: &DeliveryOutcome, took: Duration) {
        let labels = DeliveryLabels { channel: channel.as_str(), outcome: outcome_label(outcome) };
        self.deliveries.get_or_create(&labels).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Shows why the account of a channel is paused, if it is.
    pub fn set_paused(&self, channel: Channel, reason: Option<PauseReason>) {
        for known in PauseReason::ALL {
            let labels = PauseLabels { channel: channel.as_str(), reason: known.as_str() };
            self.paused.get_or_create(&labels).set(i64::from(reason == Some(known)));
        }
    }
}

fn outcome_label(outcome: &DeliveryOutcome) -> &'static str {
    match outcome {
        DeliveryOutcome::Delivered(_) => "sent",
        DeliveryOutcome::Unknown => "unknown",
        DeliveryOutcome::Obsolete => "withdrawn",
        DeliveryOutcome::PredecessorInFlight => "waiting",
        DeliveryOutcome::Redirected(_) => "redirected",
        DeliveryOutcome::NotLinked => DeliveryFailure::NotLinked.as_str(),
        DeliveryOutcome::Blocked => DeliveryFailure::Blocked.as_str(),
        DeliveryOutcome::RateLimited { .. } => DeliveryFailure::TooFast.as_str(),
        DeliveryOutcome::AccountPaused { .. } => "paused",
        DeliveryOutcome::Failed(failure) | DeliveryOutcome::Refused(failure) => failure.as_str(),
    }
}
