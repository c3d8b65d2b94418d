//! Routes of the server, made from the list of endpoints.

use std::collections::BTreeMap;

use actix_governor::Governor;
use actix_web::middleware::from_fn;
use actix_web::web::{self, PathConfig, ServiceConfig, get, resource, scope};
use actix_web::{HttpResponse, Resource};
use shared::ErrorCode;
use utoipa_swagger_ui::SwaggerUi;

use crate::endpoint::Endpoint;
use crate::endpoints::endpoints;
use crate::middleware::allowed_methods::AllowedMethods;
use crate::middleware::rate_limits::{RateLimitClass, RateLimits};
use crate::middleware::{cors, request_log};
use crate::openapi;
use crate::problem::ApiError;
use crate::resources::{health, metrics};
use crate::state::App;

/// Registers every route. `app` is the state that the handlers share; the limits are made once per
/// process by the caller, because each worker thread calls this.
pub fn configure(app: App, limits: RateLimits) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let endpoints = endpoints();
        config.app_data(AllowedMethods::new(&endpoints));
        register_operations(config, &limits);
        register_api(config, &app, &limits, endpoints);
        config.app_data(app);
    }
}

/// Registers what is not part of the API: its documentation, health checks and metrics.
fn register_operations(config: &mut ServiceConfig, limits: &RateLimits) {
    let metrics = resource("/metrics")
        .route(get().to(metrics::scrape))
        .wrap(Governor::new(&limits.general))
        .wrap(from_fn(request_log::middleware));
    config
        .service(SwaggerUi::new("/api/docs/{_:.*}").url("/api/openapi.json", openapi::document()))
        .service(web::redirect("/api/docs", "/api/docs/"))
        .route("/health/live", get().to(health::live))
        .route("/health/ready", get().to(health::ready))
        .service(metrics);
}

fn register_api(
    config: &mut ServiceConfig,
    app: &App,
    limits: &RateLimits,
    endpoints: Vec<Endpoint>,
) {
    let malformed_id =
        PathConfig::default().error_handler(|_, _| ApiError::refuse(ErrorCode::NotFound).into());
    let mut api = scope("/api").app_data(malformed_id).default_service(web::to(not_found));
    for (path, endpoints) in group_by_path(endpoints) {
        let path_in_scope = path.strip_prefix("/api").unwrap_or(path);
        let rate_limit = endpoints.first().map_or(RateLimitClass::General, |it| it.rate_limit);
        match rate_limit {
            RateLimitClass::General => api = api.service(routes(path_in_scope, endpoints)),
            RateLimitClass::SignIn | RateLimitClass::SignUp | RateLimitClass::Refresh => {
                let limit = Governor::new(limits.of_class(rate_limit));
                api = api.service(routes(path_in_scope, endpoints).wrap(limit));
            }
            // Outside of the scope: Telegram's few addresses would use up the general limit.
            RateLimitClass::TelegramWebhook => {
                let limit = Governor::new(limits.of_class(rate_limit));
                let webhook = routes(path, endpoints).wrap(limit);
                config.service(webhook.wrap(from_fn(request_log::middleware)));
            }
        }
    }
    config.service(
        api.wrap(Governor::new(&limits.general))
            .wrap(from_fn(request_log::middleware))
            .wrap(cors::middleware(&app.config.allowed_origins)),
    );
}

/// Groups endpoints by path, in the order in which the paths have to be registered: `/jobs/import`
/// comes before `/jobs/{id}`, which would match it too.
fn group_by_path(endpoints: Vec<Endpoint>) -> BTreeMap<&'static str, Vec<Endpoint>> {
    let mut paths: BTreeMap<&'static str, Vec<Endpoint>> = BTreeMap::new();
    for endpoint in endpoints {
        paths.entry(endpoint.path).or_default().push(endpoint);
    }
    paths
}

fn routes(path: &str, endpoints: Vec<Endpoint>) -> Resource {
    endpoints.into_iter().fold(resource(path), |resource, it| resource.route(it.route))
}

async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(ApiError::refuse(ErrorCode::NotFound))
}
