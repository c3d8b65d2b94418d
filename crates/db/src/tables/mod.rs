//! One module per table, with its queries.

pub mod api_keys;
pub mod audit;
pub mod balances;
pub mod counters;
pub mod customers;
pub mod idempotency_keys;
pub mod items;
pub mod job_materials;
pub mod job_technicians;
pub mod job_timeline;
pub mod jobs;
pub mod ledger;
pub mod live_events;
pub mod locations;
pub mod movements;
pub mod outbox;
pub mod photos;
pub mod plans;
pub mod sessions;
pub mod settings;
pub mod sla_alerts;
pub mod technician_skills;
pub mod technicians;
pub mod units;
pub mod users;
pub mod ws_tickets;
