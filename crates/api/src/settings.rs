//! What the organisation sets for itself.

use services::settings;
use shared::settings::Settings;

use crate::body::Body;
use crate::guard::Allowed;
use crate::perm;
use crate::refusals::Problems;
use crate::reply::{self, Reply};
use crate::state::App;

/// The settings in force.
#[utoipa::path(get, path = "/api/settings", tag = "settings", security(("bearer" = [])),
    responses((status = 200, body = Settings), Problems))]
pub async fn get(app: App, _call: Allowed<perm::Anyone>) -> Reply {
    reply::read_versioned(&app, |settings: &Settings| settings.version, settings::load).await
}

/// Changes the settings.
#[utoipa::path(put, path = "/api/settings", tag = "settings",
    params(("If-Match" = Option<String>, Header)),
    request_body(content = Settings, example = json!(Settings::default())),
    responses((status = 200, body = Settings), Problems))]
pub async fn update(app: App, call: Allowed<perm::SettingsManage, Body<Settings>>) -> Reply {
    let Allowed { actor, input: Body { value, meta }, .. } = call;
    reply::update(&app, move |tx| settings::update(tx, &actor, meta.version, &value)).await
}
