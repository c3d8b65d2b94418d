//! The Bot API over HTTP.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::broken_connection;
use crate::fault_plan::Fault;
use crate::get_updates;
use crate::methods::{Method, call};
use crate::state::{LoggedRequest, RequestOutcome};
use crate::telegram::SharedState;
use crate::types::ResponseBody;

/// Largest request in bytes: a little more than the largest file.
const MAX_REQUEST: usize = 64 * 1024 * 1024;

/// Registers the routes.
pub(crate) fn configure(core: Arc<SharedState>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config
            .app_data(Data::from(core))
            .app_data(web::PayloadConfig::new(MAX_REQUEST))
            .route("/bot{token}/{method}", web::to(handle_method))
            .route("/file/bot{token}/{path:.*}", web::get().to(file))
            .default_service(web::to(not_found));
    }
}

async fn not_found() -> HttpResponse {
    error_response(&ApiError::not_found(""))
}

/// The JSON of a success.
#[derive(Serialize)]
struct Success<'a> {
    ok: bool,
    result: &'a ResponseBody,
}

async fn handle_method(
    core: Data<SharedState>,
    path: Path<(String, String)>,
    query: Query<HashMap<String, String>>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let (token, name) = path.into_inner();
    if token != core.token {
        return error_response(&ApiError::unauthorized());
    }
    let arguments = match Arguments::read(&query, &request, body).await {
        Ok(arguments) => arguments,
        Err(refusal) => return error_response(&refusal),
    };
    let name = name.to_lowercase();
    let failure = core.state().fault_plan.take_for(&name);
    match failure {
        None => {
            let answer = call_method(&core, &name, &arguments).await;
            let outcome =
                if answer.is_ok() { RequestOutcome::Done } else { RequestOutcome::Refused };
            log_request(&core, &name, &arguments, outcome);
            match answer {
                Ok(result) => HttpResponse::Ok().json(Success { ok: true, result: &result }),
                Err(refusal) => error_response(&refusal),
            }
        }
        Some(Fault::ResponseLost) => {
            let answer = call_method(&core, &name, &arguments).await;
            let outcome =
                if answer.is_ok() { RequestOutcome::ResponseLost } else { RequestOutcome::Refused };
            log_request(&core, &name, &arguments, outcome);
            broken_connection::truncated_response()
        }
        Some(failure) => {
            log_request(&core, &name, &arguments, RequestOutcome::Failed);
            broken_connection::respond(failure, &request).await
        }
    }
}

async fn call_method(
    core: &SharedState,
    name: &str,
    arguments: &Arguments,
) -> Result<ResponseBody, ApiError> {
    let method = Method::named(name).ok_or_else(|| ApiError::not_found(": method not found"))?;
    if method == Method::GetUpdates {
        return get_updates::handle(core, arguments).await.map(ResponseBody::Updates);
    }
    let answer = call(&mut core.state(), method, arguments);
    core.notify_change();
    answer
}

fn log_request(core: &SharedState, name: &str, arguments: &Arguments, outcome: RequestOutcome) {
    let logged = LoggedRequest {
        method: name.to_owned(),
        chat: arguments.integer("chat_id"),
        text: arguments.text("text").or_else(|| arguments.text("caption")),
        at: Instant::now(),
        outcome,
    };
    core.state().log.push(logged);
    core.notify_change();
}

/// Returns the response for an error.
pub(crate) fn error_response(refusal: &ApiError) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::BAD_REQUEST);
    HttpResponse::build(status).json(refusal.body())
}

async fn file(
    core: Data<SharedState>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    let (token, path) = path.into_inner();
    if token != core.token {
        return error_response(&ApiError::unauthorized());
    }
    let failure = core.state().fault_plan.take_for("file");
    if let Some(failure) = failure {
        return broken_connection::respond(failure, &request).await;
    }
    let found = core.state().files.by_download_path(&path).map(|stored| stored.bytes.clone());
    match found {
        Some(bytes) => HttpResponse::Ok().content_type("application/octet-stream").body(bytes),
        None => error_response(&ApiError::not_found("")),
    }
}
