//! Sign-in, token refresh, sign-out, profile and password of the current user.

use actix_web::{HttpRequest, HttpResponse};
use services::Tx;
use services::auth::passwords::QueueClass;
use services::auth::refresh_token::{self, RefreshResult};
use services::auth::{password_change, ws_ticket};
use services::{Error, auth::login, auth::reauthentication, users};
use shared::ErrorCode;
use shared::session::{
    LoginRequest, LoginResponse, PasswordChange, ProfileUpdate, SignedInUser, TicketResponse,
};

use crate::extractors::authorization::{Allowed, SignedIn};
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::openapi::problem_responses::ProblemResponses;
use crate::problem::ApiError;
use crate::reply::{self, Reply};
use crate::session_cookies::{self, device_of_request, known_device, session_response};
use crate::state::App;

/// Signs in with user name and password, and with the second factor of users who have one.
///
/// For such a user a request without `otp` gets 401 `second_factor_required` once the password is
/// right: ask for the code and send everything again. After a few failures the next attempt has to
/// wait, longer each time (429 `too_many_attempts` with `Retry-After`); password and `otp` in one
/// request are checked even then, and get 401 `invalid_credentials` unless both are right. The
/// refresh token is set as a cookie that scripts can not read. A second cookie identifies the
/// browser: its attempts are counted apart from those of unknown browsers.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", security(()),
    request_body(content = LoginRequest, example = json!({"username": "admin", "password": "rahasia-sekali", "otp": "492039"})),
    responses((status = 200, body = LoginResponse), ProblemResponses))]
pub async fn login(app: App, request: HttpRequest, body: JsonBody<LoginRequest>) -> Reply {
    let (device, lifetime) = (device_of_request(&request, &app), app.config.refresh_lifetime);
    let (db, hasher, cipher) = (&app.db, &app.hasher, &app.cipher);
    let session = login::login(db, hasher, cipher, body.value, device, lifetime).await?;
    session_response(&app, session)
}

/// Exchanges the refresh cookie for a new access token and the next refresh cookie.
///
/// Requests with the same cookie within ten seconds get the same next cookie. Later, a replaced
/// cookie ends the session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", security(()),
    responses((status = 200, body = LoginResponse), ProblemResponses))]
pub async fn refresh(app: App, request: HttpRequest) -> Reply {
    let token = session_cookies::refresh_token(&request)
        .ok_or_else(|| ApiError::refuse(ErrorCode::NotAuthenticated))?;
    let lifetime = app.config.refresh_lifetime;
    let (cipher, known) = (app.cipher.clone(), known_device(&request, &app));
    let renew = move |tx: &mut Tx<'_>| {
        refresh_token::refresh(tx, &cipher, &token, known.as_ref(), lifetime)
    };
    match app.db.write_essential(renew).await? {
        RefreshResult::Renewed(session) => session_response(&app, *session),
        RefreshResult::Replayed => Err(ApiError::refuse(ErrorCode::NotAuthenticated)),
    }
}

/// Signs out the device of the refresh cookie.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", security(()),
    responses((status = 204), ProblemResponses))]
pub async fn logout(app: App, request: HttpRequest) -> Reply {
    if let Some(token) = session_cookies::refresh_token(&request) {
        app.db.write_essential(move |tx| refresh_token::logout(tx, &token)).await?;
    }
    Ok(session_cookies::removal_response(&app))
}

/// Returns the current user.
#[utoipa::path(get, path = "/api/auth/profile", tag = "auth", security(("bearer" = [])),
    responses((status = 200, body = SignedInUser), ProblemResponses))]
pub async fn get_profile(app: App, call: SignedIn) -> Reply {
    reply::read(&app, move |conn| users::profile(conn, &call.actor)).await
}

/// Changes the name of the current user.
#[utoipa::path(put, path = "/api/auth/profile", tag = "auth", security(("bearer" = [])),
    request_body(content = ProfileUpdate, example = json!({"name": "Siti Rahayu"})),
    responses((status = 200, body = SignedInUser), ProblemResponses))]
pub async fn update_profile(app: App, call: SignedIn<JsonBody<ProfileUpdate>>) -> Reply {
    let SignedIn { actor, input } = call;
    reply::update(&app, move |tx| users::rename_self(tx, &actor, &input.value.name)).await
}

/// Changes the password of the current user. Every device has to sign in again.
#[utoipa::path(put, path = "/api/auth/password", tag = "auth", security(("bearer" = [])),
    request_body(content = PasswordChange, example = json!({"current_password": "Sawah-Hijau-123", "new_password": "Kopi-Tubruk-Pagi-7"})),
    responses((status = 204), ProblemResponses))]
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

/// Creates a ticket that opens one WebSocket within 30 seconds.
#[utoipa::path(post, path = "/api/ws/ticket", tag = "live", security(("bearer" = [])),
    responses((status = 200, body = TicketResponse), ProblemResponses))]
pub async fn create_ws_ticket(app: App, call: Allowed<permissions::AnyRole>) -> Reply {
    let actor = call.actor;
    let ticket = app.db.write_essential(move |tx| ws_ticket::issue_ws_ticket(tx, &actor)).await?;
    Ok(HttpResponse::Ok().json(TicketResponse { ticket }))
}
