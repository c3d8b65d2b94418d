//! Jobs: their life from the order to the closed file.

mod assign;
mod candidates;
mod create;
mod edit;
mod evidence;
mod offer;
mod read;
mod record;
mod sla;
mod trace;
mod transition;
mod warn;

pub use assign::assign;
pub use candidates::candidates;
pub use create::create;
pub use edit::update;
pub use evidence::{Evidence, Given, Lack, evidence};
pub use offer::{
    Offer, Urgency, area, distance_km, has_given_back, is_on, offer, offers, own, possible,
    possible_with, why_cancelled,
};
pub use read::{get, list, materials, of_customer, timeline, visible};
pub use record::{Loaded, load_for_change, note_photo};
pub use sla::budget_seconds;
pub use transition::transition;
pub use warn::warn;

pub(crate) use read::{SOON, crews};
pub(crate) use record::shown;
