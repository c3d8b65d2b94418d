//! Photos of identity cards.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Path;
use services::identity_photos::{self, CardHolder};
use services::{Actor, Tx};
use shared::identity::IdentityPhoto;
use shared::{CustomerId, TechnicianId};

use crate::authorization::Allowed;
use crate::image_upload;
use crate::permissions;
use crate::problem::ApiError;
use crate::problem_responses::Problems;
use crate::reply::Reply;
use crate::state::App;
use crate::upload::UnreadUpload;

/// The form of an identity photo.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form in the document; the form itself is streamed")]
pub struct IdentityPhotoForm {
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Keeps a photo of the customer's identity card (KTP), in the place of an earlier one. It is
/// cleaned like the photos of jobs and stored encrypted.
#[utoipa::path(put, path = "/api/customers/{id}/identity-photo", tag = "customers",
    params(("id" = CustomerId, Path)),
    request_body(content = IdentityPhotoForm, content_type = "multipart/form-data"),
    responses((status = 200, body = IdentityPhoto), Problems))]
pub async fn put_customer(
    app: App,
    call: Allowed<permissions::CustomersWrite, (Path<CustomerId>, UnreadUpload)>,
) -> Reply {
    let Allowed { actor, input: (id, upload), .. } = call;
    put(app, actor, CardHolder::Customer(*id), upload).await
}

/// The photo of the customer's identity card. Each look is in the audit.
#[utoipa::path(get, path = "/api/customers/{id}/identity-photo", tag = "customers",
    params(("id" = CustomerId, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Problems))]
pub async fn customer(
    app: App,
    call: Allowed<permissions::CustomersIdentity, Path<CustomerId>>,
) -> Reply {
    serve(app, call.actor, CardHolder::Customer(*call.input)).await
}

/// Removes the photo of the customer's identity card.
#[utoipa::path(delete, path = "/api/customers/{id}/identity-photo", tag = "customers",
    params(("id" = CustomerId, Path)), responses((status = 204), Problems))]
pub async fn delete_customer(
    app: App,
    call: Allowed<permissions::CustomersWrite, Path<CustomerId>>,
) -> Reply {
    remove(app, call.actor, CardHolder::Customer(*call.input)).await
}

/// Keeps a photo of the technician's identity card (KTP), in the place of an earlier one. It is
/// cleaned like the photos of jobs and stored encrypted.
#[utoipa::path(put, path = "/api/technicians/{id}/identity-photo", tag = "technicians",
    params(("id" = TechnicianId, Path)),
    request_body(content = IdentityPhotoForm, content_type = "multipart/form-data"),
    responses((status = 200, body = IdentityPhoto), Problems))]
pub async fn put_technician(
    app: App,
    call: Allowed<permissions::TechniciansManage, (Path<TechnicianId>, UnreadUpload)>,
) -> Reply {
    let Allowed { actor, input: (id, upload), .. } = call;
    put(app, actor, CardHolder::Technician(*id), upload).await
}

/// The photo of the technician's identity card. Each look is in the audit.
#[utoipa::path(get, path = "/api/technicians/{id}/identity-photo", tag = "technicians",
    params(("id" = TechnicianId, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Problems))]
pub async fn technician(
    app: App,
    call: Allowed<permissions::TechniciansManage, Path<TechnicianId>>,
) -> Reply {
    serve(app, call.actor, CardHolder::Technician(*call.input)).await
}

/// Removes the photo of the technician's identity card.
#[utoipa::path(delete, path = "/api/technicians/{id}/identity-photo", tag = "technicians",
    params(("id" = TechnicianId, Path)), responses((status = 204), Problems))]
pub async fn delete_technician(
    app: App,
    call: Allowed<permissions::TechniciansManage, Path<TechnicianId>>,
) -> Reply {
    remove(app, call.actor, CardHolder::Technician(*call.input)).await
}

async fn put(app: App, actor: Actor, holder: CardHolder, upload: UnreadUpload) -> Reply {
    app.db.read(move |conn| identity_photos::check_holder(conn, holder)).await?;
    let (upload, cipher) = (upload.read().await?, app.cipher.clone());
    let stored = image_upload::process(&app, &upload, move |store, photo| {
        identity_photos::store(store, &cipher, holder, photo)
    })
    .await?;
    let put = {
        let stored = stored.clone();
        move |tx: &mut Tx<'_>| identity_photos::put(tx, &actor, holder, stored.use_in_transaction())
    };
    let outcome = app.db.write(put).await;
    stored.settle(&outcome);
    let (photo, replaced) = outcome?;
    if let Some(file) = replaced {
        app.photos.remove(&file);
    }
    Ok(HttpResponse::Ok().json(photo))
}

async fn serve(app: App, actor: Actor, holder: CardHolder) -> Reply {
    let file = app.db.write(move |tx| identity_photos::read(tx, &actor, holder)).await?;
    let (store, cipher) = (app.photos.clone(), app.cipher.clone());
    let open = move || identity_photos::decrypt(&store, &cipher, holder, &file);
    let bytes = tokio::task::spawn_blocking(open).await;
    let bytes = bytes.map_err(|error| ApiError::Internal(error.to_string()))??;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"ktp.jpg\""))
        .body(bytes))
}

async fn remove(app: App, actor: Actor, holder: CardHolder) -> Reply {
    let file = app.db.write(move |tx| identity_photos::remove(tx, &actor, holder)).await?;
    app.photos.remove(&file);
    Ok(HttpResponse::NoContent().finish())
}
