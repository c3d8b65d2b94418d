//! The whole API on one page.

use actix_governor::Governor;
use actix_web::middleware::from_fn;
use actix_web::web::{self, PathConfig, ServiceConfig, delete, get, post, put, resource, scope};
use shared::ErrorCode;
use utoipa_swagger_ui::SwaggerUi;

use crate::middleware::rate_limits::RateLimits;
use crate::middleware::{cors, request_log};
use crate::openapi;
use crate::problem::ApiError;
use crate::resources::{
    api_keys, audit, auth, customers, dashboard, health, identity_photos, imports, inventory, jobs,
    metrics, notifications, photos, plans, roles, second_factor, sessions, settings, signup,
    technician_registrations, technicians, telegram_link, telegram_webhook, users, websocket,
};
use crate::state::App;

/// Registers every route. `app` is the state that the handlers share; the limits are made once
/// per process by the caller, because each worker thread calls this.
pub fn configure(app: App, limits: RateLimits) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let api = scope("/api")
            .app_data(
                PathConfig::default()
                    .error_handler(|_, _| ApiError::refuse(ErrorCode::NotFound).into()),
            )
            .service(
                scope("/auth")
                    .service(
                        resource("/login")
                            .wrap(Governor::new(&limits.login))
                            .route(post().to(auth::login)),
                    )
                    .service(
                        resource("/refresh")
                            .wrap(Governor::new(&limits.refresh))
                            .route(post().to(auth::refresh)),
                    )
                    .service(
                        resource("/register")
                            .wrap(Governor::new(&limits.registration))
                            .route(post().to(signup::register)),
                    )
                    .service(
                        resource("/setup")
                            .wrap(Governor::new(&limits.registration))
                            .route(post().to(signup::setup)),
                    )
                    .route("/options", get().to(signup::options))
                    .route("/logout", post().to(auth::logout))
                    .service(
                        resource("/profile")
                            .route(get().to(auth::profile))
                            .route(put().to(auth::update_profile)),
                    )
                    .route("/password", put().to(auth::change_password))
                    .service(
                        resource("/sessions")
                            .route(get().to(sessions::list))
                            .route(delete().to(sessions::end_others)),
                    )
                    .route("/sessions/{id}", delete().to(sessions::end))
                    .route("/logins", get().to(sessions::logins))
                    .route("/second-factor", get().to(second_factor::status))
                    .route("/second-factor/setup", post().to(second_factor::set_up))
                    .route("/second-factor/confirm", post().to(second_factor::confirm))
                    .route("/second-factor/recovery-codes", post().to(second_factor::renew_codes))
                    .route("/second-factor/disable", post().to(second_factor::switch_off))
                    .service(
                        resource("/telegram")
                            .route(get().to(telegram_link::status))
                            .route(delete().to(telegram_link::unlink)),
                    )
                    .route("/telegram/code", post().to(telegram_link::code))
                    .default_service(web::to(not_found)),
            )
            .service(
                resource("/users").route(get().to(users::list)).route(post().to(users::create)),
            )
            .route("/users/{id}/reset-second-factor", post().to(users::reset_second_factor))
            .service(
                resource("/users/{id}").route(get().to(users::get)).route(put().to(users::update)),
            )
            .route("/users/{id}/reset-password", post().to(users::reset_password))
            .route("/users/{id}/telegram", delete().to(telegram_link::unlink_user))
            .route("/users/{id}/approve", post().to(users::approve))
            .route("/users/{id}/reject", post().to(users::reject))
            .route("/roles", get().to(roles::list))
            .service(
                resource("/api-keys")
                    .route(get().to(api_keys::list))
                    .route(post().to(api_keys::create)),
            )
            .route("/api-keys/{id}", delete().to(api_keys::revoke))
            .service(
                resource("/customers")
                    .route(get().to(customers::list))
                    .route(post().to(customers::create)),
            )
            .route("/customers/import", post().to(imports::customers))
            .service(
                resource("/customers/{id}")
                    .route(get().to(customers::get))
                    .route(put().to(customers::update)),
            )
            .route("/customers/{id}/nik", get().to(customers::nik))
            .service(
                resource("/customers/{id}/identity-photo")
                    .route(get().to(identity_photos::customer))
                    .route(put().to(identity_photos::put_customer))
                    .route(delete().to(identity_photos::delete_customer)),
            )
            .service(
                resource("/plans").route(get().to(plans::list)).route(post().to(plans::create)),
            )
            .route("/plans/{id}", put().to(plans::update))
            .service(
                resource("/settings")
                    .route(get().to(settings::get))
                    .route(put().to(settings::update)),
            )
            .service(
                resource("/technicians")
                    .route(get().to(technicians::list))
                    .route(post().to(technicians::create)),
            )
            .service(
                resource("/technicians/{id}")
                    .route(get().to(technicians::get))
                    .route(put().to(technicians::update)),
            )
            .route("/technician-registrations", get().to(technician_registrations::list))
            .route(
                "/technician-registrations/{id}/approve",
                post().to(technician_registrations::approve),
            )
            .route(
                "/technician-registrations/{id}/reject",
                post().to(technician_registrations::reject),
            )
            .route(
                "/technician-registrations/{id}/identity-photo",
                get().to(technician_registrations::identity_photo),
            )
            .service(
                resource("/technicians/{id}/identity-photo")
                    .route(get().to(identity_photos::technician))
                    .route(put().to(identity_photos::put_technician))
                    .route(delete().to(identity_photos::delete_technician)),
            )
            .route("/customers/{id}/jobs", get().to(jobs::of_customer))
            .service(resource("/jobs").route(get().to(jobs::list)).route(post().to(jobs::create)))
            .service(
                resource("/jobs/{id}").route(get().to(jobs::get)).route(put().to(jobs::update)),
            )
            .route("/jobs/{id}/candidates", get().to(jobs::candidates))
            .route("/jobs/{id}/assign", post().to(jobs::assign))
            .route("/jobs/{id}/transitions", post().to(jobs::transition))
            .route("/jobs/{id}/timeline", get().to(jobs::timeline))
            .route("/jobs/{id}/materials", get().to(jobs::materials))
            .service(
                resource("/jobs/{id}/photos")
                    .route(get().to(photos::list))
                    .route(post().to(photos::add)),
            )
            .route("/photos/{id}/file", get().to(photos::file))
            .route("/photos/{id}/thumbnail", get().to(photos::thumbnail))
            .service(
                resource("/inventory")
                    .route(get().to(inventory::items::list))
                    .route(post().to(inventory::items::create)),
            )
            .route("/inventory/import", post().to(imports::items))
            .route("/inventory/low-stock", get().to(inventory::items::low_stock))
            .route("/inventory/movements", get().to(inventory::movements::list))
            .route("/inventory/movements/{id}/reversal", post().to(inventory::movements::reverse))
            .route("/inventory/receipts", post().to(inventory::movements::receive))
            .route("/inventory/issues", post().to(inventory::movements::issue))
            .route("/inventory/usage", post().to(inventory::movements::use_up))
            .route("/inventory/returns", post().to(inventory::movements::bring_back))
            .service(
                resource("/inventory/bag-returns")
                    .route(get().to(inventory::bag_returns::list))
                    .route(post().to(inventory::bag_returns::request)),
            )
            .route("/inventory/bag-returns/{id}", get().to(inventory::bag_returns::get))
            .route(
                "/inventory/bag-returns/{id}/confirm",
                post().to(inventory::bag_returns::confirm),
            )
            .route("/inventory/bag-returns/{id}/reject", post().to(inventory::bag_returns::reject))
            .route(
                "/inventory/bag-returns/{id}/withdraw",
                post().to(inventory::bag_returns::withdraw),
            )
            .route("/inventory/transfers", post().to(inventory::movements::transfer))
            .route("/inventory/adjustments", post().to(inventory::movements::adjust))
            .service(
                // Digits only, so that this never hides its neighbours.
                resource("/inventory/{id:\\d+}")
                    .route(get().to(inventory::items::get))
                    .route(put().to(inventory::items::update)),
            )
            .route("/inventory/{id:\\d+}/units", get().to(inventory::items::units))
            .service(
                resource("/locations")
                    .route(get().to(inventory::locations::list))
                    .route(post().to(inventory::locations::create)),
            )
            .route("/locations/{id}/stock", get().to(inventory::locations::stock))
            .route("/audit", get().to(audit::list))
            .route("/audit/export", get().to(audit::export))
            .route("/notifications", get().to(notifications::list))
            .route("/notifications/{id}/retry", post().to(notifications::retry))
            .route("/dashboard", get().to(dashboard::get))
            .route("/ws", get().to(websocket::open))
            .route("/ws/ticket", post().to(auth::ws_ticket))
            .default_service(web::to(not_found))
            .wrap(Governor::new(&limits.general))
            .wrap(from_fn(request_log::middleware))
            .wrap(cors::middleware(&app.config.allowed_origins));
        config
            .app_data(app)
            .service(
                SwaggerUi::new("/api/docs/{_:.*}").url("/api/openapi.json", openapi::document()),
            )
            .service(web::redirect("/api/docs", "/api/docs/"))
            .route("/health/live", get().to(health::live))
            .route("/health/ready", get().to(health::ready))
            .service(
                resource("/metrics")
                    .route(get().to(metrics::scrape))
                    .wrap(Governor::new(&limits.general))
                    .wrap(from_fn(request_log::middleware)),
            )
            .service(
                // Outside of the scope: Telegram's few addresses would use up the general limit.
                resource("/api/telegram/webhook")
                    .route(post().to(telegram_webhook::webhook))
                    .wrap(Governor::new(&limits.telegram))
                    .wrap(from_fn(request_log::middleware)),
            )
            .service(api);
    }
}

async fn not_found() -> Result<actix_web::HttpResponse, ApiError> {
    Err(ApiError::refuse(ErrorCode::NotFound))
}
