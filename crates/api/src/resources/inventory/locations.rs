//! Locations and their stock.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::inventory::locations;
use shared::inventory::{Location, LocationInput, LocationQuery, Stock};
use shared::{LocationId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::PageQuery;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists locations by code. Technicians get the warehouses and their own bag.
#[utoipa::path(get, path = "/api/locations", tag = "inventory", params(LocationQuery),
    responses((status = 200, body = Page<Location>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::InventoryRead, Query<LocationQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| locations::list(conn, &actor, &query)).await
}

/// Lists the stock of a location. Technicians get that of their own bag.
#[utoipa::path(get, path = "/api/locations/{id}/stock", tag = "inventory",
    params(("id" = LocationId, Path), PageQuery),
    responses((status = 200, body = Page<Stock>), ProblemResponses))]
pub async fn list_stock(
    app: App,
    call: Allowed<permissions::InventoryRead, (Path<LocationId>, Query<PageQuery>)>,
) -> Reply {
    let Allowed { actor, input: (id, Query(query)), .. } = call;
    let page = query.page()?;
    reply::read(&app, move |conn| locations::stock(conn, &actor, *id, &page)).await
}

/// Creates a warehouse. Locations of other kinds are created by the system and with technicians.
#[utoipa::path(post, path = "/api/locations", tag = "inventory",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = LocationInput, example = json!({"code": "GUDANG-2", "name": "Gudang Bekasi"})),
    responses((status = 201, body = Location), ProblemResponses))]
pub async fn create(
    app: App,
    call: Allowed<permissions::InventoryWrite, JsonBody<LocationInput>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        locations::create(tx, actor, &value)
    })
    .await
}
