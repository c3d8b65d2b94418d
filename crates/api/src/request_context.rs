//! Id and language of a request.

use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpMessage, HttpRequest};
use shared::Lang;

/// Joins what the user was told with what the log says.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The language that the caller asked for.
pub fn language(request: &HttpRequest) -> Lang {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or(Lang::Id, Lang::from_accept_language)
}

/// The id of a request that went through [`middleware`].
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}
