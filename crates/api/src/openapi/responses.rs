//! Descriptions and binary bodies of responses.

use actix_web::http::StatusCode;
use utoipa::Modify;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{Content, OpenApi, RefOr, Response};

use super::operations::operations;

/// Completes what the attributes of handlers leave out: every response gets a description, which
/// the format demands, and pictures are strings of bytes instead of arrays of numbers.
pub struct Responses;

impl Modify for Responses {
    fn modify(&self, document: &mut OpenApi) {
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    describe(response, status);
                    describe_pictures(response);
                }
            }
        }
    }
}

/// Adds the reason phrase of the status to a response without a description.
fn describe(response: &mut Response, status: &str) {
    if response.description.is_empty() {
        let status = status.parse::<StatusCode>().ok();
        let phrase = status.and_then(|status| status.canonical_reason());
        response.description = phrase.unwrap_or("Response").to_owned();
    }
}

fn describe_pictures(response: &mut Response) {
    for (media_type, content) in &mut response.content {
        if media_type.starts_with("image/") {
            let binary = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
            *content = RefOr::T(Content::new(Some(binary)));
        }
    }
}
