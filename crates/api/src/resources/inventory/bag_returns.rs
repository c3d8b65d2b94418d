//! Returns from technicians' bags to the warehouse.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::Error;
use services::inventory::bag_returns;
use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnCreate, BagReturnQuery, BagReturnRejection,
};
use shared::{BagReturnId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::{ChangeMeta, JsonBody};
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists bag returns, newest first. Technicians get their own.
#[utoipa::path(get, path = "/api/inventory/bag-returns", tag = "inventory", params(BagReturnQuery),
    responses((status = 200, body = Page<BagReturn>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::InventoryRead, Query<BagReturnQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| bag_returns::list(conn, &actor, &query)).await
}

/// Returns one bag return. Technicians get their own.
#[utoipa::path(get, path = "/api/inventory/bag-returns/{id}", tag = "inventory",
    params(("id" = BagReturnId, Path)),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::InventoryRead, Path<BagReturnId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| bag_returns::get(conn, &actor, *id)).await
}

/// Requests the return of stock from a bag to the warehouse. It stays in the bag until the
/// warehouse has counted it. Technicians: from their own bag, one request at a time.
#[utoipa::path(post, path = "/api/inventory/bag-returns", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = BagReturnCreate, example = json!({"technician_id": 3, "lines": [{"item_id": 4, "quantity": 65}]})),
    responses((status = 201, body = BagReturn), ProblemResponses))]
pub async fn request(
    app: App,
    call: Allowed<permissions::InventoryUse, JsonBody<BagReturnCreate>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        bag_returns::request(tx, actor, &value)
    })
    .await
}

/// Receives what the warehouse has counted; without `lines` everything that was requested. The rest
/// stays in the bag.
#[utoipa::path(post, path = "/api/inventory/bag-returns/{id}/confirm", tag = "inventory",
    params(("id" = BagReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = BagReturnConfirmation, example = json!({"lines": [{"item_id": 4, "quantity": 60}]})),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn confirm(
    app: App,
    call: Allowed<
        permissions::InventoryWrite,
        (IfMatch, Path<BagReturnId>, JsonBody<BagReturnConfirmation>),
    >,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        bag_returns::confirm(tx, actor, *id, version, &value)
    })
    .await
}

/// Rejects a bag return. Everything stays in the bag, and the technician gets the reason.
#[utoipa::path(post, path = "/api/inventory/bag-returns/{id}/reject", tag = "inventory",
    params(("id" = BagReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = BagReturnRejection, example = json!({"reason": "Barang belum diserahkan."})),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn reject(
    app: App,
    call: Allowed<
        permissions::InventoryWrite,
        (IfMatch, Path<BagReturnId>, JsonBody<BagReturnRejection>),
    >,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    let reason = value.parse().map_err(Error::from)?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        bag_returns::reject(tx, actor, *id, version, &reason)
    })
    .await
}

/// Withdraws a request before the warehouse has counted. Technicians: their own requests.
#[utoipa::path(post, path = "/api/inventory/bag-returns/{id}/withdraw", tag = "inventory",
    params(("id" = BagReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn withdraw(
    app: App,
    call: Allowed<permissions::InventoryUse, (IfMatch, Path<BagReturnId>, HttpRequest)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        bag_returns::withdraw(tx, actor, *id, version)
    })
    .await
}
