//! The OpenAPI document, made from the handlers themselves.

use shared::Problem;
use shared::customer::CustomerSort;
use shared::inventory::ItemSort;
use shared::job::JobSort;
use shared::technician::TechnicianSort;
use shared::user::UserSort;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::parameters::Parameters;
use crate::problem_responses::Refusals;
use crate::required_access;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("bearer", bearer);
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-Api-Key")));
        components.add_security_scheme("api_key", key);
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

/// Puts the operations together. Each brings what the signature of its handler demands.
macro_rules! operations {
    (paths($($($part:ident)::+),+ $(,)?)) => {
        fn operations() -> utoipa::openapi::OpenApi {
            let mut all = Document::openapi();
            $({
                #[derive(OpenApi)]
                #[openapi(paths($($part)::+))]
                struct One;
                let mut one = One::openapi();
                required_access::mark(&mut one, required_access::of($($part)::+));
                all.merge(one);
            })+
            all
        }
    };
}

// Every operation of the API. An operation that is missing here is missing in the document.
operations! {
    paths(
        crate::auth::login,
        crate::auth::refresh,
        crate::auth::logout,
        crate::signup::register,
        crate::signup::setup,
        crate::signup::options,
        crate::auth::profile,
        crate::auth::update_profile,
        crate::auth::change_password,
        crate::auth::ws_ticket,
        crate::sessions::list,
        crate::sessions::end,
        crate::sessions::end_others,
        crate::sessions::logins,
        crate::technician_registrations::list,
        crate::technician_registrations::approve,
        crate::technician_registrations::reject,
        crate::technician_registrations::identity_photo,
        crate::second_factor::status,
        crate::second_factor::set_up,
        crate::second_factor::confirm,
        crate::second_factor::renew_codes,
        crate::second_factor::switch_off,
        crate::telegram_link::status,
        crate::telegram_link::code,
        crate::telegram_link::unlink,
        crate::users::list,
        crate::users::create,
        crate::users::reset_second_factor,
        crate::users::get,
        crate::users::update,
        crate::users::reset_password,
        crate::telegram_link::unlink_user,
        crate::users::approve,
        crate::users::reject,
        crate::roles::list,
        crate::api_keys::list,
        crate::api_keys::create,
        crate::api_keys::revoke,
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
        crate::jobs::candidates,
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
        crate::inventory::bag_returns::list,
        crate::inventory::bag_returns::request,
        crate::inventory::bag_returns::get,
        crate::inventory::bag_returns::confirm,
        crate::inventory::bag_returns::reject,
        crate::inventory::bag_returns::withdraw,
        crate::inventory::movements::bring_back,
        crate::inventory::movements::transfer,
        crate::inventory::movements::adjust,
        crate::inventory::movements::reverse,
        crate::inventory::locations::list,
        crate::inventory::locations::create,
        crate::inventory::locations::stock,
        crate::dashboard::get,
        crate::telegram_webhook::webhook,
        crate::notifications::list,
        crate::notifications::retry,
        crate::websocket::open,
        crate::audit::list,
        crate::audit::export,
        crate::settings::get,
        crate::settings::update,
    )
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ISP Management System",
        description = "Jobs, technicians, customers and the warehouse of an internet provider. Errors are problem documents (RFC 9457) whose `code` is from a closed list. Lists are paged by `cursor`. A POST may carry `Idempotency-Key`, a PUT `If-Match`. People sign in and send `Authorization: Bearer`; programs send `X-Api-Key`, where an operation lists it. `x-permission` names what the caller of an operation needs.",
        license(name = "GPL-3.0-or-later", identifier = "GPL-3.0-or-later"),
    ),
    components(schemas(Problem, CustomerSort, ItemSort, JobSort, TechnicianSort, UserSort)),
    security(("bearer" = []), ("api_key" = [])),
)]
struct Document;

/// The document as it is served at `/api/openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = operations();
    let modifiers: [&dyn Modify; 4] = [&Security, &Refusals, &OperationIds, &Parameters];
    for modifier in modifiers {
        modifier.modify(&mut document);
    }
    document
}
