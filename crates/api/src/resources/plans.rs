//! Plans (tariffs) of customers.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::plans;
use shared::plan::{Plan, PlanInput};
use shared::{Page, PlanId};

use crate::extractors::authorization::Allowed;
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::{PageQuery, Query};
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists plans by code.
#[utoipa::path(get, path = "/api/plans", tag = "plans", params(PageQuery),
    responses((status = 200, body = Page<Plan>), ProblemResponses))]
pub async fn list(app: App, call: Allowed<permissions::CustomersRead, Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    reply::read(&app, move |conn| plans::list(conn, &page)).await
}

/// Creates a plan.
#[utoipa::path(post, path = "/api/plans", tag = "plans",
    request_body(content = PlanInput, example = json!({"code": "HOME-20", "name": "Rumah 20 Mbps", "speed_mbps": 20, "price": 225000})),
    responses((status = 201, body = Plan), ProblemResponses))]
pub async fn create(
    app: App,
    call: Allowed<permissions::PlansWrite, JsonBody<PlanInput>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        plans::create(tx, actor, &value)
    })
    .await
}

/// Returns a plan.
#[utoipa::path(get, path = "/api/plans/{id}", tag = "plans", params(("id" = PlanId, Path)),
    responses((status = 200, body = Plan), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::CustomersRead, Path<PlanId>>) -> Reply {
    let id = *call.input;
    reply::read(&app, move |conn| plans::get(conn, id)).await
}

/// Updates a plan.
#[utoipa::path(put, path = "/api/plans/{id}", tag = "plans",
    params(("id" = PlanId, Path)),
    request_body(content = PlanInput, example = json!({"code": "HOME-20", "name": "Rumah 20 Mbps", "speed_mbps": 20, "price": 235000})),
    responses((status = 200, body = Plan), ProblemResponses))]
pub async fn update(
    app: App,
    call: Allowed<permissions::PlansWrite, (IfMatch, Path<PlanId>, JsonBody<PlanInput>)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, .. }), .. } = call;
    reply::update(&app, move |tx| plans::update(tx, &actor, *id, version, &value)).await
}
