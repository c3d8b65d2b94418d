//! Prometheus metrics of the server.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use actix_web::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use services::delivery::DeliveryStats;
use shared::notification::Channel;

/// Upper bounds of the response time histogram, in seconds.
const LATENCY_BUCKETS_SECONDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChannelLabel {
    channel: &'static str,
}

/// The metrics of one process.
pub struct Metrics {
    /// Other parts of the server register theirs here.
    pub registry: Registry,
    requests: Family<StatusLabel, Counter>,
    latency: Histogram,
    waiting: Family<ChannelLabel, Gauge>,
    dead: Family<ChannelLabel, Gauge>,
    oldest_seconds: Gauge<f64, AtomicU64>,
    inbox: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let (requests, seconds) = (Family::default(), Histogram::new(LATENCY_BUCKETS_SECONDS));
        let (waiting, dead) = (Family::default(), Family::default());
        let (oldest_seconds, inbox) = (Gauge::default(), Gauge::default());
        registry.register(
            "isp_http_requests",
            "Requests to the API, by the class of their status",
            Family::clone(&requests),
        );
        registry.register(
            "isp_http_request_seconds",
            "How long the API took to answer",
            seconds.clone(),
        );
        registry.register(
            "isp_notifications_waiting",
            "Messages that wait for their delivery",
            Family::clone(&waiting),
        );
        registry.register(
            "isp_notifications_dead",
            "Messages that were given up",
            Family::clone(&dead),
        );
        registry.register(
            "isp_notifications_oldest_waiting_seconds",
            "How long the oldest message that waits has been waiting",
            Gauge::clone(&oldest_seconds),
        );
        registry.register(
            "isp_telegram_inbox_waiting",
            "Updates of Telegram that wait to be handled",
            Gauge::clone(&inbox),
        );
        Self { registry, requests, latency: seconds, waiting, dead, oldest_seconds, inbox }
    }
}

impl Metrics {
    /// Counts a response.
    pub fn record_response(&self, status: StatusCode, took: Duration) {
        let status = match status.as_u16() {
            ..=199 => "1xx",
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            500.. => "5xx",
        };
        self.requests.get_or_create(&StatusLabel { status }).inc();
        self.latency.observe(took.as_secs_f64());
    }

    /// Sets the gauges of the notification delivery.
    pub(crate) fn set_delivery_gauges(&self, figures: &DeliveryStats) {
        let set = |family: &Family<ChannelLabel, Gauge>, counts: &[(Channel, i64)]| {
            for (channel, count) in counts {
                family.get_or_create(&ChannelLabel { channel: channel.as_str() }).set(*count);
            }
        };
        set(&self.waiting, &figures.waiting);
        set(&self.dead, &figures.dead);
        self.oldest_seconds.set(figures.oldest_waiting.as_seconds_f64());
        self.inbox.set(figures.inbox);
    }
}
