//! Leftovers on their way from a bag to the warehouse.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::inventory::bag_returns;
use services::Error;
use shared::inventory::{
    BagReturn, BagReturnConfirmation, BagReturnCreate, BagReturnQuery, BagReturnRejection,
};
use shared::{BagReturnId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::json_body::{ChangeMeta, JsonBody};
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Returns, newest first. A technician sees the own ones.
#[utoipa::path(get, path = "/api/inventory/bag-returns", tag = "inventory", params(BagReturnQuery),
    responses((status = 200, body = Page<BagReturn>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::InventoryRead, Query<BagReturnQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| bag_returns::list(conn, &actor, &query)).await
}

/// One return. A technician sees the own ones.
#[utoipa::path(get, path = "/api/inventory/bag-returns/{id}", tag = "inventory",
    params(("id" = BagReturnId, Path)),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::InventoryRead, Path<BagReturnId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| bag_returns::get(conn, &actor, *id)).await
}

/// Asks the warehouse to take goods of a bag back. They stay in the bag until it has counted them.
/// A technician: own bag, one request at a time.
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

/// Takes in what the warehouse has counted; without `lines` everything that was named. What was
/// named and not counted stays in the bag.
#[utoipa::path(post, path = "/api/inventory/bag-returns/{id}/confirm", tag = "inventory",
    params(("id" = BagReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = BagReturnConfirmation, example = json!({"lines": [{"item_id": 4, "quantity": 60}]})),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn confirm(
    app: App,
    call: Allowed<
        permissions::InventoryWrite,
        (Path<BagReturnId>, JsonBody<BagReturnConfirmation>),
    >,
) -> Reply {
    let Allowed { actor, input: (id, JsonBody { value, meta }), .. } = call;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        bag_returns::confirm(tx, actor, *id, &value)
    })
    .await
}

/// Turns a return down; everything stays in the bag, and the technician reads why.
#[utoipa::path(post, path = "/api/inventory/bag-returns/{id}/reject", tag = "inventory",
    params(("id" = BagReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = BagReturnRejection, example = json!({"reason": "Barang belum diserahkan."})),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn reject(
    app: App,
    call: Allowed<permissions::InventoryWrite, (Path<BagReturnId>, JsonBody<BagReturnRejection>)>,
) -> Reply {
    let Allowed { actor, input: (id, JsonBody { value, meta }), .. } = call;
    let reason = value.parse().map_err(Error::from)?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        bag_returns::reject(tx, actor, *id, &reason)
    })
    .await
}

/// Takes a request back before the warehouse has counted. A technician: own requests.
#[utoipa::path(post, path = "/api/inventory/bag-returns/{id}/withdraw", tag = "inventory",
    params(("id" = BagReturnId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = BagReturn), ProblemResponses))]
pub async fn withdraw(
    app: App,
    call: Allowed<permissions::InventoryUse, (Path<BagReturnId>, HttpRequest)>,
) -> Reply {
    let Allowed { actor, input: (id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        bag_returns::withdraw(tx, actor, *id)
    })
    .await
}
