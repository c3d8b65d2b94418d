//! Control API `/control/…`, for playing users by hand or from another program, and its web page.

mod faults;
mod users;
mod view;

use actix_web::web::{self, Data, Path};
use actix_web::{HttpResponse, Responder};

use crate::telegram::SharedState;

/// Registers the routes.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(page))
        .route("/control/people", web::get().to(users::list))
        .route("/control/people", web::post().to(users::create))
        .route("/control/people/{id}", web::get().to(users::chat))
        .route("/control/people/{id}", web::post().to(users::act))
        .route("/control/people/{id}/transcript", web::get().to(users::transcript))
        .route("/control/people/{id}/photo", web::post().to(users::photo))
        .route("/control/people/{id}/album", web::post().to(users::album))
        .route("/control/people/{id}/document", web::post().to(users::document))
        .route("/control/files/{id}", web::get().to(file))
        .route("/control/unanswered", web::get().to(faults::pending_callbacks))
        .route("/control/log", web::get().to(faults::log))
        .route("/control/fail", web::post().to(faults::fail))
        .route("/control/share", web::post().to(faults::fail_randomly))
        .route("/control/limits", web::post().to(faults::limits))
        .route("/control/deliver", web::post().to(faults::deliver))
        .route("/control/redeliver", web::post().to(faults::redeliver));
}

async fn page() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(include_str!("../../page/index.html"))
}

/// Returns a file that a user or the bot has sent.
async fn file(core: Data<SharedState>, id: Path<String>) -> impl Responder {
    match core.state().files.get(&id) {
        Some(stored) => {
            HttpResponse::Ok().content_type(stored.mime.clone()).body(stored.bytes.clone())
        }
        None => HttpResponse::NotFound().finish(),
    }
}
