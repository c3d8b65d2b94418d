//! Query string extractor.

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use services::pagination::PageRequest;
use shared::ErrorCode;
use shared::text::{TextForm, normalize};
use shared::validate::FieldFault;
use std::future::{Ready, ready};

use crate::extractors::json_body::field_fault;
use crate::problem::ApiError;

/// A parsed query string. Errors name the parameter; unknown parameters are refused.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(request.query_string().as_bytes());
        let untaken = |value: &str| normalize(value, TextForm::Line).is_err();
        if let Some((name, _)) = pairs.clone().find(|(_, value)| untaken(value)) {
            return ready(Err(invalid_text(name.into_owned()).into()));
        }
        let parsed = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        ready(parsed.map(Query).map_err(|error| {
            let path = error.path().to_string();
            field_fault(&path, &error.into_inner().to_string()).into()
        }))
    }
}

fn invalid_text(name: String) -> ApiError {
    let fault = FieldFault::new(name, ErrorCode::InvalidText);
    services::Error::from(vec![fault]).into()
}

/// Pagination parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}

impl PageQuery {
    /// Parses the parameters.
    ///
    /// # Errors
    /// `InvalidFields`: a limit out of range, an unreadable cursor.
    pub fn page(&self) -> services::Result<PageRequest> {
        PageRequest::parse(self.limit, self.cursor.as_deref(), self.with_total)
    }
}
