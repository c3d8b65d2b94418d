//! API keys, for administrators.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::api_keys;
use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyQuery};
use shared::{ApiKeyId, Page};

use crate::extractors::authorization::{Allowed, AllowedPerson};
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists API keys, newest first, including revoked ones. The key itself is only in the response to
/// its creation.
#[utoipa::path(get, path = "/api/api-keys", tag = "api-keys", params(ApiKeyQuery),
    responses((status = 200, body = Page<ApiKey>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::ApiKeysManage, Query<ApiKeyQuery>>,
) -> Reply {
    let query = call.input.0;
    reply::read(&app, move |conn| api_keys::list(conn, &query)).await
}

/// Creates an API key. It is in this response and in no other.
///
/// A program sends it as `X-Api-Key`. The key has the listed `permissions`, for all data of the
/// organisation, as long as the user who created it has them too and is active.
#[utoipa::path(post, path = "/api/api-keys", tag = "api-keys",
    request_body(content = ApiKeyCreate, example = json!({"name": "Billing", "permissions": ["customers.read", "jobs.read"], "expires_at": "2027-11-23T00:00:00Z", "allowed_addresses": ["203.0.113.0/24"]})),
    responses((status = 201, body = ApiKeyCreated), ProblemResponses))]
pub async fn create(
    app: App,
    call: AllowedPerson<permissions::ApiKeysManage, JsonBody<ApiKeyCreate>>,
) -> Reply {
    let AllowedPerson { actor, input: JsonBody { value, meta }, .. } = call;
    reply::create_secret(&app, actor, meta, StatusCode::CREATED, move |tx, actor| {
        api_keys::create(tx, actor, &value)
    })
    .await
}

/// Revokes an API key at once. It stays in the list.
#[utoipa::path(delete, path = "/api/api-keys/{id}", tag = "api-keys",
    params(("id" = ApiKeyId, Path)), responses((status = 204), ProblemResponses))]
pub async fn revoke(
    app: App,
    call: AllowedPerson<permissions::ApiKeysManage, Path<ApiKeyId>>,
) -> Reply {
    let AllowedPerson { actor, input: id, .. } = call;
    app.db.write(move |tx| api_keys::revoke(tx, &actor, *id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
