//! Technicians and their user accounts.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::auth::passwords::QueueClass;
use services::{Error, technicians};
use shared::technician::{Technician, TechnicianCreate, TechnicianQuery, TechnicianUpdate};
use shared::{Page, TechnicianId};

use crate::extractors::authorization::{Allowed, AllowedPerson};
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists technicians by name.
#[utoipa::path(get, path = "/api/technicians", tag = "technicians", params(TechnicianQuery),
    responses((status = 200, body = Page<Technician>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::TechniciansRead, Query<TechnicianQuery>>,
) -> Reply {
    let query = call.input.0;
    reply::read(&app, move |conn| technicians::list(conn, &query)).await
}

/// Creates a technician with a user account (role `user`) and a bag.
#[utoipa::path(post, path = "/api/technicians", tag = "technicians",
    request_body(content = TechnicianCreate, example = json!({"name": "Joko Susilo", "phone": "0813-2800-1122", "username": "joko", "password": "Sawah-Hijau-123", "skills": [{"skill": "installation", "level": 4}, {"skill": "splicing", "level": 3}], "base_latitude": -7.7164, "base_longitude": 110.3553})),
    responses((status = 201, body = Technician), ProblemResponses))]
pub async fn create(
    app: App,
    call: AllowedPerson<permissions::TechniciansManage, JsonBody<TechnicianCreate>>,
) -> Reply {
    let AllowedPerson { actor, input: JsonBody { value, meta }, .. } = call;
    let (username, _) = value.parse().map_err(Error::from)?;
    let rules = &app.config.password_policy;
    rules.check("password", &value.password, &username).map_err(Error::from)?;
    let hash = app.hasher.hash(QueueClass::Known, value.password.clone()).await?;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        technicians::create(tx, actor, &value, &hash)
    })
    .await
}

/// Returns one technician.
#[utoipa::path(get, path = "/api/technicians/{id}", tag = "technicians",
    params(("id" = TechnicianId, Path)), responses((status = 200, body = Technician), ProblemResponses))]
pub async fn get(
    app: App,
    call: Allowed<permissions::TechniciansRead, Path<TechnicianId>>,
) -> Reply {
    let id = call.input;
    let version = |technician: &Technician| technician.version;
    reply::read_versioned(&app, version, move |conn| technicians::get(conn, *id)).await
}

/// Updates a technician. `active: false` also disables the user account; it is refused while the
/// technician has unfinished jobs.
#[utoipa::path(put, path = "/api/technicians/{id}", tag = "technicians",
    params(("id" = TechnicianId, Path)),
    request_body(content = TechnicianUpdate, example = json!({"name": "Joko Susilo", "phone": "+6281328001122", "skills": [{"skill": "installation", "level": 5}], "base_latitude": -7.7164, "base_longitude": 110.3553, "on_duty": true, "active": true})),
    responses((status = 200, body = Technician), ProblemResponses))]
pub async fn update(
    app: App,
    call: Allowed<
        permissions::TechniciansManage,
        (IfMatch, Path<TechnicianId>, JsonBody<TechnicianUpdate>),
    >,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), id, JsonBody { value, .. }), .. } = call;
    reply::update(&app, move |tx| technicians::update(tx, &actor, *id, version, &value)).await
}
