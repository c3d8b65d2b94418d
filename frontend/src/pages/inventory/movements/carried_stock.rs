//! What a technician carries.

use shared::TechnicianId;
use shared::inventory::{LocationKind, Stock};

use crate::api::{self, ApiResult};

/// Everything in the bag of a technician.
pub async fn technician_stock(technician: TechnicianId) -> ApiResult<Vec<Stock>> {
    let bags = api::inventory::locations_of_kind(LocationKind::Technician).await?;
    let own = bags.items.iter().find(|bag| bag.technician_id == Some(technician));
    match own {
        Some(bag) => Ok(api::inventory::stock(bag.id).await?.items),
        None => Ok(Vec::new()),
    }
}
