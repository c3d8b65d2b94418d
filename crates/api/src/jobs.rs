//! Jobs.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::jobs;
use shared::job::{
    AssignRequest, Candidate, Job, JobCreate, JobMaterial, JobQuery, JobUpdate, TimelineEntry,
    TransitionRequest,
};
use shared::{CustomerId, JobId, Page};

use crate::authorization::Allowed;
use crate::json_body::JsonBody;
use crate::permissions;
use crate::problem_responses::Problems;
use crate::query::Query;
use crate::reply::{self, Reply};
use crate::request_log::language;
use crate::state::App;

/// Jobs, newest first unless sorted otherwise. Technicians see their own.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", params(JobQuery),
    responses((status = 200, body = Page<Job>), Problems))]
pub async fn list(app: App, call: Allowed<permissions::JobsRead, Query<JobQuery>>) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    let now = app.db.clock().now();
    reply::read(&app, move |conn| jobs::list(conn, &actor, now, &query)).await
}

/// Jobs of one customer.
#[utoipa::path(get, path = "/api/customers/{id}/jobs", tag = "customers",
    params(("id" = CustomerId, Path), JobQuery),
    responses((status = 200, body = Page<Job>), Problems))]
pub async fn of_customer(
    app: App,
    call: Allowed<permissions::CustomersRead, (Path<CustomerId>, Query<JobQuery>)>,
) -> Reply {
    let Allowed { actor, input: (id, Query(query)), .. } = call;
    let now = app.db.clock().now();
    reply::read(&app, move |conn| jobs::list_of_customer(conn, &actor, now, *id, &query)).await
}

/// Opens a job for a customer.
#[utoipa::path(post, path = "/api/jobs", tag = "jobs",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body(content = JobCreate, example = json!({"type": "repair", "customer_id": 17, "priority": "high", "description": "Lampu LOS merah sejak pagi"})),
    responses((status = 201, body = Job), Problems))]
pub async fn create(
    app: App,
    call: Allowed<permissions::JobsCreate, JsonBody<JobCreate>>,
) -> Reply {
    let Allowed { actor, input: JsonBody { value, meta }, .. } = call;
    let by = actor.clone();
    reply::create(&app, &by, meta, StatusCode::CREATED, move |tx| jobs::create(tx, &actor, &value))
        .await
}

/// One job.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Job), Problems))]
pub async fn get(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    let version = |job: &Job| job.version;
    reply::read_versioned(&app, version, move |conn| jobs::get(conn, &actor, *id)).await
}

/// Changes the facts of a job that is not finished.
#[utoipa::path(put, path = "/api/jobs/{id}", tag = "jobs",
    params(("id" = JobId, Path), ("If-Match" = Option<String>, Header)),
    request_body(content = JobUpdate, example = json!({"priority": "urgent", "title": "Perbaikan – Siti Rahayu", "address": "Jl. Kaliurang KM 9 No. 12"})),
    responses((status = 200, body = Job), Problems))]
pub async fn update(
    app: App,
    call: Allowed<permissions::JobsEdit, (Path<JobId>, JsonBody<JobUpdate>)>,
) -> Reply {
    let Allowed { actor, input: (id, JsonBody { value, meta }), .. } = call;
    reply::update(&app, move |tx| jobs::update(tx, &actor, *id, meta.version, &value)).await
}

/// Technicians for a job, the best first. Those who can not be proposed come last.
#[utoipa::path(get, path = "/api/jobs/{id}/candidates", tag = "jobs",
    params(("id" = JobId, Path)), responses((status = 200, body = Page<Candidate>), Problems))]
pub async fn candidates(
    app: App,
    call: Allowed<permissions::JobsAssign, (HttpRequest, Path<JobId>)>,
) -> Reply {
    let Allowed { actor, input: (request, id), .. } = call;
    let (lang, now) = (language(&request), app.db.clock().now());
    reply::read(&app, move |conn| jobs::candidates(conn, &actor, lang, now, *id)).await
}

/// Gives a job to technicians; the first one leads. With `auto` and no technicians the best of the
/// candidates gets it.
#[utoipa::path(post, path = "/api/jobs/{id}/assign", tag = "jobs",
    params(("id" = JobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = AssignRequest, example = json!({"technician_ids": [3, 7]})),
    responses((status = 200, body = Job), Problems))]
pub async fn assign(
    app: App,
    call: Allowed<permissions::JobsAssign, (Path<JobId>, JsonBody<AssignRequest>)>,
) -> Reply {
    let Allowed { actor, input: (id, JsonBody { value, meta }), .. } = call;
    let by = actor.clone();
    reply::create(&app, &by, meta, StatusCode::OK, move |tx| jobs::assign(tx, &actor, *id, &value))
        .await
}

/// Does one step of a job's life. Whoever may read the job reaches this; the table of transitions
/// decides who may do which step.
#[utoipa::path(post, path = "/api/jobs/{id}/transitions", tag = "jobs",
    params(("id" = JobId, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    request_body(content = TransitionRequest, example = json!({"action": "complete", "report": "Konektor diganti, redaman normal", "attenuation_dbm": -21.5, "materials": [{"item_id": 4, "quantity": 35}]})),
    responses((status = 200, body = Job), Problems))]
pub async fn transition(
    app: App,
    call: Allowed<permissions::JobsRead, (Path<JobId>, JsonBody<TransitionRequest>)>,
) -> Reply {
    let Allowed { actor, input: (id, JsonBody { value, meta }), .. } = call;
    let (by, version) = (actor.clone(), meta.version);
    reply::create(&app, &by, meta, StatusCode::OK, move |tx| {
        jobs::transition(tx, &actor, *id, version, &value)
    })
    .await
}

/// What happened to a job, oldest first.
#[utoipa::path(get, path = "/api/jobs/{id}/timeline", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Page<TimelineEntry>), Problems))]
pub async fn timeline(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| jobs::timeline(conn, &actor, *id)).await
}

/// What a job was planned to need, got and used.
#[utoipa::path(get, path = "/api/jobs/{id}/materials", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = 200, body = Page<JobMaterial>), Problems))]
pub async fn materials(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| jobs::materials(conn, &actor, *id)).await
}
