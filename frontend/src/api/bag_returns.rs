//! Returns of technicians to the warehouse.

use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnQuery, BagReturnRejection, BagReturnStatus,
};
use shared::{BagReturnId, Page};

use super::{ApiResult, client};

/// Returns a page of the list, newest first.
pub async fn list(query: &BagReturnQuery) -> ApiResult<Page<BagReturn>> {
    client::query("inventory/bag-returns", query).await
}

/// Returns one return.
pub async fn get(id: BagReturnId) -> ApiResult<BagReturn> {
    client::get(&format!("inventory/bag-returns/{id}")).await
}

/// Returns how many wait to be counted.
pub async fn count_requested() -> ApiResult<i64> {
    let query = BagReturnQuery {
        status: Some(BagReturnStatus::Requested),
        limit: Some(1),
        with_total: Some(true),
        ..Default::default()
    };
    Ok(list(&query).await?.total.unwrap_or_default())
}

/// Confirms a return with the counted quantities.
pub async fn confirm(
    id: BagReturnId,
    counted: &BagReturnConfirmation,
    version: i64,
) -> ApiResult<BagReturn> {
    client::post_versioned(&format!("inventory/bag-returns/{id}/confirm"), counted, version).await
}

/// Rejects a return; the technician reads the reason.
pub async fn reject(
    id: BagReturnId,
    rejection: &BagReturnRejection,
    version: i64,
) -> ApiResult<BagReturn> {
    client::post_versioned(&format!("inventory/bag-returns/{id}/reject"), rejection, version).await
}
