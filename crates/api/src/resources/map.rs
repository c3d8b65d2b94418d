//! Options of the browser application's maps.

use actix_web::HttpResponse;
use shared::map::MapOptions;

use crate::extractors::authorization::Allowed;
use crate::extractors::permissions;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::Reply;
use crate::state::App;

/// Returns where the tiles of maps come from.
#[utoipa::path(get, path = "/api/map", tag = "settings", security(("bearer" = [])),
    responses((status = 200, body = MapOptions), ProblemResponses))]
pub async fn get(app: App, _call: Allowed<permissions::AnyRole>) -> Reply {
    let tile_url = app.config.map_tiles.as_ref().map(|tiles| tiles.url.clone());
    Ok(HttpResponse::Ok().json(MapOptions { tile_url }))
}
