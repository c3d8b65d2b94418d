//! Id and language of a request.

use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpMessage, HttpRequest};
use shared::Lang;

/// Id of a request: in the response, in problem documents and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Returns the language that the caller prefers.
pub fn language(request: &HttpRequest) -> Lang {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or(Lang::Id, Lang::from_accept_language)
}

/// Returns the id of a request that passed [`middleware`].
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}
