//! User accounts, for administrators.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::auth::passwords::QueueClass;
use services::{Error, auth::second_factor, users};
use shared::user::{PasswordReset, User, UserApproval, UserCreate, UserQuery, UserUpdate};
use shared::{Page, Role, UserId};

use crate::extractors::authorization::{Allowed, AllowedPerson};
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::{ChangeMeta, JsonBody};
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists user accounts by user name.
#[utoipa::path(get, path = "/api/users", tag = "users", params(UserQuery),
    responses((status = 200, body = Page<User>), ProblemResponses))]
pub async fn list(app: App, call: Allowed<permissions::UsersManage, Query<UserQuery>>) -> Reply {
    let query = call.input.0;
    reply::read(&app, move |conn| users::list(conn, &query)).await
}

/// Creates a user account with a lower role than the caller.
#[utoipa::path(post, path = "/api/users", tag = "users",
    request_body(content = UserCreate, example = json!({"username": "siti", "name": "Siti", "role": "cs", "password": "Sawah-Hijau-123"})),
    responses((status = 201, body = User), ProblemResponses))]
pub async fn create(
    app: App,
    call: AllowedPerson<permissions::UsersManage, JsonBody<UserCreate>>,
) -> Reply {
    let AllowedPerson { actor, input: JsonBody { value, meta }, .. } = call;
    let new = value.parse().map_err(Error::from)?;
    let rules = &app.config.password_policy;
    rules.check("password", &value.password, &new.username).map_err(Error::from)?;
    let hash = app.hasher.hash(QueueClass::Known, value.password).await?;
    reply::create(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        users::create(tx, actor, &new, &hash)
    })
    .await
}

/// Returns one user account.
#[utoipa::path(get, path = "/api/users/{id}", tag = "users",
    params(("id" = UserId, Path)), responses((status = 200, body = User), ProblemResponses))]
pub async fn get(app: App, call: Allowed<permissions::UsersManage, Path<UserId>>) -> Reply {
    let id = call.input;
    reply::read_versioned(&app, |user: &User| user.version, move |conn| users::get(conn, *id)).await
}

/// Updates a user account with a lower role than the caller. A changed role and `active: false`
/// sign the user out everywhere at once.
#[utoipa::path(put, path = "/api/users/{id}", tag = "users",
    params(("id" = UserId, Path)),
    request_body(content = UserUpdate, example = json!({"name": "Siti Rahayu", "role": "cs", "active": true})),
    responses((status = 200, body = User), ProblemResponses))]
pub async fn update(
    app: App,
    call: AllowedPerson<permissions::UsersManage, (IfMatch, Path<UserId>, JsonBody<UserUpdate>)>,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, JsonBody { value, .. }), .. } = call;
    reply::update(&app, move |tx| users::update(tx, &actor, *id, version, &value)).await
}

/// Sets the password of a user with a lower role than the caller. It has to be changed at the next
/// sign-in. Every device of the user is signed out at once.
#[utoipa::path(post, path = "/api/users/{id}/reset-password", tag = "users",
    params(("id" = UserId, Path)),
    request_body(content = PasswordReset, example = json!({"password": "Kereta-Malam-78"})),
    responses((status = 200, body = User), ProblemResponses))]
pub async fn reset_password(
    app: App,
    call: AllowedPerson<permissions::UsersManage, (IfMatch, Path<UserId>, JsonBody<PasswordReset>)>,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    let of = *id;
    let username = app.db.read(move |conn| users::get(conn, of)).await?.username;
    let rules = &app.config.password_policy;
    rules.check("password", &value.password, &username).map_err(Error::from)?;
    let hash = app.hasher.hash(QueueClass::Known, value.password).await?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        users::reset_password(tx, actor, *id, version, &hash)
    })
    .await
}

/// Approves a registered user account.
#[utoipa::path(post, path = "/api/users/{id}/approve", tag = "users",
    params(("id" = UserId, Path)),
    request_body(content = UserApproval, example = json!({"role": "cs"})),
    responses((status = 200, body = User), ProblemResponses))]
pub async fn approve(
    app: App,
    call: AllowedPerson<permissions::UsersManage, (IfMatch, Path<UserId>, JsonBody<UserApproval>)>,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, JsonBody { value, meta }), .. } = call;
    let role = value.role.unwrap_or(Role::User);
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        users::approve(tx, actor, *id, version, role)
    })
    .await
}

/// Rejects a registered user account and deletes it. The response contains it as it was.
#[utoipa::path(post, path = "/api/users/{id}/reject", tag = "users",
    params(("id" = UserId, Path)), responses((status = 200, body = User), ProblemResponses))]
pub async fn reject(
    app: App,
    call: AllowedPerson<permissions::UsersManage, (IfMatch, Path<UserId>, HttpRequest)>,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        users::reject(tx, actor, *id, version)
    })
    .await
}

/// Removes the lost second factor of a user with a lower role than the caller. The user is signed
/// out everywhere.
#[utoipa::path(post, path = "/api/users/{id}/reset-second-factor", tag = "users",
    params(("id" = UserId, Path)), responses((status = 200, body = User), ProblemResponses))]
pub async fn reset_second_factor(
    app: App,
    call: AllowedPerson<permissions::UsersManage, (IfMatch, Path<UserId>, HttpRequest)>,
) -> Reply {
    let AllowedPerson { actor, input: (IfMatch(version), id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        second_factor::reset(tx, actor, *id, version)
    })
    .await
}
