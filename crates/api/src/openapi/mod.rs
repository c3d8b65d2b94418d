//! OpenAPI document, generated from the handlers.

mod live_messages;
pub mod operations;
mod pages;
mod parameters;
pub mod problem_responses;
pub mod required_access;
mod responses;
mod security;

use actix_web::http::Method;
use shared::Problem;
use shared::audit::{AuditAction, AuditEntity};
use shared::customer::CustomerSort;
use shared::inventory::ItemSort;
use shared::job::{AppointmentDay, JobSort};
use shared::technician::TechnicianSort;
use shared::user::UserSort;
use utoipa::openapi::path::Operation;
use utoipa::{Modify, OpenApi};

use self::live_messages::LiveMessages;
use self::operations::with_methods;
use self::pages::PageItems;
use self::parameters::SharedParameters;
use self::problem_responses::ProblemComponents;
use self::responses::Responses;
use self::security::Security;
use crate::endpoints::{Operations, endpoints};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ISP Management System",
        description = "Jobs, technicians, customers and the warehouse of an internet provider. Errors are problem documents (RFC 9457) whose `code` is from a closed list. Lists are paged by `cursor`. A POST may carry `Idempotency-Key`, a PUT `If-Match`. People sign in and send `Authorization: Bearer`; programs send `X-Api-Key`, where an operation lists it. `x-permission` names what the caller of an operation needs.",
        license(name = "GPL-3.0-or-later", identifier = "GPL-3.0-or-later"),
    ),
    servers((url = "/", description = "The server that serves this document")),
    components(schemas(Problem, AppointmentDay, AuditAction, AuditEntity, CustomerSort, ItemSort, JobSort, TechnicianSort, UserSort)),
    security(("bearer" = []), ("api_key" = [])),
)]
struct Document;

/// Sets operation ids from method and path: they must be unique, and handler names are not.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let place = path.trim_start_matches("/api/").replace(['/', '-'], "_");
            let place = place.replace(['{', '}'], "");
            for (method, operation) in with_methods(item) {
                let method = method.as_str().to_lowercase();
                operation.operation_id = Some(format!("{method}_{place}"));
            }
        }
    }
}

/// Returns the document that is served at `/api/openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.merge(Operations::openapi());
    for endpoint in endpoints() {
        if let Some(operation) = operation(&mut document, &endpoint.method, endpoint.path) {
            required_access::annotate(operation, endpoint.access);
            if endpoint.if_match {
                required_access::declare_if_match(operation);
            }
        }
    }
    let modifiers: [&dyn Modify; 7] = [
        &Security,
        &ProblemComponents,
        &OperationIds,
        &SharedParameters,
        &Responses,
        &PageItems,
        &LiveMessages,
    ];
    for modifier in modifiers {
        modifier.modify(&mut document);
    }
    document
}

fn operation<'a>(
    document: &'a mut utoipa::openapi::OpenApi,
    method: &Method,
    path: &str,
) -> Option<&'a mut Operation> {
    let item = document.paths.paths.get_mut(path)?;
    with_methods(item).find_map(|(of, operation)| (of == *method).then_some(operation))
}
