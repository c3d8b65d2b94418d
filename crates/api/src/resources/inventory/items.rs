//! Items and their serial units.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::inventory::{items, units};
use shared::inventory::{Item, ItemDetail, ItemInput, ItemQuery, Unit, UnitQuery};
use shared::{ItemId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::PageQuery;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists items.
///
/// Technicians get those in their own bag with `in_bag`, their quantity there; `on_hand`, `min_stock` and `price` are
/// null for them, and no item counts as low.
#[utoipa::path(get, path = "/api/inventory", tag = "inventory", params(ItemQuery),
    responses((status = 200, body = Page<Item>), ProblemResponses))]
pub async fn list(app: App, call: Allowed<permissions::InventoryRead, Query<ItemQuery>>) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| items::list(conn, &actor, &query)).await
}

/// Lists items at or below their minimum stock, by name.
#[utoipa::path(get, path = "/api/inventory/low-stock", tag = "inventory", params(PageQuery),
    responses((status = 200, body = Page<Item>), ProblemResponses))]
pub async fn list_low_stock(
    app: App,
    call: Allowed<permissions::InventoryRead, Query<PageQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(page), .. } = call;
    let PageQuery { limit, cursor, with_total } = page;
    let low = Some(true);
    let query = ItemQuery { low, limit, cursor, with_total, ..ItemQuery::default() };
    reply::read(&app, move |conn| items::list(conn, &actor, &query)).await
}

/// Creates an item.
#[utoipa::path(post, path = "/api/inventory", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = ItemInput, example = json!({"code": "DW-1C", "name": "Kabel dropcore 1 core 3 seling", "category": "kabel", "unit": "metre", "serialized": false, "min_stock": 1500, "price": 1400})),
    responses((status = 201, body = Item), ProblemResponses))]
pub async fn create(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<ItemInput>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        items::create(tx, actor, &value)
    })
    .await
}

/// Returns one item with its stock per location.
///
/// For technicians: only items in their own bag, with `in_bag` and without `on_hand`, `min_stock` and `price`.
#[utoipa::path(get, path = "/api/inventory/{id}", tag = "inventory",
    params(("id" = ItemId, Path)), responses((status = 200, body = ItemDetail), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::InventoryRead, Path<ItemId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    let version = |detail: &ItemDetail| detail.item.version;
    reply::read_versioned(&app, version, move |conn| items::get(conn, &actor, *id)).await
}

/// Updates an item. `unit` and `serialized` can not change after its first movement.
#[utoipa::path(put, path = "/api/inventory/{id}", tag = "inventory",
    params(("id" = ItemId, Path)),
    request_body(content = ItemInput, example = json!({"code": "DW-1C", "name": "Kabel dropcore 1 core 3 seling", "category": "kabel", "unit": "metre", "serialized": false, "min_stock": 2000, "price": 1450})),
    responses((status = 200, body = Item), ProblemResponses))]
pub async fn update(
    app: App,
    call: Allowed<permissions::InventoryWrite, (IfMatch, Path<ItemId>, JsonBody<ItemInput>)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, .. }), .. } = call;
    reply::update(&app, move |tx| items::update(tx, &actor, *id, version, &value)).await
}

/// Lists the units of a serialised item, oldest first.
#[utoipa::path(get, path = "/api/inventory/{id}/units", tag = "inventory",
    params(("id" = ItemId, Path), UnitQuery),
    responses((status = 200, body = Page<Unit>), ProblemResponses))]
pub async fn list_units(
    app: App,
    call: Allowed<permissions::InventoryRead, (Path<ItemId>, Query<UnitQuery>)>,
) -> Reply {
    let Allowed { actor, input: (id, Query(query)), .. } = call;
    reply::read(&app, move |conn| units::list(conn, &actor, *id, &query)).await
}
