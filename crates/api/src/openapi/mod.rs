//! The OpenAPI document, made from the handlers themselves.

mod parameters;
pub mod problem_responses;
pub mod required_access;

use shared::Problem;
use shared::customer::CustomerSort;
use shared::inventory::ItemSort;
use shared::job::JobSort;
use shared::technician::TechnicianSort;
use shared::user::UserSort;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::parameters::Parameters;
use self::problem_responses::Refusals;

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
        crate::resources::auth::login,
        crate::resources::auth::refresh,
        crate::resources::auth::logout,
        crate::resources::signup::register,
        crate::resources::signup::setup,
        crate::resources::signup::options,
        crate::resources::auth::profile,
        crate::resources::auth::update_profile,
        crate::resources::auth::change_password,
        crate::resources::auth::ws_ticket,
        crate::resources::sessions::list,
        crate::resources::sessions::end,
        crate::resources::sessions::end_others,
        crate::resources::sessions::logins,
        crate::resources::technician_registrations::list,
        crate::resources::technician_registrations::approve,
        crate::resources::technician_registrations::reject,
        crate::resources::technician_registrations::identity_photo,
        crate::resources::second_factor::status,
        crate::resources::second_factor::set_up,
        crate::resources::second_factor::confirm,
        crate::resources::second_factor::renew_codes,
        crate::resources::second_factor::switch_off,
        crate::resources::telegram_link::status,
        crate::resources::telegram_link::code,
        crate::resources::telegram_link::unlink,
        crate::resources::users::list,
        crate::resources::users::create,
        crate::resources::users::reset_second_factor,
        crate::resources::users::get,
        crate::resources::users::update,
        crate::resources::users::reset_password,
        crate::resources::telegram_link::unlink_user,
        crate::resources::users::approve,
        crate::resources::users::reject,
        crate::resources::roles::list,
        crate::resources::api_keys::list,
        crate::resources::api_keys::create,
        crate::resources::api_keys::revoke,
        crate::resources::customers::list,
        crate::resources::customers::create,
        crate::resources::customers::get,
        crate::resources::imports::customers,
        crate::resources::imports::items,
        crate::resources::customers::update,
        crate::resources::customers::nik,
        crate::resources::identity_photos::put_customer,
        crate::resources::identity_photos::customer,
        crate::resources::identity_photos::delete_customer,
        crate::resources::plans::list,
        crate::resources::plans::create,
        crate::resources::plans::update,
        crate::resources::technicians::list,
        crate::resources::technicians::create,
        crate::resources::technicians::get,
        crate::resources::technicians::update,
        crate::resources::identity_photos::put_technician,
        crate::resources::identity_photos::technician,
        crate::resources::identity_photos::delete_technician,
        crate::resources::jobs::list,
        crate::resources::jobs::of_customer,
        crate::resources::jobs::create,
        crate::resources::jobs::get,
        crate::resources::jobs::update,
        crate::resources::jobs::candidates,
        crate::resources::jobs::assign,
        crate::resources::jobs::transition,
        crate::resources::jobs::timeline,
        crate::resources::jobs::materials,
        crate::resources::photos::list,
        crate::resources::photos::add,
        crate::resources::photos::file,
        crate::resources::photos::thumbnail,
        crate::resources::inventory::items::list,
        crate::resources::inventory::items::low_stock,
        crate::resources::inventory::items::create,
        crate::resources::inventory::items::get,
        crate::resources::inventory::items::update,
        crate::resources::inventory::items::units,
        crate::resources::inventory::movements::list,
        crate::resources::inventory::movements::receive,
        crate::resources::inventory::movements::issue,
        crate::resources::inventory::movements::use_up,
        crate::resources::inventory::bag_returns::list,
        crate::resources::inventory::bag_returns::request,
        crate::resources::inventory::bag_returns::get,
        crate::resources::inventory::bag_returns::confirm,
        crate::resources::inventory::bag_returns::reject,
        crate::resources::inventory::bag_returns::withdraw,
        crate::resources::inventory::movements::bring_back,
        crate::resources::inventory::movements::transfer,
        crate::resources::inventory::movements::adjust,
        crate::resources::inventory::movements::reverse,
        crate::resources::inventory::locations::list,
        crate::resources::inventory::locations::create,
        crate::resources::inventory::locations::stock,
        crate::resources::dashboard::get,
        crate::resources::telegram_webhook::webhook,
        crate::resources::notifications::list,
        crate::resources::notifications::retry,
        crate::resources::websocket::open,
        crate::resources::audit::list,
        crate::resources::audit::export,
        crate::resources::settings::get,
        crate::resources::settings::update,
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
