//! Second factor of the current user.

use actix_web::HttpResponse;
use serde::Serialize;
use services::{auth::reauthentication, auth::second_factor};
use shared::second_factor::{
    RecoveryCodes, SecondFactorConfirm, SecondFactorProof, SecondFactorSetup,
    SecondFactorSetupRequest, SecondFactorStatus,
};

use crate::extractors::authorization::SignedIn;
use crate::extractors::json_body::JsonBody;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Returns the status of the current user's second factor.
#[utoipa::path(get, path = "/api/auth/second-factor", tag = "auth", security(("bearer" = [])),
    responses((status = 200, body = SecondFactorStatus), ProblemResponses))]
pub async fn status(app: App, call: SignedIn) -> Reply {
    reply::read(&app, move |conn| second_factor::status(conn, &call.actor)).await
}

/// Creates a secret for an authenticator app. It has no effect until it is confirmed.
#[utoipa::path(post, path = "/api/auth/second-factor/setup", tag = "auth", security(("bearer" = [])),
    request_body(content = SecondFactorSetupRequest, example = json!({"current_password": "Sawah-Hijau-123"})),
    responses((status = 200, body = SecondFactorSetup), ProblemResponses))]
pub async fn start_setup(app: App, call: SignedIn<JsonBody<SecondFactorSetupRequest>>) -> Reply {
    let SignedIn { actor, input } = call;
    let password = input.value.current_password;
    let (db, hasher, cipher) = (&app.db, &app.hasher, app.cipher.clone());
    let confirmed =
        reauthentication::reauthenticate(db, hasher, &cipher, &actor, password, None).await?;
    let setup = db.write(move |tx| second_factor::set_up(tx, &cipher, &actor, &confirmed)).await?;
    Ok(no_store_response(setup))
}

/// Enables the second factor with a code of the app. The recovery codes are in this response and in
/// no other.
#[utoipa::path(post, path = "/api/auth/second-factor/confirm", tag = "auth", security(("bearer" = [])),
    request_body(content = SecondFactorConfirm, example = json!({"otp": "492039"})),
    responses((status = 200, body = RecoveryCodes), ProblemResponses))]
pub async fn confirm(app: App, call: SignedIn<JsonBody<SecondFactorConfirm>>) -> Reply {
    let SignedIn { actor, input } = call;
    let (db, hasher, cipher) = (&app.db, &app.hasher, &app.cipher);
    let codes = second_factor::confirm(db, hasher, cipher, &actor, &input.value.otp).await?;
    Ok(no_store_response(codes))
}

/// Creates new recovery codes and invalidates the old ones.
#[utoipa::path(post, path = "/api/auth/second-factor/recovery-codes", tag = "auth", security(("bearer" = [])),
    request_body(content = SecondFactorProof, example = json!({"current_password": "Sawah-Hijau-123", "otp": "492039"})),
    responses((status = 200, body = RecoveryCodes), ProblemResponses))]
pub async fn renew_recovery_codes(app: App, call: SignedIn<JsonBody<SecondFactorProof>>) -> Reply {
    let SignedIn { actor, input } = call;
    let SecondFactorProof { current_password, otp } = input.value;
    let (db, hasher, cipher) = (&app.db, &app.hasher, &app.cipher);
    let confirmed =
        reauthentication::reauthenticate(db, hasher, cipher, &actor, current_password, Some(otp))
            .await?;
    let codes = second_factor::renew_codes(db, hasher, cipher, &actor, confirmed).await?;
    Ok(no_store_response(codes))
}

/// Disables the current user's second factor. `otp` may be a recovery code.
#[utoipa::path(post, path = "/api/auth/second-factor/disable", tag = "auth", security(("bearer" = [])),
    request_body(content = SecondFactorProof, example = json!({"current_password": "Sawah-Hijau-123", "otp": "k7mqp-x2hwd"})),
    responses((status = 204), ProblemResponses))]
pub async fn disable(app: App, call: SignedIn<JsonBody<SecondFactorProof>>) -> Reply {
    let SignedIn { actor, input } = call;
    let SecondFactorProof { current_password, otp } = input.value;
    let (db, hasher, cipher) = (&app.db, &app.hasher, app.cipher.clone());
    let confirmed =
        reauthentication::reauthenticate(db, hasher, &cipher, &actor, current_password, Some(otp))
            .await?;
    db.write(move |tx| second_factor::switch_off(tx, &cipher, &actor, &confirmed)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Builds a response that is not cached by browsers nor stored for repeated requests.
fn no_store_response(value: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(value)
}
