//! Query strings, with the field of each fault.

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};

use crate::body::field_fault;

/// A parsed query string. Unknown parameters are refused.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let parsed = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        ready(parsed.map(Params).map_err(|error| {
            let path = error.path().to_string();
            field_fault(&path, &error.into_inner().to_string()).into()
        }))
    }
}
