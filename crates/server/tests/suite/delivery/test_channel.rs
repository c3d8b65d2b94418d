//! Delivery channel without a provider: it runs within the test and ends as the test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use db::tables::outbox::{self as table, NewMessage};
use db::{BackgroundWorker, Conn, Db, Tx};
use notify::{
    Channel, ChannelLimits, Content, DeliveryMetrics, DeliveryWorker, OutgoingMessage, Preparation,
};
use services::Error;
use services::delivery::{self, DeliveryGuarantee, DeliveryOutcome, DeliveryReport};
use shared::NotificationId;
use shared::notification::{Channel as ChannelKind, MessageKind, MessageStatus, ReportedStatus};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::harness::{TestApp, unique};

/// The channel that the outbox names. There is no adapter for it yet.
const KIND: ChannelKind = ChannelKind::Whatsapp;

/// Limits that no test waits for.
pub const FAST: ChannelLimits = ChannelLimits {
    per_second: 10_000,
    address_interval: Duration::ZERO,
    address_burst: 1,
    max_concurrent: 8,
    reserved_for_replies: 2,
};

/// A message that was sent.
#[derive(Debug, Clone)]
pub struct SentMessage {
    pub id: NotificationId,
    pub address: String,
    pub text: String,
    pub at: Instant,
}

/// A channel without idempotency, whose provider reports later what became of a message.
pub struct TestChannel {
    db: Db,
    limits: ChannelLimits,
    /// How the next sends end; a send without an entry succeeds.
    outcomes: Mutex<VecDeque<DeliveryOutcome>>,
    /// Reports that arrive before the answers to the next sends.
    early_reports: Mutex<VecDeque<ReportedStatus>>,
    sent: Mutex<Vec<SentMessage>>,
}

impl TestChannel {
    pub fn new(app: &TestApp, limits: ChannelLimits) -> Arc<Self> {
        Arc::new(Self {
            db: app.db.clone(),
            limits,
            outcomes: Mutex::default(),
            early_reports: Mutex::default(),
            sent: Mutex::default(),
        })
    }

    /// Lets the next send end like this.
    pub fn end_next_with(&self, outcome: DeliveryOutcome) {
        self.outcomes.lock().unwrap().push_back(outcome);
    }

    /// Lets a report arrive before the answer to the next send.
    pub fn report_before_answer(&self, status: ReportedStatus) {
        self.early_reports.lock().unwrap().push_back(status);
    }

    pub fn sent(&self) -> Vec<SentMessage> {
        self.sent.lock().unwrap().clone()
    }

    /// When messages to an address were sent.
    pub fn times(&self, address: &str) -> Vec<Instant> {
        let sent = self.sent();
        sent.iter().filter(|message| message.address == address).map(|message| message.at).collect()
    }

    /// Starts a worker for this channel.
    pub fn start(self: &Arc<Self>) -> RunningWorker {
        let (stop, stopped) = watch::channel(false);
        let worker = DeliveryWorker {
            db: self.db.clone(),
            channel: Arc::clone(self),
            metrics: DeliveryMetrics::new(&mut prometheus_client::registry::Registry::default()),
            holder: unique().to_string(),
        };
        RunningWorker { stop, task: tokio::spawn(worker.run(stopped)) }
    }
}

/// A worker of the test. It ends with [`RunningWorker::stop`].
pub struct RunningWorker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl RunningWorker {
    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

impl Channel for TestChannel {
    type Prepared = SentMessage;

    fn kind(&self) -> ChannelKind {
        KIND
    }

    fn limits(&self) -> ChannelLimits {
        self.limits
    }

    fn guarantee(&self) -> DeliveryGuarantee {
        DeliveryGuarantee::AtMostOnce
    }

    fn prepare(
        &self,
        _: &mut Conn,
        message: &OutgoingMessage<'_>,
    ) -> services::Result<Preparation<SentMessage>> {
        let text = match message.content {
            Content::Reply(body) => body.to_owned(),
            Content::Notice(notice) => notice.kind().to_string(),
        };
        let (id, address) = (message.id, message.address.to_owned());
        Ok(Preparation::Ready(SentMessage { id, address, text, at: Instant::now() }))
    }

    async fn send(&self, message: SentMessage) -> DeliveryOutcome {
        let message = SentMessage { at: Instant::now(), ..message };
        let id = message.id;
        self.sent.lock().unwrap().push(message);
        let early = self.early_reports.lock().unwrap().pop_front();
        if let Some(status) = early {
            report(&self.db, id, status).await;
        }
        let outcome = self.outcomes.lock().unwrap().pop_front();
        outcome.unwrap_or_else(|| DeliveryOutcome::Delivered(Some(external_id(id))))
    }
}

/// The provider's id of a message.
pub fn external_id(id: NotificationId) -> String {
    format!("test-{id}")
}

/// Stores a report of the provider.
pub async fn report(db: &Db, id: NotificationId, status: ReportedStatus) {
    let report = DeliveryReport { id, status, external_id: Some(external_id(id)) };
    db.write(move |tx| delivery::record_report(tx, &report)).await.unwrap();
}

/// Queues replies to an address.
pub async fn enqueue(app: &TestApp, address: &str, texts: &[&str]) {
    let address = address.to_owned();
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        for text in &texts {
            insert(tx, &address, text)?;
        }
        tx.wake(BackgroundWorker::Outbox(KIND));
        Ok(())
    };
    app.db.write(queue).await.unwrap();
}

/// Queues one reply without waking the worker.
pub fn insert(tx: &mut Tx<'_>, address: &str, text: &str) -> Result<(), Error> {
    let created_at = tx.now().naive_utc();
    let message = NewMessage {
        channel: KIND,
        user_id: None,
        address: Some(address),
        kind: MessageKind::Reply,
        payload: text,
        job_id: None,
        replaces_id: None,
        priority: delivery::PRIORITIES[0],
        dedupe_key: &format!("{address}:{text}"),
        status: MessageStatus::Pending,
        failure: None,
        created_at,
    };
    Ok(table::insert(tx.conn(), &message)?)
}
