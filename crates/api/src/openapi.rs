//! The OpenAPI document, made from the handlers themselves.

use shared::Problem;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::refusals::Refusals;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("bearer", bearer);
    }
}

/// Names operations by method and path: names of handlers repeat, and those of operations must not.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let place = path.trim_start_matches("/api/").replace(['/', '-'], "_");
            let place = place.replace(['{', '}'], "");
            let operations = [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("put", &mut item.put),
                ("delete", &mut item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    operation.operation_id = Some(format!("{method}_{place}"));
                }
            }
        }
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
        crate::customers::nik,
        crate::identity_photos::put_customer,
        crate::identity_photos::customer,
        crate::identity_photos::delete_customer,
        crate::plans::list,
        crate::plans::create,
        crate::plans::update,
        crate::technicians::list,
        crate::technicians::create,
        crate::technicians::get,
        crate::technicians::update,
        crate::identity_photos::put_technician,
        crate::identity_photos::technician,
        crate::identity_photos::delete_technician,
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
        crate::audit::list,
        crate::audit::export,
        crate::settings::get,
        crate::settings::update,
    ),
    components(schemas(Problem)),
    modifiers(&Security, &Refusals, &OperationIds),
    security(("bearer" = [])),
)]
struct Document;

/// The document as it is served at `/api/openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
