//! Photos of jobs.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;
use services::photos::{self, PhotoSize};
use services::{Actor, Error};
use shared::photo::{Photo, PhotoKind};
use shared::{ErrorCode, JobId, Page, PhotoId};

use crate::authorization::Allowed;
use crate::image_upload;
use crate::permissions;
use crate::problem::ApiError;
use crate::problem_responses::Problems;
use crate::reply::{self, Reply};
use crate::state::App;
use crate::upload::{UnreadUpload, Upload};

/// The form of a photo upload.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the form in the document; the form itself is streamed")]
pub struct PhotoForm {
    kind: PhotoKind,
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// The photos of a job, in the order of their arrival.
#[utoipa::path(get, path = "/api/jobs/{id}/photos", tag = "photos", params(("id" = JobId, Path)),
    responses((status = 200, body = Page<Photo>), Problems))]
pub async fn list(app: App, call: Allowed<permissions::JobsRead, Path<JobId>>) -> Reply {
    let Allowed { actor, input: id, .. } = call;
    reply::read(&app, move |conn| photos::list(conn, &actor, *id)).await
}

/// Adds a photo. It is recognised by its content, turned upright, encoded anew and stripped of
/// the camera's metadata; time and place are kept as data.
#[utoipa::path(post, path = "/api/jobs/{id}/photos", tag = "photos",
    params(("id" = JobId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Photo), Problems))]
pub async fn add(
    app: App,
    call: Allowed<permissions::JobsWork, (Path<JobId>, UnreadUpload)>,
) -> Reply {
    let Allowed { actor, input: (job, upload), .. } = call;
    let job = *job;
    let checked = actor.clone();
    app.db.read(move |conn| photos::check_may_add(conn, &checked, job)).await?;
    let upload = upload.read().await?;
    let kind = kind(&upload)?;
    let photo = image_upload::process(&app, &upload, |store, photo| store.store(photo)).await?;
    let (by, adding) = (actor.clone(), photo.clone());
    let reply = reply::create(&app, &by, upload.meta, StatusCode::CREATED, move |tx| {
        photos::add(tx, &actor, job, kind, adding.use_in_transaction())
    })
    .await;
    image_upload::settle(&photo, &reply);
    reply
}

fn kind(upload: &Upload) -> Result<PhotoKind, ApiError> {
    let text =
        upload.fields.get("kind").ok_or_else(|| Error::field("kind", ErrorCode::Required))?;
    text.parse().map_err(|_| {
        let param = PhotoKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        let fault = shared::validate::FieldFault {
            field: "kind".into(),
            code: ErrorCode::WrongType,
            param: Some(param),
        };
        Error::from(vec![fault]).into()
    })
}

/// The photo itself.
#[utoipa::path(get, path = "/api/photos/{id}/file", tag = "photos", params(("id" = PhotoId, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Problems))]
pub async fn file(app: App, call: Allowed<permissions::JobsRead, Path<PhotoId>>) -> Reply {
    serve(app, call.actor, *call.input, PhotoSize::Full).await
}

/// A small version of the photo, at most 320 pixels wide or high.
#[utoipa::path(get, path = "/api/photos/{id}/thumbnail", tag = "photos", params(("id" = PhotoId, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Problems))]
pub async fn thumbnail(app: App, call: Allowed<permissions::JobsRead, Path<PhotoId>>) -> Reply {
    serve(app, call.actor, *call.input, PhotoSize::Thumbnail).await
}

async fn serve(app: App, actor: Actor, id: PhotoId, size: PhotoSize) -> Reply {
    let name = app.db.read(move |conn| photos::file_name(conn, &actor, id, size)).await?;
    let store = app.photos.clone();
    let bytes = tokio::task::spawn_blocking(move || store.read(&name)).await;
    let bytes = bytes.map_err(|error| ApiError::Internal(error.to_string()))??;
    let bytes = bytes.ok_or_else(|| {
        log::error!("the file of photo {id} is missing");
        ApiError::refuse(ErrorCode::NotFound)
    })?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"foto.jpg\""))
        .body(bytes))
}
