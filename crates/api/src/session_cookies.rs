//! Session cookies: the refresh token and the identity of the device.

use actix_web::cookie::{Cookie, CookieBuilder, SameSite, time::Duration as CookieDuration};
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};
use services::auth::issued_session::{Device, IssuedSession};
use services::auth::known_device::KnownDevice;
use shared::session::LoginResponse;
use shared::text::strip_invisible;

use crate::client_address::client_ip;
use crate::reply::Reply;
use crate::state::App;

const REFRESH_COOKIE: &str = "isp_refresh";
/// Identifies a browser that has signed in before; see [`KnownDevice`].
const DEVICE_COOKIE: &str = "isp_device";
/// Lifetime of the device cookie after a sign-in.
const DEVICE_LIFETIME: CookieDuration = CookieDuration::days(365);
const COOKIE_PATH: &str = "/api/auth";

/// Returns the refresh token of a request.
pub fn refresh_token(request: &HttpRequest) -> Option<String> {
    Some(request.cookie(REFRESH_COOKIE)?.value().to_owned())
}

/// Returns a response without content that removes the refresh token.
pub fn removal_response(app: &App) -> HttpResponse {
    let mut removed = cookie(app, REFRESH_COOKIE, String::new()).finish();
    removed.make_removal();
    HttpResponse::NoContent().cookie(removed).finish()
}

/// Returns the device of a request, as sessions and the login history show it.
pub fn device_of_request(request: &HttpRequest, app: &App) -> Device {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    Device {
        user_agent: strip_invisible(agent.unwrap_or_default()).chars().take(200).collect(),
        ip: client_ip(request, app.config.trust_proxy).unwrap_or_default(),
        known_device: known_device(request, app),
    }
}

/// Returns the known device of a request, if it has a valid device cookie.
pub fn known_device(request: &HttpRequest, app: &App) -> Option<KnownDevice> {
    KnownDevice::from_cookie(&app.cipher, request.cookie(DEVICE_COOKIE)?.value())
}

/// Responds with an access token and sets the cookies of the session.
pub fn session_response(app: &App, session: IssuedSession) -> Reply {
    let access_token = app.token_keys.issue(session.claims, app.db.clock().now())?;
    let body = LoginResponse {
        access_token,
        token_type: "Bearer".into(),
        expires_in: app.token_keys.lifetime().num_seconds(),
        user: session.user,
    };
    let lifetime = CookieDuration::seconds(app.config.refresh_lifetime.num_seconds());
    let refresh = cookie(app, REFRESH_COOKIE, session.refresh_token).max_age(lifetime).finish();
    let device = cookie(app, DEVICE_COOKIE, session.device.to_cookie(&app.cipher));
    Ok(HttpResponse::Ok()
        .cookie(refresh)
        .cookie(device.max_age(DEVICE_LIFETIME).finish())
        .insert_header(("Cache-Control", "no-store"))
        .json(body))
}

fn cookie(app: &App, name: &'static str, value: String) -> CookieBuilder<'static> {
    Cookie::build(name, value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.secure_cookies)
}
