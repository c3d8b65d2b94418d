//! Descriptions of parameters that many operations share.

use shared::pagination::MAX_LIMIT;
use utoipa::Modify;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{OpenApi, RefOr, Schema};

use super::operations::operations;
use crate::extractors::json_body::MAX_IDEMPOTENCY_KEY_CHARS;

/// Adds schema and description to the shared parameters.
pub struct SharedParameters;

impl Modify for SharedParameters {
    fn modify(&self, document: &mut OpenApi) {
        for item in document.paths.paths.values_mut() {
            let parameters = operations(item).filter_map(|it| it.parameters.as_mut()).flatten();
            for parameter in parameters {
                if let RefOr::T(parameter) = parameter {
                    describe(parameter);
                }
            }
        }
    }
}

fn describe(parameter: &mut Parameter) {
    let (schema, words): (Object, _) = match parameter.name.as_str() {
        "limit" => (
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(1))
                .maximum(Some(MAX_LIMIT))
                .build(),
            "Rows on a page.",
        ),
        "cursor" => (text().build(), "`next_cursor` of the page before."),
        "Idempotency-Key" => (
            text()
                .min_length(Some(1))
                .max_length(Some(MAX_IDEMPOTENCY_KEY_CHARS))
                .pattern(Some("^[!-~]([ -~]*[!-~])?$"))
                .build(),
            "The same key with the same request gets the first answer again.",
        ),
        "If-Match" => (
            text().pattern(Some(r#"^("[0-9]{1,18}"|\*)$"#)).build(),
            "The version that was read, in quotes.",
        ),
        _ => return,
    };
    parameter.schema = Some(RefOr::T(Schema::Object(schema)));
    parameter.description.get_or_insert_with(|| words.to_owned());
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
