//! The Bot API over HTTP.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::{BodyStream, SizedStream};
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde_json::{Value, json};

use crate::failures::Failure;
use crate::methods::{Arguments, Refusal, call};
use crate::state::{Logged, Outcome};
use crate::telegram::Core;

/// Registers the routes.
pub(crate) fn configure(core: Arc<Core>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config
            .app_data(Data::from(core))
            .app_data(web::PayloadConfig::new(64 * 1024 * 1024))
            .route("/bot{token}/{method}", web::to(method))
            .route("/file/bot{token}/{path:.*}", web::get().to(file));
    }
}

async fn method(
    core: Data<Core>,
    path: Path<(String, String)>,
    query: Query<HashMap<String, String>>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let (token, method) = path.into_inner();
    let method = method.to_lowercase();
    if token != core.token {
        let description = "Unauthorized".into();
        return refused(&Refusal { code: 401, description, retry_after: None });
    }
    let arguments = read(&query, &request, body).await;
    let failure = core.state().failures.for_method(&method);
    match failure {
        None => {
            let answer = answer(&core, &method, &arguments).await;
            note(
                &core,
                &method,
                &arguments,
                if answer.is_ok() { Outcome::Done } else { Outcome::Refused },
            );
            match answer {
                Ok(result) => HttpResponse::Ok().json(json!({ "ok": true, "result": result })),
                Err(refusal) => refused(&refusal),
            }
        }
        Some(Failure::AnswerLost) => {
            let answer = answer(&core, &method, &arguments).await;
            note(
                &core,
                &method,
                &arguments,
                if answer.is_ok() { Outcome::AnswerLost } else { Outcome::Refused },
            );
            broken()
        }
        Some(failure) => {
            note(&core, &method, &arguments, Outcome::Failed);
            fail(failure).await
        }
    }
}

fn note(core: &Core, method: &str, arguments: &Arguments, outcome: Outcome) {
    let logged = Logged {
        method: method.to_owned(),
        chat: arguments.number("chat_id"),
        text: arguments.text("text").or_else(|| arguments.text("caption")),
        at: Instant::now(),
        outcome,
    };
    core.state().log.push(logged);
    core.changed();
}

async fn fail(failure: Failure) -> HttpResponse {
    match failure {
        // Its own faults Telegram tells in JSON; what stands in front of it speaks HTML.
        Failure::Status(500) => {
            let description = "Internal Server Error".into();
            refused(&Refusal { code: 500, description, retry_after: None })
        }
        Failure::Status(status) => HttpResponse::build(
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        )
        .content_type("text/html")
        .body("<html><body>Bad Gateway</body></html>"),
        Failure::TooManyRequests { retry_after } => refused(&Refusal {
            code: 429,
            description: format!("Too Many Requests: retry after {retry_after}"),
            retry_after: Some(retry_after),
        }),
        Failure::Silence(time) => {
            tokio::time::sleep(time).await;
            broken()
        }
        Failure::Reset | Failure::AnswerLost => broken(),
    }
}

/// An answer that breaks off: the connection is closed before it is whole.
fn broken() -> HttpResponse {
    let parts = vec![Ok(Bytes::from_static(b"{\"ok\":")), Err(std::io::Error::other("broken"))];
    HttpResponse::Ok().body(SizedStream::new(1_000, stream::iter(parts)))
}

fn refused(refusal: &Refusal) -> HttpResponse {
    let mut body = json!({
        "ok": false, "error_code": refusal.code, "description": refusal.description,
    });
    if let Some(seconds) = refusal.retry_after {
        body["parameters"] = json!({ "retry_after": seconds });
    }
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::BAD_REQUEST);
    HttpResponse::build(status).json(body)
}

async fn answer(core: &Core, method: &str, arguments: &Arguments) -> Result<Value, Refusal> {
    if method == "getupdates" {
        return updates(core, arguments).await;
    }
    let answer = call(&mut core.state(), method, arguments);
    core.changed();
    answer
}

async fn updates(core: &Core, arguments: &Arguments) -> Result<Value, Refusal> {
    let conflict = |why: &str| Refusal {
        code: 409,
        description: format!("Conflict: {why}"),
        retry_after: None,
    };
    let mine = {
        let mut state = core.state();
        if state.webhook.is_some() {
            let why = "can't use getUpdates method while webhook is active; use deleteWebhook to \
                       delete the webhook first";
            return Err(conflict(why));
        }
        if let Some(offset) = arguments.number("offset") {
            state.updates.retain(|(id, _)| *id >= offset);
        }
        state.polls += 1;
        state.polls
    };
    core.changed();
    let limit =
        usize::try_from(arguments.number("limit").unwrap_or(100)).unwrap_or(100).clamp(1, 100);
    let seconds = u64::try_from(arguments.number("timeout").unwrap_or(0)).unwrap_or(0);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(seconds);
    loop {
        let bell = core.bell.notified();
        {
            let state = core.state();
            if state.polls != mine {
                let why = "terminated by other getUpdates request; make sure that only one bot \
                           instance is running";
                return Err(conflict(why));
            }
            if !state.updates.is_empty() {
                return Ok(state.updates.iter().take(limit).map(|(_, u)| u.clone()).collect());
            }
        }
        if tokio::time::timeout_at(deadline, bell).await.is_err() {
            return Ok(json!([]));
        }
    }
}

async fn file(core: Data<Core>, path: Path<(String, String)>) -> HttpResponse {
    let (token, path) = path.into_inner();
    let failure = core.state().failures.for_method("file");
    if let Some(failure) = failure {
        return fail(failure).await;
    }
    let id = path.trim_start_matches("photos/").trim_end_matches(".jpg");
    let bytes = core.state().files.get(id).cloned();
    match bytes {
        Some(bytes) if token == core.token => {
            let parts: Vec<Result<Bytes, std::io::Error>> = vec![Ok(Bytes::from(bytes))];
            HttpResponse::Ok()
                .content_type("application/octet-stream")
                .body(BodyStream::new(stream::iter(parts)))
        }
        _ => HttpResponse::NotFound().finish(),
    }
}

async fn read(query: &HashMap<String, String>, request: &HttpRequest, body: Bytes) -> Arguments {
    let mut arguments = Arguments::default();
    let text = |value: &String| Value::String(value.clone());
    arguments.values.extend(query.iter().map(|(name, value)| (name.clone(), text(value))));
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    if kind.starts_with("application/json") {
        if let Ok(Value::Object(object)) = serde_json::from_slice(&body) {
            arguments.values.extend(object);
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap_or_default();
        arguments.values.extend(pairs.iter().map(|(name, value)| (name.clone(), text(value))));
    } else if let Ok(boundary) = multer::parse_boundary(&kind) {
        form(&mut arguments, body, boundary).await;
    }
    arguments
}

async fn form(arguments: &mut Arguments, body: Bytes, boundary: String) {
    let whole = stream::iter([Ok::<_, std::io::Error>(body)]);
    let mut form = multer::Multipart::new(whole, boundary);
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        let Ok(bytes) = field.bytes().await else { return };
        if is_file {
            arguments.files.insert(name, bytes.to_vec());
        } else {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            arguments.values.insert(name, Value::String(text));
        }
    }
}
