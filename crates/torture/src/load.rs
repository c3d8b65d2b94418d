//! Load of concurrent workers that record every acknowledged change.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use shared::inventory::{
    Item, ItemInput, ItemUnit, Line, Location, LocationKind, MovementsResponse, ReceiptRequest,
};
use shared::job::{Job, JobCreate, JobType, TransitionRequest};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::{CustomerId, ItemId, JobId, LocationId, Page};

use crate::Result;
use crate::client::{Client, RequestFailure};

/// Number of concurrent workers.
const WORKERS: u64 = 6;

/// Changes acknowledged since the last verification.
#[derive(Debug, Default)]
pub struct Acknowledged {
    pub customers: BTreeSet<CustomerId>,
    pub jobs: BTreeSet<JobId>,
    pub cancelled: BTreeSet<JobId>,
    /// Quantity of received goods.
    pub received: i64,
    /// Quantity of receipts without a response.
    pub unconfirmed_received: i64,
    /// Number of responses with status 500; there should be none.
    pub failures: u64,
}

impl Acknowledged {
    pub fn count(&self) -> usize {
        self.customers.len() + self.jobs.len() + self.cancelled.len()
    }

    fn add(&mut self, other: Self) {
        self.customers.extend(other.customers);
        self.jobs.extend(other.jobs);
        self.cancelled.extend(other.cancelled);
        self.received += other.received;
        self.unconfirmed_received += other.unconfirmed_received;
        self.failures += other.failures;
    }

    fn count_failure(&mut self, failure: &RequestFailure) {
        if matches!(failure, RequestFailure::Refused(status, _) if status.as_u16() == 500) {
            self.failures += 1;
        }
    }
}

/// The item and the warehouse of receipts.
#[derive(Debug, Clone, Copy)]
pub struct StockLocation {
    pub item: ItemId,
    pub location: LocationId,
}

/// Creates an item and finds a warehouse.
pub async fn create_stock(client: &Client) -> Result<StockLocation> {
    let input = ItemInput {
        pack_size: None,
        code: "KABEL-UJI".into(),
        name: "Kabel uji".into(),
        category: "kabel".into(),
        unit: ItemUnit::Metre,
        serialized: false,
        min_stock: 0,
        price: Default::default(),
    };
    let failed = |failure: RequestFailure| format!("{failure:?}");
    let item: Item = client.post("/inventory", &input).await.map_err(failed)?;
    let places: Page<Location> = client.get("/locations?limit=50").await.map_err(failed)?;
    let warehouse = places.items.into_iter().find(|place| place.kind == LocationKind::Warehouse);
    let location = warehouse.ok_or("no warehouse")?.id;
    Ok(StockLocation { item: item.id, location })
}

/// What was acknowledged so far, readable while the load runs.
#[derive(Debug, Default)]
pub struct Progress {
    changes: AtomicU64,
    customers: Mutex<Vec<CustomerId>>,
}

impl Progress {
    pub fn has_begun(&self) -> bool {
        self.changes.load(Ordering::SeqCst) > 0
    }

    /// The customers acknowledged so far.
    pub fn customers(&self) -> Vec<CustomerId> {
        self.customers.lock().map(|list| list.clone()).unwrap_or_default()
    }
}

/// Runs the workers until `over` and returns what was acknowledged. `progress` is updated meanwhile.
pub async fn work(
    client: &Client,
    stock: StockLocation,
    seed: u64,
    over: &Arc<AtomicBool>,
    progress: &Arc<Progress>,
) -> Acknowledged {
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..WORKERS {
        let (client, over, progress) = (client.clone(), Arc::clone(over), Arc::clone(progress));
        let random = StdRng::seed_from_u64(seed ^ (number << 32));
        workers.spawn(async move {
            let mut worker =
                LoadWorker { client, stock, random, progress, done: Acknowledged::default() };
            while !over.load(Ordering::SeqCst) {
                if worker.step().await {
                    worker.progress.changes.fetch_add(1, Ordering::SeqCst);
                } else {
                    // The server is gone or rejected the request: retry a little later.
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
            }
            worker.done
        });
    }
    let mut all = Acknowledged::default();
    while let Some(done) = workers.join_next().await {
        all.add(done.unwrap_or_default());
    }
    all
}

struct LoadWorker {
    client: Client,
    stock: StockLocation,
    random: StdRng,
    progress: Arc<Progress>,
    done: Acknowledged,
}

impl LoadWorker {
    /// Makes one random change; whether it was acknowledged.
    async fn step(&mut self) -> bool {
        let done = match self.random.random_range(0..10) {
            0..5 => self.customer().await,
            5..8 => self.job().await,
            8 => self.cancel().await,
            _ => self.receive().await,
        };
        if let Err(failure) = &done {
            self.done.count_failure(failure);
        }
        done.is_ok()
    }

    async fn customer(&mut self) -> std::result::Result<(), RequestFailure> {
        let phone = self.random.random();
        let made = self.client.add_customer("Pelanggan Uji", phone).await?;
        self.done.customers.insert(made.id);
        if let Ok(mut customers) = self.progress.customers.lock() {
            customers.push(made.id);
        }
        Ok(())
    }

    async fn job(&mut self) -> std::result::Result<(), RequestFailure> {
        let Some(customer) = self.done.customers.last().copied() else { return Ok(()) };
        let job_type = if self.random.random() { JobType::Repair } else { JobType::Installation };
        let request = JobCreate {
            job_type,
            customer_id: customer,
            priority: None,
            title: None,
            description: None,
            address: None,
            latitude: None,
            longitude: None,
            scheduled_start: None,
            scheduled_end: None,
            confirm_duplicate: true,
        };
        let made: Job = self.client.post("/jobs", &request).await?;
        self.done.jobs.insert(made.id);
        Ok(())
    }

    async fn cancel(&mut self) -> std::result::Result<(), RequestFailure> {
        let Some(job) = self.done.jobs.last().copied() else { return Ok(()) };
        let request = TransitionRequest {
            reason: Some("tidak jadi".into()),
            ..TransitionRequest::for_action(JobAction::Cancel)
        };
        let path = format!("/jobs/{job}/transitions");
        let _: Job = self.client.post(&path, &request).await?;
        self.done.jobs.remove(&job);
        self.done.cancelled.insert(job);
        Ok(())
    }

    async fn receive(&mut self) -> std::result::Result<(), RequestFailure> {
        let quantity = self.random.random_range(1..50);
        let line = Line { item_id: self.stock.item, quantity, serial_numbers: None };
        let request = ReceiptRequest {
            location_id: self.stock.location,
            lines: vec![line],
            in_packs: Vec::new(),
            supplier: None,
            invoice_number: None,
        };
        let made: std::result::Result<MovementsResponse, _> =
            self.client.post("/inventory/receipts", &request).await;
        match made {
            Ok(_) => self.done.received += quantity,
            Err(RequestFailure::Refused(status, code)) if status.as_u16() < 500 => {
                return Err(RequestFailure::Refused(status, code));
            }
            Err(failure) => {
                self.done.unconfirmed_received += quantity;
                return Err(failure);
            }
        }
        Ok(())
    }
}

/// Checks that everything acknowledged is there. `received` and `perhaps` are the confirmed and the
/// unconfirmed quantity since the start.
pub async fn verify(
    client: &Client,
    stock: StockLocation,
    done: &Acknowledged,
    (received, perhaps): (i64, i64),
) -> Result {
    let gone = |what: &str, id: i64, failure: RequestFailure| format!("{what} {id}: {failure:?}");
    for &id in &done.customers {
        let found: std::result::Result<shared::customer::Customer, _> =
            client.get(&format!("/customers/{id}")).await;
        found.map_err(|failure| gone("customer", id.0, failure))?;
    }
    for &id in done.jobs.iter().chain(&done.cancelled) {
        let found: std::result::Result<Job, _> = client.get(&format!("/jobs/{id}")).await;
        let job = found.map_err(|failure| gone("job", id.0, failure))?;
        if done.cancelled.contains(&id) && job.status != JobStatus::Cancelled {
            return Err(format!("job {id} is {} although its end was acknowledged", job.status));
        }
    }
    let item: std::result::Result<Item, _> =
        client.get(&format!("/inventory/{}", stock.item)).await;
    let on_hand = item.map_err(|failure| gone("item", stock.item.0, failure))?.on_hand;
    let on_hand = on_hand.unwrap_or_default();
    if !(received..=received + perhaps).contains(&on_hand) {
        return Err(format!("{on_hand} on hand, acknowledged {received}, perhaps {perhaps} more"));
    }
    if done.failures > 0 {
        return Err(format!("{} answers were 500", done.failures));
    }
    Ok(())
}
