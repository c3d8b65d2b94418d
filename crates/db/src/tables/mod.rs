//! One module per table, with its queries.
//!
//! A write that a concurrent transaction can forestall returns a `bool`: `false` means that nothing was
//! changed. The services decide whether that is a refusal or a reason to run the transaction again
//! ([`DbError::Conflict`](crate::DbError::Conflict)).

pub mod api_keys;
pub mod audit;
pub mod audit_head;
pub mod audit_keys;
pub mod bag_returns;
pub mod balances;
pub mod completed_jobs;
pub(crate) mod counters;
pub mod customer_niks;
pub mod customers;
pub mod encrypted_columns;
pub mod expiry;
pub mod idempotency_keys;
pub mod identity_photos;
pub mod import_mappings;
pub mod import_rows;
pub mod imports;
pub mod installed_devices;
pub mod items;
pub mod job_materials;
pub mod job_technicians;
pub mod job_timeline;
pub mod jobs;
pub mod leases;
pub mod ledger_check;
pub mod live_events;
pub mod locations;
pub mod login_attempts;
pub mod login_throttles;
pub mod movements;
pub mod outbox;
pub mod photos;
pub mod plans;
pub mod recovery_codes;
pub mod second_factors;
pub mod serial_units;
pub mod sessions;
pub mod settings;
pub mod sla_alerts;
pub mod technician_registrations;
pub mod technician_skills;
pub mod technicians;
pub mod telegram_dialogues;
pub mod telegram_link_codes;
pub mod telegram_links;
pub mod telegram_updates;
pub mod upload_folder;
pub mod users;
pub mod ws_tickets;
