//! Whether the process lives, and whether it can serve.

use actix_web::HttpResponse;

use crate::problem::ApiError;
use crate::reply::Reply;
use crate::state::App;

/// `GET /health/live`
pub async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// `GET /health/ready`: 204 while changes can be written; otherwise 503 or 507 with the reason.
pub async fn ready(app: App) -> Reply {
    app.db.ready().await.map_err(services::Error::from)?;
    let photos = app.photos.health();
    match photos.fault() {
        None => Ok(HttpResponse::NoContent().finish()),
        Some(fault) => {
            Err(ApiError::Storage { fault, cause: format!("the folder of photos: {fault}") })
        }
    }
}
