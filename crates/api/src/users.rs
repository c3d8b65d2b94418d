//! Logins.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::{Error, second_factor, users};
use shared::user::{User, UserCreate};
use shared::{Page, UserId};

use crate::body::{Body, ChangeMeta};
use crate::guard::Allowed;
use crate::params::PageQuery;
use crate::params::Params;
use crate::perm;
use crate::refusals::Problems;
use crate::reply::{self, Reply};
use crate::state::App;

/// All logins by user name.
#[utoipa::path(get, path = "/api/users", tag = "users", params(PageQuery),
    responses((status = 200, body = Page<User>), Problems))]
pub async fn list(app: App, call: Allowed<perm::UsersManage, Params<PageQuery>>) -> Reply {
    let page = call.input.0.page()?;
    reply::read(&app, move |conn| users::list(conn, &page)).await
}

/// Adds a login of a role below the caller's own.
#[utoipa::path(post, path = "/api/users", tag = "users",
    request_body(content = UserCreate, example = json!({"username": "siti", "name": "Siti", "role": "cs", "password": "Sawah-Hijau-123"})),
    responses((status = 201, body = User), Problems))]
pub async fn create(app: App, call: Allowed<perm::UsersManage, Body<UserCreate>>) -> Reply {
    let Allowed { actor, input: Body { value, meta }, .. } = call;
    let new = value.parse().map_err(Error::from)?;
    let rules = &app.config.password_policy;
    rules.check("password", &value.password, &new.username).map_err(Error::from)?;
    let hash = app.hasher.hash(value.password).await?;
    let by = actor.clone();
    reply::create(&app, &by, meta, StatusCode::CREATED, move |tx| {
        users::create(tx, &actor, &new, &hash)
    })
    .await
}

/// Removes the second factor of a login below the caller's own role, whose owner lost it. That login
/// is signed out everywhere.
#[utoipa::path(post, path = "/api/users/{id}/reset-second-factor", tag = "users",
    params(("id" = UserId, Path)), responses((status = 200, body = User), Problems))]
pub async fn reset_second_factor(
    app: App,
    call: Allowed<perm::UsersManage, (Path<UserId>, HttpRequest)>,
) -> Reply {
    let Allowed { actor, input: (id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    let by = actor.clone();
    reply::create(&app, &by, meta, StatusCode::OK, move |tx| second_factor::reset(tx, &actor, *id))
        .await
}
