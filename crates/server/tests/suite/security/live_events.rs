//! Tickets of live connections, and events per role.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::Permission::{
    self, ApiKeysManage, CustomersRead, CustomersWrite, InventoryRead, InventoryWrite, JobsRead,
    NotificationsManage, TechniciansManage, TechniciansRead, UsersManage,
};
use shared::inventory::BagReturnStatus;
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::JobStatus;
use shared::live::{
    ApiKeyEvent, BagReturnEvent, CustomerEvent, ImportEvent, ImportProgressEvent, InventoryEvent,
    ItemEvent, JobEvent, LiveEvent, LowStockEvent, NotificationEvent, NotificationsEvent,
    RegistrationEvent, TechnicianEvent, UserEvent,
};
use shared::notification::MessageKind;
use shared::session::TicketResponse;
use shared::technician_registration::RegistrationStatus;
use shared::{
    ApiKeyId, BagReturnId, CustomerId, ItemId, JobId, LocationId, NotificationId, RegistrationId,
    Role, TechnicianId, UserId,
};

use super::fixtures::{Fixture, Reach};
use super::tokens::switch_off;
use crate::contract::openapi::document;
use crate::harness::TestApp;
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(
    a_connection_requires_a_fresh_ticket,
    each_role_receives_exactly_the_events_it_may_read,
);

async fn a_connection_requires_a_fresh_ticket(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let ticket = || async {
        let answer: TicketResponse = cs.post("/ws/ticket", &()).await;
        answer.ticket
    };
    let used = ticket().await;
    assert!(Socket::with_ticket(&cs, &used, None).await.is_ok());
    let late = ticket().await;
    app.clock.advance(chrono::TimeDelta::seconds(31));
    let token = cs.token.clone().unwrap();
    let cases = [("used", used.as_str()), ("late", &late), ("empty", ""), ("guessed", "AAAA")];
    for (name, ticket) in cases.into_iter().chain([("the token", token.as_str())]) {
        assert!(Socket::with_ticket(&cs, ticket, None).await.is_err(), "{name}");
    }
    let address = format!("{}/api/ws", cs.base.replace("http://", "ws://"));
    assert!(tokio_tungstenite::connect_async(address).await.is_err(), "none at all");
    let of_a_leaver = ticket().await;
    switch_off(&app, &cs).await;
    assert!(Socket::with_ticket(&cs, &of_a_leaver, None).await.is_err(), "of a leaver");
}

/// Returns the roles that receive an event, by its name.
fn readers() -> BTreeMap<&'static str, Option<Permission>> {
    BTreeMap::from([
        ("job.created", Some(JobsRead)),
        ("job.updated", Some(JobsRead)),
        ("job.sla_warning", Some(JobsRead)),
        ("job.sla_breached", Some(JobsRead)),
        ("customer.created", Some(CustomersRead)),
        ("customer.updated", Some(CustomersRead)),
        ("customer.imported", Some(CustomersRead)),
        ("customer.import_progress", Some(CustomersWrite)),
        ("technician.created", Some(TechniciansRead)),
        ("technician.updated", Some(TechniciansRead)),
        ("technician.registered", Some(TechniciansManage)),
        ("inventory.moved", Some(InventoryRead)),
        ("inventory.low_stock", Some(InventoryRead)),
        ("inventory.item_changed", Some(InventoryRead)),
        ("inventory.import_progress", Some(InventoryWrite)),
        ("inventory.bag_return", Some(InventoryRead)),
        ("user.changed", Some(UsersManage)),
        ("user.registered", Some(UsersManage)),
        ("api_key.changed", Some(ApiKeysManage)),
        ("notification.failed", Some(NotificationsManage)),
        ("notification.updated", Some(NotificationsManage)),
        ("ready", None),
        ("resync", None),
    ])
}

/// Returns one event of each kind about objects of this technician.
fn one_of_each(technician: TechnicianId) -> Vec<LiveEvent> {
    let job = JobEvent {
        id: JobId(1),
        number: "GGN-202611-0001".into(),
        job_type: JobType::Repair,
        priority: JobPriority::Normal,
        status: JobStatus::Assigned,
        due_at: DateTime::<Utc>::UNIX_EPOCH,
        technician_ids: vec![technician],
        left_technician_ids: Vec::new(),
        version: 1,
    };
    let customer = CustomerEvent { id: CustomerId(1), version: 1 };
    let person = TechnicianEvent { id: technician, on_duty: true, active: true, version: 1 };
    vec![
        LiveEvent::JobCreated(job.clone()),
        LiveEvent::JobUpdated(job.clone()),
        LiveEvent::SlaWarning(job.clone()),
        LiveEvent::SlaBreached(job),
        LiveEvent::CustomerCreated(customer.clone()),
        LiveEvent::CustomerUpdated(customer),
        LiveEvent::CustomersImported(ImportEvent { created: 1, updated: 0 }),
        LiveEvent::CustomerImportProgress(ImportProgressEvent { done: 1, rows: 2 }),
        LiveEvent::TechnicianCreated(person.clone()),
        LiveEvent::TechnicianUpdated(person),
        LiveEvent::TechnicianRegistered(RegistrationEvent {
            id: RegistrationId(1),
            status: RegistrationStatus::Pending,
        }),
        LiveEvent::InventoryMoved(InventoryEvent {
            item_id: ItemId(1),
            from_location_id: LocationId(1),
            to_location_id: LocationId(2),
            technician_ids: vec![technician],
        }),
        LiveEvent::LowStock(LowStockEvent {
            item_id: ItemId(1),
            code: "DW-1C".into(),
            name: "Kabel".into(),
            on_hand: 0,
            min_stock: 1,
        }),
        LiveEvent::ItemChanged(ItemEvent { item_id: ItemId(1), version: 1 }),
        LiveEvent::ItemImportProgress(ImportProgressEvent { done: 1, rows: 2 }),
        LiveEvent::BagReturn(BagReturnEvent {
            id: BagReturnId(1),
            status: BagReturnStatus::Requested,
            technician_id: technician,
        }),
        LiveEvent::UserChanged(UserEvent { id: UserId(1) }),
        LiveEvent::UserRegistered(UserEvent { id: UserId(1) }),
        LiveEvent::ApiKeyChanged(ApiKeyEvent { id: ApiKeyId(1) }),
        LiveEvent::NotificationFailed(NotificationEvent {
            id: NotificationId(1),
            kind: MessageKind::JobAssigned,
            job_id: Some(JobId(1)),
        }),
        LiveEvent::NotificationsUpdated(NotificationsEvent { count: 1 }),
    ]
}

/// Returns whether a technician receives the event if it concerns an own object.
fn concerns_a_technician(name: &str) -> bool {
    name.starts_with("job.") || matches!(name, "inventory.moved" | "inventory.bag_return")
}

/// Returns the names of the documented events.
fn documented() -> BTreeSet<String> {
    let document = document();
    let kinds = document.pointer("/components/schemas/LiveMessage/oneOf").unwrap();
    let name = |kind: &Value| {
        let kind = kind.pointer("/properties/type").unwrap();
        let name = kind.get("const").or(kind.pointer("/enum/0")).unwrap();
        name.as_str().unwrap().to_owned()
    };
    let names = kinds.as_array().unwrap().iter().map(name);
    // Only the owner of a session receives its end; `live_events` tests that.
    names.filter(|name| name != "session.ended").collect()
}

async fn each_role_receives_exactly_the_events_it_may_read(app: TestApp) {
    let readers = readers();
    let named: BTreeSet<String> = readers.keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(named, documented(), "add the new event to `readers` and `one_of_each`");
    let fixture = Fixture::new(app).await;
    let (siti, agus) = (fixture.own.technician.id, fixture.foreign.technician.id);
    let events = [one_of_each(siti), one_of_each(agus)];
    let kinds = events[0].iter().map(LiveEvent::name).chain(["ready", "resync"]);
    assert_eq!(kinds.collect::<BTreeSet<_>>(), readers.keys().copied().collect());
    let last = tell(&fixture, Vec::new()).await;
    tell(&fixture, events.concat()).await;
    for caller in &fixture.callers {
        let mut socket = Socket::open(&caller.client, Some(last)).await;
        let heard: Vec<_> =
            socket.wait_until_ready().await.into_iter().map(|reported| reported.event).collect();
        let hears = |event: &LiveEvent, own: bool| match readers[event.name()] {
            None => true,
            Some(permission) => match caller.reach(permission) {
                Reach::Everything => true,
                Reach::OwnOnly => own && concerns_a_technician(event.name()),
                Reach::OwnButNothing | Reach::Nothing => false,
            },
        };
        let [own, foreign] = &events;
        let own = own.iter().filter(|event| hears(event, true));
        let foreign = foreign.iter().filter(|event| hears(event, false));
        let wanted: Vec<LiveEvent> = own.chain(foreign).cloned().collect();
        assert_eq!(heard, wanted, "{}", caller.name);
    }
}

/// Emits these events. Returns the number of the last event before them.
async fn tell(fixture: &Fixture, events: Vec<LiveEvent>) -> i64 {
    use db::schema::live_events;
    use diesel::prelude::*;
    let emit = move |tx: &mut db::Tx<'_>| {
        let newest = live_events::table.select(diesel::dsl::max(live_events::seq));
        let newest: Option<i64> = newest.first(tx.conn())?;
        for event in &events {
            tx.emit(event.clone());
        }
        Ok::<_, db::DbError>(newest.unwrap_or(0))
    };
    fixture.app.db.write(emit).await.unwrap()
}
