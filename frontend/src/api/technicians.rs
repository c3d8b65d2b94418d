//! Technicians.

use shared::technician::{Technician, TechnicianCreate, TechnicianQuery, TechnicianUpdate};
use shared::{Page, TechnicianId};

use super::{ApiResult, client};

/// A page of the list.
pub async fn list(query: &TechnicianQuery) -> ApiResult<Page<Technician>> {
    client::query("technicians", query).await
}

/// One technician.
pub async fn get(id: TechnicianId) -> ApiResult<Technician> {
    client::get(&format!("technicians/{id}")).await
}

/// A new technician with a login and a bag.
pub async fn create(technician: &TechnicianCreate) -> ApiResult<Technician> {
    client::post("technicians", technician).await
}

/// Replaces the facts of the version that was read.
pub async fn update(
    id: TechnicianId,
    technician: &TechnicianUpdate,
    version: i64,
) -> ApiResult<Technician> {
    client::put(&format!("technicians/{id}"), technician, version).await
}
