//! Settings of the organisation.

use services::settings;
use shared::settings::Settings;

use crate::extractors::authorization::Allowed;
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Returns the settings.
#[utoipa::path(get, path = "/api/settings", tag = "settings", security(("bearer" = [])),
    responses((status = 200, body = Settings), ProblemResponses))]
pub async fn get(app: App, _call: Allowed<permissions::AnyRole>) -> Reply {
    reply::read_versioned(&app, |settings: &Settings| settings.version, settings::load).await
}

/// Updates the settings.
#[utoipa::path(put, path = "/api/settings", tag = "settings",
    request_body(content = Settings, example = json!(Settings::default())),
    responses((status = 200, body = Settings), ProblemResponses))]
pub async fn update(
    app: App,
    call: Allowed<permissions::SettingsManage, (IfMatch, JsonBody<Settings>)>,
) -> Reply {
    let Allowed { actor, input: (IfMatch(version), JsonBody { value, .. }), .. } = call;
    reply::update(&app, move |tx| settings::update(tx, &actor, version, &value)).await
}
