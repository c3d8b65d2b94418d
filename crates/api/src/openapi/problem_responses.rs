//! Problem documents as OpenAPI responses.

use std::collections::BTreeMap;

use shared::{ErrorCode, Problem};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, ToSchema};

/// The error responses that any operation may have: references to one component per status.
pub struct ProblemResponses;

impl IntoResponses for ProblemResponses {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let refer = |status: u16| {
            let problem = utoipa::openapi::Ref::from_response_name(component_name(status));
            (status.to_string(), RefOr::Ref(problem))
        };
        codes_by_status().into_keys().map(refer).collect()
    }
}

fn codes_by_status() -> BTreeMap<u16, Vec<&'static str>> {
    let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for &code in ErrorCode::ALL {
        codes.entry(code.status()).or_default().push(code.as_str());
    }
    codes
}

fn component_name(status: u16) -> String {
    format!("Problem{status}")
}

/// Adds a response component per error status, with the codes that it may have.
pub struct ProblemComponents;

impl Modify for ProblemComponents {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for (status, codes) in codes_by_status() {
            let content = ContentBuilder::new()
                .schema(Some(utoipa::openapi::Ref::from_schema_name(Problem::name())))
                .build();
            let response = ResponseBuilder::new()
                .description(format!("`code` is one of: {}", codes.join(", ")))
                .content("application/problem+json", content)
                .build();
            components.responses.insert(component_name(status), RefOr::T(response));
        }
    }
}
