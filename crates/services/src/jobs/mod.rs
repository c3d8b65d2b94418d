//! Jobs: life cycle, assignment, completion, queries.

mod assign;
mod audit_snapshot;
mod candidates;
mod completion_requirements;
mod create;
mod edit;
mod loading;
mod queries;
mod sla;
mod sla_alerts;
mod sla_recompute;
mod technician_view;
mod transition;

pub use assign::assign;
pub use candidates::candidates;
pub use completion_requirements::{
    CompletionRequirements, MissingEvidence, ProvidedEvidence, completion_requirements,
};
pub use create::create;
pub use edit::update;
pub use loading::{LoadedJob, load_permitted, record_photo};
pub use queries::{
    get, installed_devices, list, list_of_customer, load_visible, materials, materials_of, timeline,
};
pub use sla::budget_seconds;
pub use sla_alerts::send_sla_alerts;
pub use technician_view::{
    Offer, Urgency, allowed_actions, allowed_actions_for, area_of_address, cancel_reason,
    distance_km, has_declined, is_assigned, offer, offers, own_jobs,
};
pub use transition::transition;

pub(crate) use queries::DUE_SOON_WINDOW;
pub(crate) use sla_recompute::recompute_open_jobs;
