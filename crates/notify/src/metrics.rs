//! What is counted while messages leave.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use services::delivery::DeliveryOutcome;
use shared::notification::{Channel, DeliveryFailure};

/// Bounds of the histogram, in seconds: a call takes 25 seconds at most.
const BUCKETS_SECONDS: [f64; 9] = [0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    channel: &'static str,
    outcome: &'static str,
}

/// The counters of one process. Cheap to clone.
#[derive(Clone)]
pub struct DeliveryMetrics {
    deliveries: Family<DeliveryLabels, Counter>,
    retry_after: Counter,
    seconds: Histogram,
}

impl DeliveryMetrics {
    /// Counters that stand in `registry` from now on.
    pub fn new(registry: &mut Registry) -> Self {
        let metrics = Self {
            deliveries: Family::default(),
            retry_after: Counter::default(),
            seconds: Histogram::new(BUCKETS_SECONDS),
        };
        registry.register(
            "isp_notification_deliveries",
            "Tries to deliver a message, by how they ended",
            metrics.deliveries.clone(),
        );
        registry.register(
            "isp_telegram_retry_after",
            "Times that Telegram asked to be slower",
            metrics.retry_after.clone(),
        );
        registry.register(
            "isp_notification_delivery_seconds",
            "How long a try to deliver took",
            metrics.seconds.clone(),
        );
        metrics
    }

    /// Counts a try.
    pub fn record(&self, outcome: &DeliveryOutcome, took: Duration) {
        let channel = Channel::Telegram.as_str();
        self.deliveries
            .get_or_create(&DeliveryLabels { channel, outcome: outcome_label(outcome) })
            .inc();
        if matches!(outcome, DeliveryOutcome::Failed { failure: DeliveryFailure::TooFast, .. }) {
            self.retry_after.inc();
        }
        self.seconds.observe(took.as_secs_f64());
    }
}

fn outcome_label(outcome: &DeliveryOutcome) -> &'static str {
    match outcome {
        DeliveryOutcome::Delivered(_) => "sent",
        DeliveryOutcome::Obsolete => "withdrawn",
        DeliveryOutcome::PredecessorInFlight => "waiting",
        DeliveryOutcome::Redirected(_) => "redirected",
        DeliveryOutcome::NotLinked => DeliveryFailure::NotLinked.as_str(),
        DeliveryOutcome::Failed { failure, .. } | DeliveryOutcome::Refused(failure) => {
            failure.as_str()
        }
    }
}
