//! What technicians hand back.

use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnQuery, BagReturnRejection, BagReturnStatus,
};
use shared::{BagReturnId, Page};

use super::{ApiResult, client};

/// A page of the list, newest first.
pub async fn list(query: &BagReturnQuery) -> ApiResult<Page<BagReturn>> {
    client::query("inventory/bag-returns", query).await
}

/// One return.
pub async fn get(id: BagReturnId) -> ApiResult<BagReturn> {
    client::get(&format!("inventory/bag-returns/{id}")).await
}

/// How many wait for the warehouse.
pub async fn count_requested() -> ApiResult<i64> {
    let query = BagReturnQuery {
        status: Some(BagReturnStatus::Requested),
        limit: Some(1),
        with_total: Some(true),
        ..Default::default()
    };
    Ok(list(&query).await?.total.unwrap_or_default())
}

/// Takes in what was counted.
pub async fn confirm(id: BagReturnId, counted: &BagReturnConfirmation) -> ApiResult<BagReturn> {
    client::post(&format!("inventory/bag-returns/{id}/confirm"), counted).await
}

/// Turns a return down; the technician reads why.
pub async fn reject(id: BagReturnId, rejection: &BagReturnRejection) -> ApiResult<BagReturn> {
    client::post(&format!("inventory/bag-returns/{id}/reject"), rejection).await
}
