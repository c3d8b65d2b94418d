//! Dashboard: counters and items that need attention.

use services::dashboard;
use shared::dashboard::Dashboard;

use crate::extractors::authorization::Allowed;
use crate::extractors::permissions;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Returns the current counters and the items that need attention.
#[utoipa::path(get, path = "/api/dashboard", tag = "dashboard",
    responses((status = 200, body = Dashboard), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::DashboardRead>) -> Reply {
    let (now, zone) = (app.db.clock().now(), app.db.time_zone());
    reply::read(&app, move |conn| dashboard::load(conn, &call.actor, now, zone)).await
}
