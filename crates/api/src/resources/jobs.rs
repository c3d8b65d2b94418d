//! Jobs: orders, assignment and transitions.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::jobs;
use shared::job::{
    AssignRequest, Candidate, Job, JobCreate, JobMaterial, JobQuery, JobUpdate, TimelineEntry,
    TransitionRequest,
};
use shared::{CustomerId, JobId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::request_context::language;
use crate::state::App;

/// Lists jobs, newest first unless sorted otherwise. Technicians get their own.
///
/// `appointment` lists the jobs with an appointment today or tomorrow, in the organisation's time zone.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", params(JobQuery),
    responses((status = 200, body = Page<Job>), ProblemResponses))]
pub async fn list(app: App, call: Allowed<permissions::JobsRead, Query<JobQuery>>) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    let now = app.db.clock().now().with_timezone(&app.db.time_zone());
    reply::read(&app, move |conn| jobs::list(conn, &actor, now, &query)).await
}

/// Lists the jobs of one customer.
#[utoipa::path(get, path = "/api/customers/{id}/jobs", tag = "customers",
    params(("id" = CustomerId, Path), JobQuery),
    responses((status = 200, body = Page<Job>), ProblemResponses))]
pub async fn list_of_customer(
    app: App,
    call: Allowed<permissions::CustomersRead, (Path<CustomerId>, Query<JobQuery>)>,
) -> Reply {
    let Allowed { actor, input: (id, Query(query)), .. } = call;
    let now = app.db.clock().now().with_timezone(&app.db.time_zone());
    reply::read(&app, move |conn| jobs::list_of_customer(conn, &actor, now, *id, &query)).await
}

/// Creates a job for a customer.
#[utoipa::path(post, path = "/api/jobs", tag = "jobs",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = JobCreate, example = json!({"type": "repair", "customer_id": 17, "priority": "high", "description": "Lampu LOS merah sejak pagi"})),
    responses((status = 201, body = Job), ProblemResponses))]
pub async fn create(
    app: App,
    call: Allowed<permissions::JobsCreate, JsonBody<JobCreate>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        jobs::create(tx, actor, &value)
    })
    .await
}

/// Returns one job.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Job), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    let version = |job: &Job| job.version;
    reply::read_versioned(&app, version, move |conn| jobs::get(conn, &actor, *id)).await
}

/// Updates a job that is not finished.
#[utoipa::path(put, path = "/api/jobs/{id}", tag = "jobs",
    params(("id" = JobId, Path)),
    request_body(content = JobUpdate, example = json!({"priority": "urgent", "title": "Perbaikan – Siti Rahayu", "address": "Jl. Kaliurang KM 9 No. 12"})),
    responses((status = 200, body = Job), ProblemResponses))]
pub async fn update(
    app: App,
    call: Allowed<permissions::JobsEdit, (IfMatch, Path<JobId>, JsonBody<JobUpdate>)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, .. }), .. } = call;
    reply::update(&app, move |tx| jobs::update(tx, &actor, *id, version, &value)).await
}

/// Lists technicians for a job, best first: those who can take it, of these those with the required skill, by score.
/// Those who can not take it come last.
#[utoipa::path(get, path = "/api/jobs/{id}/candidates", tag = "jobs",
    params(("id" = JobId, Path)), responses((status = 200, body = Page<Candidate>), ProblemResponses))]
pub async fn list_candidates(
    app: App,
    call: Allowed<permissions::JobsAssign, (HttpRequest, Path<JobId>)>,
) -> Reply {
    let Allowed { actor, input: (request, id), .. } = call;
    let (lang, now) = (language(&request), app.db.clock().now());
    reply::read(&app, move |conn| jobs::candidates(conn, &actor, lang, now, *id)).await
}

/// Assigns a job to technicians; the first one leads. With `auto` and no technicians the best
/// candidate is chosen.
#[utoipa::path(post, path = "/api/jobs/{id}/assign", tag = "jobs",
    params(("id" = JobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = AssignRequest, example = json!({"technician_ids": [3, 7]})),
    responses((status = 200, body = Job), ProblemResponses))]
pub async fn assign(
    app: App,
    call: Allowed<permissions::JobsAssign, (IfMatch, Path<JobId>, JsonBody<AssignRequest>)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        jobs::assign(tx, actor, *id, version, &value)
    })
    .await
}

/// Moves a job to another status. Besides the permission to read the job, each action requires what
/// the table of transitions says.
#[utoipa::path(post, path = "/api/jobs/{id}/transitions", tag = "jobs",
    params(("id" = JobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = TransitionRequest, example = json!({"action": "complete", "report": "Konektor diganti, redaman normal", "attenuation_dbm": -21.5, "materials": [{"item_id": 4, "quantity": 35}]})),
    responses((status = 200, body = Job), ProblemResponses))]
pub async fn transition(
    app: App,
    call: Allowed<permissions::JobsRead, (IfMatch, Path<JobId>, JsonBody<TransitionRequest>)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        jobs::transition(tx, actor, *id, version, &value)
    })
    .await
}

/// Returns the history of a job, oldest first.
#[utoipa::path(get, path = "/api/jobs/{id}/timeline", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Page<TimelineEntry>), ProblemResponses))]
pub async fn get_timeline(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| jobs::timeline(conn, &actor, *id)).await
}

/// Lists the planned, issued and used materials of a job.
#[utoipa::path(get, path = "/api/jobs/{id}/materials", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Page<JobMaterial>), ProblemResponses))]
pub async fn list_materials(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| jobs::materials(conn, &actor, *id)).await
}
