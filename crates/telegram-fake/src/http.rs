//! The Bot API over HTTP.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::arguments::Arguments;
use crate::breakdown;
use crate::failures::Failure;
use crate::methods::{Method, call};
use crate::refusal::Refusal;
use crate::state::{Logged, Outcome};
use crate::telegram::Core;
use crate::updates;
use crate::wire::Answered;

/// The largest request, in bytes: a little more than the largest file.
const MAX_REQUEST: usize = 64 * 1024 * 1024;

/// Registers the routes.
pub(crate) fn configure(core: Arc<Core>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config
            .app_data(Data::from(core))
            .app_data(web::PayloadConfig::new(MAX_REQUEST))
            .route("/bot{token}/{method}", web::to(method))
            .route("/file/bot{token}/{path:.*}", web::get().to(file))
            .default_service(web::to(nothing));
    }
}

async fn nothing() -> HttpResponse {
    refused(&Refusal::not_found(""))
}

/// A success as it travels.
#[derive(Serialize)]
struct Success<'a> {
    ok: bool,
    result: &'a Answered,
}

async fn method(
    core: Data<Core>,
    path: Path<(String, String)>,
    query: Query<HashMap<String, String>>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let (token, name) = path.into_inner();
    if token != core.token {
        return refused(&Refusal::unauthorized());
    }
    let arguments = match Arguments::read(&query, &request, body).await {
        Ok(arguments) => arguments,
        Err(refusal) => return refused(&refusal),
    };
    let name = name.to_lowercase();
    let failure = core.state().failures.for_method(&name);
    match failure {
        None => {
            let answer = answer(&core, &name, &arguments).await;
            let outcome = if answer.is_ok() { Outcome::Done } else { Outcome::Refused };
            note(&core, &name, &arguments, outcome);
            match answer {
                Ok(result) => HttpResponse::Ok().json(Success { ok: true, result: &result }),
                Err(refusal) => refused(&refusal),
            }
        }
        Some(Failure::AnswerLost) => {
            let answer = answer(&core, &name, &arguments).await;
            let outcome = if answer.is_ok() { Outcome::AnswerLost } else { Outcome::Refused };
            note(&core, &name, &arguments, outcome);
            breakdown::half_an_answer()
        }
        Some(failure) => {
            note(&core, &name, &arguments, Outcome::Failed);
            breakdown::happens(failure, &request).await
        }
    }
}

async fn answer(core: &Core, name: &str, arguments: &Arguments) -> Result<Answered, Refusal> {
    let method = Method::named(name).ok_or_else(|| Refusal::not_found(": method not found"))?;
    if method == Method::GetUpdates {
        return updates::wait(core, arguments).await.map(Answered::Updates);
    }
    let answer = call(&mut core.state(), method, arguments);
    core.changed();
    answer
}

fn note(core: &Core, name: &str, arguments: &Arguments, outcome: Outcome) {
    let logged = Logged {
        method: name.to_owned(),
        chat: arguments.integer("chat_id"),
        text: arguments.text("text").or_else(|| arguments.text("caption")),
        at: Instant::now(),
        outcome,
    };
    core.state().log.push(logged);
    core.changed();
}

/// A refusal as Telegram sends it.
pub(crate) fn refused(refusal: &Refusal) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::BAD_REQUEST);
    HttpResponse::build(status).json(refusal.body())
}

async fn file(
    core: Data<Core>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    let (token, path) = path.into_inner();
    if token != core.token {
        return refused(&Refusal::unauthorized());
    }
    let failure = core.state().failures.for_method("file");
    if let Some(failure) = failure {
        return breakdown::happens(failure, &request).await;
    }
    let found = core.state().files.at(&path).map(|stored| stored.bytes.clone());
    match found {
        Some(bytes) => HttpResponse::Ok().content_type("application/octet-stream").body(bytes),
        None => refused(&Refusal::not_found("")),
    }
}
