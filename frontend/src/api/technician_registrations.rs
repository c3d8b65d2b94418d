//! Applications of technicians.

use shared::technician_registration::{
    RegistrationQuery, RegistrationRejection, RegistrationStatus, TechnicianRegistration,
};
use shared::{Page, RegistrationId};

use super::{ApiResult, client};

/// Returns a page of the pending applications, oldest first.
pub async fn list_pending(limit: i64) -> ApiResult<Page<TechnicianRegistration>> {
    let query = RegistrationQuery {
        status: Some(RegistrationStatus::Pending),
        limit: Some(limit),
        with_total: Some(true),
        ..Default::default()
    };
    client::query("technician-registrations", &query).await
}

/// Returns how many applications are pending.
pub async fn count_pending() -> ApiResult<i64> {
    Ok(list_pending(1).await?.total.unwrap_or_default())
}

/// Approves an application.
pub async fn approve(id: RegistrationId, version: i64) -> ApiResult<TechnicianRegistration> {
    client::post_empty_versioned(&format!("technician-registrations/{id}/approve"), version).await
}

/// Rejects an application; the applicant reads the reason.
pub async fn reject(
    id: RegistrationId,
    rejection: &RegistrationRejection,
    version: i64,
) -> ApiResult<TechnicianRegistration> {
    client::post_versioned(&format!("technician-registrations/{id}/reject"), rejection, version)
        .await
}
