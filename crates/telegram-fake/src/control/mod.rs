//! Playing people by hand or from another program: `/control/…`, and a page that uses it.

mod people;
mod trouble;
mod view;

use actix_web::web::{self, Data, Path};
use actix_web::{HttpResponse, Responder};

use crate::telegram::Core;

/// Registers the routes.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(page))
        .route("/control/people", web::get().to(people::list))
        .route("/control/people", web::post().to(people::meet))
        .route("/control/people/{id}", web::get().to(people::chat))
        .route("/control/people/{id}", web::post().to(people::act))
        .route("/control/people/{id}/transcript", web::get().to(people::transcript))
        .route("/control/people/{id}/photo", web::post().to(people::photo))
        .route("/control/people/{id}/album", web::post().to(people::album))
        .route("/control/people/{id}/document", web::post().to(people::document))
        .route("/control/files/{id}", web::get().to(file))
        .route("/control/unanswered", web::get().to(trouble::unanswered))
        .route("/control/log", web::get().to(trouble::log))
        .route("/control/fail", web::post().to(trouble::fail))
        .route("/control/share", web::post().to(trouble::share))
        .route("/control/limits", web::post().to(trouble::limits))
        .route("/control/deliver", web::post().to(trouble::deliver))
        .route("/control/redeliver", web::post().to(trouble::redeliver));
}

async fn page() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(include_str!("../../page/index.html"))
}

/// A file that was sent, by whomever.
async fn file(core: Data<Core>, id: Path<String>) -> impl Responder {
    match core.state().files.get(&id) {
        Some(stored) => {
            HttpResponse::Ok().content_type(stored.mime.clone()).body(stored.bytes.clone())
        }
        None => HttpResponse::NotFound().finish(),
    }
}
