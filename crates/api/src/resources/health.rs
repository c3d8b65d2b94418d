//! Health checks: liveness and readiness.

use actix_web::HttpResponse;
use shared::ErrorCode;

use crate::problem::ApiError;
use crate::reply::Reply;
use crate::state::App;

/// Opens a socket, to find out whether a file descriptor is left.
fn open_spare_descriptor() -> std::io::Result<()> {
    std::net::UdpSocket::bind((std::net::Ipv4Addr::LOCALHOST, 0)).map(drop)
}

/// `GET /health/live`
pub async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// `GET /health/ready`: 204 while changes can be written; otherwise 503 or 507 with the reason.
pub async fn ready(app: App) -> Reply {
    if let Err(error) = open_spare_descriptor() {
        log::error!("not ready: no further connection or file can be opened: {error}");
        return Err(ApiError::refuse(ErrorCode::Unavailable));
    }
    app.db.ready().await.map_err(services::Error::from)?;
    let photos = app.photos.health();
    match photos.fault() {
        None => Ok(HttpResponse::NoContent().finish()),
        Some(fault) => {
            Err(ApiError::Storage { fault, cause: format!("the folder of photos: {fault}") })
        }
    }
}
