//! Applications of technicians: review and decision.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use services::Error;
use services::auth::passwords::QueueClass;
use services::technician_registrations::{self, InitialPassword};
use shared::technician_registration::{
    RegistrationQuery, RegistrationRejection, TechnicianRegistration,
};
use shared::{Page, RegistrationId};

use crate::extractors::authorization::{Allowed, AllowedPerson};
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::{ChangeMeta, JsonBody};
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::problem::ApiError;
use crate::reply::{self, Reply};
use crate::state::App;

/// Length of a generated first password, in characters.
const FIRST_PASSWORD_CHARS: usize = 12;

/// Lists applications of technicians, oldest first.
#[utoipa::path(get, path = "/api/technician-registrations", tag = "technicians", params(RegistrationQuery),
    responses((status = 200, body = Page<TechnicianRegistration>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::TechniciansManage, Query<RegistrationQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| technician_registrations::list(conn, &actor, &query)).await
}

/// Approves an application: creates the technician, the user account and the bag. The first
/// password is sent to the applicant's chat and nowhere else.
#[utoipa::path(post, path = "/api/technician-registrations/{id}/approve", tag = "technicians",
    params(("id" = RegistrationId, Path)),
    responses((status = 200, body = TechnicianRegistration), ProblemResponses))]
pub async fn approve(
    app: App,
    call: AllowedPerson<
        permissions::TechniciansManage,
        (IfMatch, Path<RegistrationId>, HttpRequest),
    >,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    let clear = app.config.password_policy.generate("", FIRST_PASSWORD_CHARS);
    let hash = app.hasher.hash(QueueClass::Known, clear.clone()).await?;
    let cipher = app.cipher.clone();
    let reply = reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        let password = InitialPassword { plaintext: &clear, hash: &hash };
        technician_registrations::approve(tx, &cipher, actor, *id, version, &password)
    })
    .await?;
    store_photos(&app).await;
    Ok(reply)
}

/// Rejects an application. The applicant gets the reason.
#[utoipa::path(post, path = "/api/technician-registrations/{id}/reject", tag = "technicians",
    params(("id" = RegistrationId, Path)),
    request_body(content = RegistrationRejection, example = json!({"reason": "Area Anda belum kami layani."})),
    responses((status = 200, body = TechnicianRegistration), ProblemResponses))]
pub async fn reject(
    app: App,
    call: AllowedPerson<
        permissions::TechniciansManage,
        (IfMatch, Path<RegistrationId>, JsonBody<RegistrationRejection>),
    >,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    let reason = value.parse().map_err(Error::from)?;
    let reply = reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        technician_registrations::reject(tx, actor, *id, version, &reason)
    })
    .await?;
    store_photos(&app).await;
    Ok(reply)
}

/// Returns the photo of the applicant's identity card. Each access is audited.
#[utoipa::path(get, path = "/api/technician-registrations/{id}/identity-photo", tag = "technicians",
    params(("id" = RegistrationId, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), ProblemResponses))]
pub async fn get_identity_photo(
    app: App,
    call: Allowed<permissions::TechniciansManage, Path<RegistrationId>>,
) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    let photo =
        app.db.write(move |tx| technician_registrations::view_photo(tx, &actor, *id)).await?;
    let (store, cipher) = (app.photos.clone(), app.cipher.clone());
    let bytes = tokio::task::spawn_blocking(move || photo.decrypt(&store, &cipher)).await;
    let bytes = bytes.map_err(|error| ApiError::Internal(error.to_string()))??;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"ktp.jpg\""))
        .body(bytes))
}

/// Moves the photos of decided applications. If it fails, the hourly housekeeping does it.
async fn store_photos(app: &App) {
    if let Err(error) =
        technician_registrations::process_decided_photos(&app.db, &app.cipher, &app.photos).await
    {
        log::error!("photos of applicants were not settled: {error}");
    }
}
