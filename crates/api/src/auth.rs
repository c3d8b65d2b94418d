//! Signing in and out.

use actix_web::cookie::{Cookie, CookieBuilder, SameSite, time::Duration as CookieDuration};
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};
use services::Tx;
use services::auth::issued_session::{Device, IssuedSession};
use services::auth::known_device::KnownDevice;
use services::auth::passwords::QueueClass;
use services::auth::refresh_token::{self, RefreshResult};
use services::auth::{password_change, ws_ticket};
use services::{Error, auth::login, auth::reauthentication, users};
use shared::ErrorCode;
use shared::session::{
    LoginRequest, LoginResponse, PasswordChange, ProfileUpdate, SignedInUser, TicketResponse,
};

use shared::text::strip_invisible;

use crate::authorization::{Allowed, SignedIn, client_ip};
use crate::json_body::JsonBody;
use crate::permissions;
use crate::problem::ApiError;
use crate::problem_responses::Problems;
use crate::reply::{self, Reply};
use crate::state::App;

const REFRESH_COOKIE: &str = "isp_refresh";
/// What a browser is known by after it has signed in once; see [`KnownDevice`].
const DEVICE_COOKIE: &str = "isp_device";
/// How long a browser is known without signing in again.
const DEVICE_LIFETIME: CookieDuration = CookieDuration::days(365);
const COOKIE_PATH: &str = "/api/auth";

/// Signs in with user name and password, and with the second factor where the login has one.
///
/// Without `otp` such a login answers 401 `second_factor_required` once the password is right: ask for
/// the code and send everything again. After a few failures the next attempt has to wait, longer each
/// time (429 `too_many_attempts` with `Retry-After`); password and `otp` in one request are judged even
/// then, and answered with 401 `invalid_credentials` unless both are right. The refresh token comes as a
/// cookie that scripts can not read, and so does what the browser is known by: attempts that bring it are
/// counted apart from those of strangers.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", security(()),
    request_body(content = LoginRequest, example = json!({"username": "admin", "password": "rahasia-sekali", "otp": "492039"})),
    responses((status = 200, body = LoginResponse), Problems))]
pub async fn login(app: App, request: HttpRequest, body: JsonBody<LoginRequest>) -> Reply {
    let (device, lifetime) = (device_of_request(&request, &app), app.config.refresh_lifetime);
    let (db, hasher, cipher) = (&app.db, &app.hasher, &app.cipher);
    let session = login::login(db, hasher, cipher, body.value, device, lifetime).await?;
    session_response(&app, session)
}

/// Exchanges the refresh cookie for a new access token and the next cookie.
///
/// Requests with the same cookie within ten seconds get the same next cookie. Later a replaced cookie
/// ends the session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", security(()),
    responses((status = 200, body = LoginResponse), Problems))]
pub async fn refresh(app: App, request: HttpRequest) -> Reply {
    let cookie = request
        .cookie(REFRESH_COOKIE)
        .ok_or_else(|| ApiError::refuse(ErrorCode::NotAuthenticated))?;
    let (token, lifetime) = (cookie.value().to_owned(), app.config.refresh_lifetime);
    let (cipher, known) = (app.cipher.clone(), known_device(&request, &app));
    let renew = move |tx: &mut Tx<'_>| {
        refresh_token::refresh(tx, &cipher, &token, known.as_ref(), lifetime)
    };
    match app.db.write_essential(renew).await? {
        RefreshResult::Renewed(session) => session_response(&app, *session),
        RefreshResult::Replayed => Err(ApiError::refuse(ErrorCode::NotAuthenticated)),
    }
}

/// Signs this device out.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", security(()),
    responses((status = 204), Problems))]
pub async fn logout(app: App, request: HttpRequest) -> Reply {
    if let Some(cookie) = request.cookie(REFRESH_COOKIE) {
        let token = cookie.value().to_owned();
        app.db.write_essential(move |tx| refresh_token::logout(tx, &token)).await?;
    }
    let mut gone = cookie(&app, REFRESH_COOKIE, String::new()).finish();
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// The caller's own login.
#[utoipa::path(get, path = "/api/auth/profile", tag = "auth", security(("bearer" = [])),
    responses((status = 200, body = SignedInUser), Problems))]
pub async fn profile(app: App, call: SignedIn) -> Reply {
    reply::read(&app, move |conn| users::profile(conn, &call.actor)).await
}

/// Changes the caller's own name.
#[utoipa::path(put, path = "/api/auth/profile", tag = "auth", security(("bearer" = [])),
    request_body(content = ProfileUpdate, example = json!({"name": "Siti Rahayu"})),
    responses((status = 200, body = SignedInUser), Problems))]
pub async fn update_profile(app: App, call: SignedIn<JsonBody<ProfileUpdate>>) -> Reply {
    let SignedIn { actor, input } = call;
    reply::update(&app, move |tx| users::rename_self(tx, &actor, &input.value.name)).await
}

/// Changes the caller's own password. Every device has to sign in again.
#[utoipa::path(put, path = "/api/auth/password", tag = "auth", security(("bearer" = [])),
    request_body(content = PasswordChange, example = json!({"current_password": "Sawah-Hijau-123", "new_password": "Kopi-Tubruk-Pagi-7"})),
    responses((status = 204), Problems))]
pub async fn change_password(app: App, call: SignedIn<JsonBody<PasswordChange>>) -> Reply {
    let SignedIn { actor, input } = call;
    let PasswordChange { current_password, new_password } = input.value;
    let own = actor.clone();
    let username = app.db.read(move |conn| users::profile(conn, &own)).await?.username;
    let rules = &app.config.password_policy;
    rules.check("new_password", &new_password, &username).map_err(Error::from)?;
    let (db, hasher, cipher) = (&app.db, &app.hasher, &app.cipher);
    let confirmed =
        reauthentication::reauthenticate(db, hasher, cipher, &actor, current_password, None)
            .await?;
    let hash = app.hasher.hash(QueueClass::Known, new_password).await?;
    let cipher = app.cipher.clone();
    let change = move |tx: &mut Tx<'_>| {
        password_change::change_password(tx, &cipher, &actor, &confirmed, &hash)
    };
    app.db.write(change).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A ticket that opens one WebSocket within 30 seconds.
#[utoipa::path(post, path = "/api/ws/ticket", tag = "live", security(("bearer" = [])),
    responses((status = 200, body = TicketResponse), Problems))]
pub async fn ws_ticket(app: App, call: Allowed<permissions::AnyRole>) -> Reply {
    let actor = call.actor;
    let ticket = app.db.write_essential(move |tx| ws_ticket::issue_ws_ticket(tx, &actor)).await?;
    Ok(HttpResponse::Ok().json(TicketResponse { ticket }))
}

pub(crate) fn device_of_request(request: &HttpRequest, app: &App) -> Device {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    Device {
        user_agent: strip_invisible(agent.unwrap_or_default()).chars().take(200).collect(),
        ip: client_ip(request, app.config.trust_proxy).unwrap_or_default(),
        known_device: known_device(request, app),
    }
}

/// What the browser is known as, if it brings a cookie of this server.
pub(crate) fn known_device(request: &HttpRequest, app: &App) -> Option<KnownDevice> {
    KnownDevice::from_cookie(&app.cipher, request.cookie(DEVICE_COOKIE)?.value())
}

pub(crate) fn session_response(app: &App, session: IssuedSession) -> Reply {
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
