//! Registration, and set-up of the first user.

use actix_web::{HttpRequest, HttpResponse};
use services::Tx;
use services::auth::passwords::QueueClass;
use services::{Error, initial_setup, users};
use shared::ErrorCode;
use shared::session::LoginResponse;
use shared::signup::{AuthOptions, RegisterRequest, RegisterResponse, SetupRequest, SignupStatus};

use crate::extractors::json_body::JsonBody;
use crate::openapi::problem_responses::ProblemResponses;
use crate::problem::ApiError;
use crate::reply::{self, Reply};
use crate::session_cookies::{device_of_request, session_response};
use crate::state::App;

/// Returns what the sign-in page needs to know.
#[utoipa::path(get, path = "/api/auth/options", tag = "auth", security(()),
    responses((status = 200, body = AuthOptions), ProblemResponses))]
pub async fn get_options(app: App) -> Reply {
    let (has_code, password_policy) = (app.setup.is_some(), app.config.password_policy.policy());
    reply::read(&app, move |conn| {
        Ok(AuthOptions {
            registration_open: users::is_registration_open(conn)?,
            setup_required: has_code && users::has_no_users(conn)?,
            password_policy,
        })
    })
    .await
}

/// Registers a user account. It can sign in once an administrator has approved it.
#[utoipa::path(post, path = "/api/auth/register", tag = "auth", security(()),
    request_body(content = RegisterRequest, example = json!({"username": "dewi", "name": "Dewi Lestari", "password": "Sawah-Hijau-123"})),
    responses((status = 202, body = RegisterResponse), ProblemResponses))]
pub async fn register(app: App, body: JsonBody<RegisterRequest>) -> Reply {
    if !app.db.read(users::is_registration_open).await? {
        return Err(ApiError::refuse(ErrorCode::RegistrationClosed));
    }
    let request = body.value;
    let new = request.parse().map_err(Error::from)?;
    let rules = &app.config.password_policy;
    rules.check("password", &request.password, &new.username).map_err(Error::from)?;
    let hash = app.hasher.hash(QueueClass::Unknown, request.password).await?;
    app.db.write(move |tx| users::register(tx, &new, &hash)).await?;
    let answer = RegisterResponse { status: SignupStatus::PendingApproval };
    Ok(HttpResponse::Accepted().json(answer))
}

/// Creates the first user, a superadmin, with the code that the server has printed on its console,
/// and signs in.
#[utoipa::path(post, path = "/api/auth/setup", tag = "auth", security(()),
    request_body(content = SetupRequest, example = json!({"code": "K7QM-2XWP-9RTD", "username": "pemilik", "name": "Siti Rahayu", "password": "Sawah-Hijau-123"})),
    responses((status = 200, body = LoginResponse), ProblemResponses))]
pub async fn create_first_user(
    app: App,
    request: HttpRequest,
    body: JsonBody<SetupRequest>,
) -> Reply {
    let done = || ApiError::refuse(ErrorCode::SetupAlreadyCompleted);
    let code = app.setup.as_ref().ok_or_else(done)?;
    if !app.db.read(users::has_no_users).await? {
        return Err(done());
    }
    let wish = body.value;
    if !code.matches(&wish.code) {
        return Err(Error::field("code", ErrorCode::WrongSetupCode).into());
    }
    let new = wish.parse().map_err(Error::from)?;
    let rules = &app.config.password_policy;
    rules.check("password", &wish.password, &new.username).map_err(Error::from)?;
    let hash = app.hasher.hash(QueueClass::Unknown, wish.password).await?;
    let (device, lifetime) = (device_of_request(&request, &app), app.config.refresh_lifetime);
    let cipher = app.cipher.clone();
    let sign_in = move |tx: &mut Tx<'_>| {
        initial_setup::create_and_login(tx, &cipher, &new, &hash, &device, lifetime)
    };
    session_response(&app, app.db.write(sign_in).await?)
}
