//! Whether the process lives, and whether it can serve.

use actix_web::HttpResponse;
use shared::ErrorCode;

use crate::problem::ApiError;
use crate::reply::Reply;
use crate::state::App;

/// `GET /health/live`
pub async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// `GET /health/ready`
pub async fn ready(app: App) -> Reply {
    match app.db.read(services::settings::load).await {
        Ok(_) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => {
            log::error!("not ready: {error}");
            Err(ApiError::refuse(ErrorCode::Unavailable))
        }
    }
}
