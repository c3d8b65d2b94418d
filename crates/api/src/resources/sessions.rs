//! Sessions (signed-in devices) and the login history of the current user.

use actix_web::HttpResponse;
use actix_web::web::Path;
use services::{auth::login_history, auth::sessions};
use shared::session::{AuthSession, LoginAttempt};
use shared::{Page, SessionId};

use crate::extractors::authorization::SignedIn;
use crate::extractors::query::{PageQuery, Query};
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists the signed-in devices of the current user, last used first.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "auth", security(("bearer" = [])),
    responses((status = 200, body = Page<AuthSession>), ProblemResponses))]
pub async fn list(app: App, call: SignedIn) -> Reply {
    let now = app.db.clock().now();
    reply::read(&app, move |conn| sessions::list(conn, &call.actor, now)).await
}

/// Signs out one device of the current user. Its access tokens and live connections end at once.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "auth", security(("bearer" = [])),
    params(("id" = SessionId, Path)), responses((status = 204), ProblemResponses))]
pub async fn revoke(app: App, call: SignedIn<Path<SessionId>>) -> Reply {
    let SignedIn { actor, input: id } = call;
    app.db.write_essential(move |tx| sessions::end_own(tx, &actor, *id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Signs out all other devices of the current user.
#[utoipa::path(delete, path = "/api/auth/sessions", tag = "auth", security(("bearer" = [])),
    responses((status = 204), ProblemResponses))]
pub async fn revoke_others(app: App, call: SignedIn) -> Reply {
    app.db.write_essential(move |tx| sessions::end_others(tx, &call.actor)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists the sign-in attempts of the last 90 days for the current user, newest first.
#[utoipa::path(get, path = "/api/auth/logins", tag = "auth", security(("bearer" = [])), params(PageQuery),
    responses((status = 200, body = Page<LoginAttempt>), ProblemResponses))]
pub async fn login_history(app: App, call: SignedIn<Query<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    reply::read(&app, move |conn| login_history::list(conn, &call.actor, &page)).await
}
