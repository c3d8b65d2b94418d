//! Technicians.

use shared::technician::{Technician, TechnicianCreate, TechnicianQuery, TechnicianUpdate};
use shared::{Page, TechnicianId};

use super::{ApiResult, client};

/// Returns a page of the list.
pub async fn list(query: &TechnicianQuery) -> ApiResult<Page<Technician>> {
    client::query("technicians", query).await
}

/// Returns one technician.
pub async fn get(id: TechnicianId) -> ApiResult<Technician> {
    client::get(&format!("technicians/{id}")).await
}

/// Creates a technician with an account and a bag.
pub async fn create(technician: &TechnicianCreate) -> ApiResult<Technician> {
    client::post("technicians", technician).await
}

/// Replaces the data of the version that was read.
pub async fn update(
    id: TechnicianId,
    technician: &TechnicianUpdate,
    version: i64,
) -> ApiResult<Technician> {
    client::put(&format!("technicians/{id}"), technician, version).await
}
