//! Jobs as messages, always rendered from the present state of the job.

mod job_view;
mod offer_view;
mod technician_job;

pub use job_view::own_job;
pub use offer_view::{collapsed_offer, open_offer};
pub use technician_job::TechnicianJob;
