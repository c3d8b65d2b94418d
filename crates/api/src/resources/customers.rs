//! Customers and their identity numbers.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::customers;
use shared::customer::{
    Customer, CustomerInput, CustomerQuery, SimilarCustomer, SimilarCustomerQuery,
};
use shared::identity::CustomerNik;
use shared::{CustomerId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists customers, newest first unless sorted otherwise. Managers get masked phone numbers,
/// technicians only the customers of their own jobs.
#[utoipa::path(get, path = "/api/customers", tag = "customers", params(CustomerQuery),
    responses((status = 200, body = Page<Customer>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::CustomersRead, Query<CustomerQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    let cipher = app.cipher.clone();
    reply::read(&app, move |conn| customers::list(conn, &cipher, &actor, &query)).await
}

/// Lists customers that look like one that is being typed: with the same phone number, identity number, or name and
/// address. Nothing is changed; it is a POST so that no log has the numbers.
///
/// Another one may be created all the same. The phone number is not compared for managers, who do not see it.
#[utoipa::path(post, path = "/api/customers/similar", tag = "customers",
    request_body(content = SimilarCustomerQuery, example = json!({"phone": "0812-3456-7890", "name": "Siti Rahayu", "address": "Jl. Kaliurang 9"})),
    responses((status = 200, body = Page<SimilarCustomer>), ProblemResponses))]
pub async fn list_similar(
    app: App,
    call: Allowed<permissions::CustomersRead, JsonBody<SimilarCustomerQuery>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value: query, .. }, .. } = call;
    let cipher = app.cipher.clone();
    reply::read(&app, move |conn| customers::similar(conn, &cipher, &actor, &query)).await
}

/// Creates a customer. The system assigns the customer number.
#[utoipa::path(post, path = "/api/customers", tag = "customers",
    request_body(content = CustomerInput, example = json!({"name": "Siti Rahayu", "phone": "0812-3456-7890", "address": "Jl. Kaliurang KM 9 No. 12, Ngaglik, Sleman", "latitude": -7.7101, "longitude": 110.4075, "plan_id": 2, "status": "active", "odp": "ODP-NGA-014"})),
    responses((status = 201, body = Customer), ProblemResponses))]
pub async fn create(
    app: App,
    call: Allowed<permissions::CustomersWrite, JsonBody<CustomerInput>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    let cipher = app.cipher.clone();
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        customers::create(tx, &cipher, actor, &value)
    })
    .await
}

/// Returns one customer.
#[utoipa::path(get, path = "/api/customers/{id}", tag = "customers",
    params(("id" = CustomerId, Path)), responses((status = 200, body = Customer), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::CustomersRead, Path<CustomerId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    let (version, cipher) = (|customer: &Customer| customer.version, app.cipher.clone());
    reply::read_versioned(&app, version, move |conn| customers::get(conn, &cipher, &actor, *id))
        .await
}

/// Updates a customer. Status and identity number stay unchanged if they are absent; values that
/// are sent back masked stay unchanged too.
#[utoipa::path(put, path = "/api/customers/{id}", tag = "customers",
    params(("id" = CustomerId, Path)),
    request_body(content = CustomerInput, example = json!({"name": "Siti Rahayu", "phone": "+6281234567890", "address": "Jl. Kaliurang KM 9 No. 12, Ngaglik, Sleman", "plan_id": 3, "status": "suspended"})),
    responses((status = 200, body = Customer), ProblemResponses))]
pub async fn update(
    app: App,
    call: Allowed<
        permissions::CustomersWrite,
        (IfMatch, Path<CustomerId>, JsonBody<CustomerInput>),
    >,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, .. }), .. } = call;
    let cipher = app.cipher.clone();
    reply::update(&app, move |tx| customers::update(tx, &cipher, &actor, *id, version, &value))
        .await
}

/// Returns the customer's unmasked identity number. Each access is audited.
#[utoipa::path(get, path = "/api/customers/{id}/nik", tag = "customers",
    params(("id" = CustomerId, Path)), responses((status = 200, body = CustomerNik), ProblemResponses))]
pub async fn get_nik(
    app: App,
    call: Allowed<permissions::CustomersIdentity, Path<CustomerId>>,
) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    let cipher = app.cipher.clone();
    reply::update(&app, move |tx| customers::read_nik(tx, &cipher, &actor, *id)).await
}
