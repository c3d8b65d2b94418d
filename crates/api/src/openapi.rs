//! The OpenAPI document, made from the handlers themselves.

use std::collections::BTreeMap;

use shared::{ErrorCode, Problem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

/// The refusals that any operation may answer with.
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
        for &code in ErrorCode::ALL {
            codes.entry(code.status()).or_default().push(code.as_str());
        }
        let describe = |(status, codes): (u16, Vec<&'static str>)| {
            let content = ContentBuilder::new()
                .schema(Some(utoipa::openapi::Ref::from_schema_name(Problem::name())))
                .build();
            let response = ResponseBuilder::new()
                .description(format!("`code` is one of: {}", codes.join(", ")))
                .content("application/problem+json", content)
                .build();
            (status.to_string(), RefOr::T(response))
        };
        codes.into_iter().map(describe).collect()
    }
}

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("bearer", bearer);
    }
}

/// Every operation of the API. An operation that is missing here is missing in the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "ISP Management System",
        description = "Jobs, technicians, customers and the warehouse of an internet provider. Errors are problem documents (RFC 9457) whose `code` is from a closed list. Lists are paged by `cursor`. A POST may carry `Idempotency-Key`, a PUT `If-Match`.",
        license(name = "GPL-3.0-or-later", identifier = "GPL-3.0-or-later"),
    ),
    paths(
        crate::auth::login,
        crate::auth::refresh,
        crate::auth::logout,
        crate::auth::profile,
        crate::auth::update_profile,
        crate::auth::change_password,
        crate::auth::ws_ticket,
        crate::users::list,
        crate::users::create,
        crate::customers::list,
        crate::customers::create,
        crate::customers::get,
        crate::imports::customers,
        crate::imports::items,
        crate::customers::update,
        crate::plans::list,
        crate::plans::create,
        crate::plans::update,
        crate::technicians::list,
        crate::technicians::create,
        crate::technicians::get,
        crate::technicians::update,
        crate::jobs::list,
        crate::jobs::of_customer,
        crate::jobs::create,
        crate::jobs::get,
        crate::jobs::update,
        crate::jobs::assign,
        crate::jobs::transition,
        crate::jobs::timeline,
        crate::jobs::materials,
        crate::photos::list,
        crate::photos::add,
        crate::photos::file,
        crate::photos::thumbnail,
        crate::inventory::items::list,
        crate::inventory::items::low_stock,
        crate::inventory::items::create,
        crate::inventory::items::get,
        crate::inventory::items::update,
        crate::inventory::items::units,
        crate::inventory::movements::list,
        crate::inventory::movements::receive,
        crate::inventory::movements::issue,
        crate::inventory::movements::use_up,
        crate::inventory::movements::bring_back,
        crate::inventory::movements::transfer,
        crate::inventory::movements::adjust,
        crate::inventory::movements::reverse,
        crate::inventory::locations::list,
        crate::inventory::locations::create,
        crate::inventory::locations::stock,
        crate::dashboard::get,
        crate::ws::open,
        crate::settings::get,
        crate::settings::update,
    ),
    components(schemas(Problem)),
    modifiers(&Security),
    security(("bearer" = [])),
)]
struct Document;

/// The document as it is served at `/api/openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
