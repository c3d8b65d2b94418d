//! Stock movements (ledger).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::inventory::{self, movements};
use shared::inventory::{
    AdjustmentRequest, IssueRequest, Movement, MovementQuery, MovementsResponse, ReceiptRequest,
    ReturnRequest, ReversalRequest, TransferRequest, UsageRequest,
};
use shared::{MovementId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists movements, newest first. Technicians get those of their own bag.
#[utoipa::path(get, path = "/api/inventory/movements", tag = "inventory", params(MovementQuery),
    responses((status = 200, body = Page<Movement>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::InventoryRead, Query<MovementQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| movements::list(conn, &actor, &query)).await
}

/// Receives stock from a supplier in a warehouse. Serialised items need one new serial number per
/// unit.
#[utoipa::path(post, path = "/api/inventory/receipts", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReceiptRequest, example = json!({"location_id": 1, "supplier": "PT Sumber Kabel", "invoice_number": "INV-0871", "lines": [{"item_id": 4, "quantity": 2000}, {"item_id": 1, "quantity": 2, "serial_numbers": ["ZTEGC8F1A001", "ZTEGC8F1A002"]}]})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn receive(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<ReceiptRequest>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        movements::receive(tx, actor, &value)
    })
    .await
}

/// Issues stock from a warehouse to a technician.
#[utoipa::path(post, path = "/api/inventory/issues", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = IssueRequest, example = json!({"technician_id": 3, "lines": [{"item_id": 4, "quantity": 100}, {"item_id": 1, "quantity": 1, "serial_numbers": ["ZTEGC8F1A001"]}]})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn issue(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<IssueRequest>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        movements::issue(tx, actor, &value)
    })
    .await
}

/// Moves stock from a technician's bag to the customer of a job. Technicians: their own bag and
/// jobs.
#[utoipa::path(post, path = "/api/inventory/usage", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = UsageRequest, example = json!({"job_id": 17, "lines": [{"item_id": 4, "quantity": 35}, {"item_id": 6, "quantity": 2}]})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn consume(
    app: App,
    call: Allowed<permissions::InventoryUse, JsonBody<UsageRequest>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        movements::consume(tx, actor, &value)
    })
    .await
}

/// Moves stock from a technician's bag back to the warehouse, as counted there.
#[utoipa::path(post, path = "/api/inventory/returns", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReturnRequest, example = json!({"technician_id": 3, "lines": [{"item_id": 4, "quantity": 65}]})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn return_stock(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<ReturnRequest>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        movements::return_stock(tx, actor, &value)
    })
    .await
}

/// Transfers stock between warehouses, between bags, to the locations for damaged or lost goods, or
/// back.
#[utoipa::path(post, path = "/api/inventory/transfers", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = TransferRequest, example = json!({"from_location_id": 1, "to_location_id": 8, "lines": [{"item_id": 4, "quantity": 500}]})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn transfer(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<TransferRequest>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        movements::transfer(tx, actor, &value)
    })
    .await
}

/// Adjusts the stock of a location after stock-taking. Quantities are signed.
#[utoipa::path(post, path = "/api/inventory/adjustments", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = AdjustmentRequest, example = json!({"location_id": 1, "reason": "Stok opname November", "lines": [{"item_id": 4, "quantity": -12}]})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn adjust(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<AdjustmentRequest>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        movements::adjust(tx, actor, &value)
    })
    .await
}

/// Reverses a mistaken movement by the opposite movement. Possible once per movement.
#[utoipa::path(post, path = "/api/inventory/movements/{id}/reversal", tag = "inventory",
    params(("id" = MovementId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ReversalRequest, example = json!({"reason": "Salah ketik jumlah"})),
    responses((status = 201, body = MovementsResponse), ProblemResponses))]
pub async fn reverse(
    app: App,
    call: Allowed<permissions::InventoryWrite, (Path<MovementId>, JsonBody<ReversalRequest>)>,
) -> Reply {
    let Allowed { actor, input: (id, JsonBody { value, meta }), .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        inventory::reverse(tx, actor, *id, &value)
    })
    .await
}
