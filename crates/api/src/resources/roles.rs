//! Roles and their permissions.

use services::pagination::single_page;
use shared::Page;
use shared::permission::{Role, RoleGrants};

use actix_web::HttpResponse;

use crate::extractors::authorization::SignedIn;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::Reply;

/// Lists the roles with their permissions and scopes.
#[utoipa::path(get, path = "/api/roles", tag = "users", security(("bearer" = [])),
    responses((status = 200, body = Page<RoleGrants>), ProblemResponses))]
pub async fn list(_call: SignedIn) -> Reply {
    let roles = Role::ALL.iter().map(|&role| RoleGrants::for_role(role)).collect();
    Ok(HttpResponse::Ok().json(single_page(roles)))
}
