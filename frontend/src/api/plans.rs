//! Plans.

use shared::plan::{Plan, PlanInput};
use shared::{Page, PlanId};

use super::page_query::PageQuery;
use super::{ApiResult, client};

/// Returns a page of the plans, by code.
pub async fn list(query: &PageQuery) -> ApiResult<Page<Plan>> {
    client::query("plans", query).await
}

/// Returns one plan.
pub async fn get(id: PlanId) -> ApiResult<Plan> {
    client::get(&format!("plans/{id}")).await
}

/// Creates a plan.
pub async fn create(plan: &PlanInput) -> ApiResult<Plan> {
    client::post("plans", plan).await
}

/// Replaces the data of the version that was read.
pub async fn update(id: PlanId, plan: &PlanInput, version: i64) -> ApiResult<Plan> {
    client::put(&format!("plans/{id}"), plan, version).await
}
