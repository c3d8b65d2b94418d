//! Customers and plans.

use shared::customer::{
    Customer, CustomerInput, CustomerQuery, SimilarCustomer, SimilarCustomerQuery,
};
use shared::job::{Job, JobQuery};
use shared::plan::Plan;
use shared::{CustomerId, Page};

use super::{ApiResult, client};

/// Returns a page of the list.
pub async fn list(query: &CustomerQuery) -> ApiResult<Page<Customer>> {
    client::query("customers", query).await
}

/// Returns one customer.
pub async fn get(id: CustomerId) -> ApiResult<Customer> {
    client::get(&format!("customers/{id}")).await
}

/// Returns the customers that look like the one that is being typed.
pub async fn similar(query: &SimilarCustomerQuery) -> ApiResult<Page<SimilarCustomer>> {
    client::post("customers/similar", query).await
}

/// Creates a customer.
pub async fn create(customer: &CustomerInput) -> ApiResult<Customer> {
    client::post("customers", customer).await
}

/// Replaces the data of the version that was read.
pub async fn update(id: CustomerId, customer: &CustomerInput, version: i64) -> ApiResult<Customer> {
    client::put(&format!("customers/{id}"), customer, version).await
}

/// Returns the jobs of a customer.
pub async fn jobs(id: CustomerId, query: &JobQuery) -> ApiResult<Page<Job>> {
    client::query(&format!("customers/{id}/jobs"), query).await
}

/// Returns every plan.
pub async fn plans() -> ApiResult<Page<Plan>> {
    client::get("plans?limit=200").await
}
