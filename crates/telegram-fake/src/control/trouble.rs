//! Failures, limits, and what the bot has done.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failures::Failure;
use crate::limits::Limits;
use crate::state::Outcome;
use crate::telegram::Core;

/// The next requests of a method fail.
#[derive(Deserialize)]
pub(super) struct Fail {
    method: Option<String>,
    how: How,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Status(u16),
    RetryAfter(u64),
    /// Milliseconds.
    Silence(u64),
    Reset,
    AnswerLost,
}

pub(super) async fn fail(core: Data<Core>, fail: Json<Fail>) -> impl Responder {
    let failure = match fail.how {
        How::Status(status) => Failure::Status(status),
        How::RetryAfter(retry_after) => Failure::TooManyRequests { retry_after },
        How::Silence(time) => Failure::Silence(std::time::Duration::from_millis(time)),
        How::Reset => Failure::Reset,
        How::AnswerLost => Failure::AnswerLost,
    };
    core.state().failures.next(fail.method.as_deref(), failure, fail.times);
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct Share {
    percent: u32,
    seed: u64,
}

pub(super) async fn share(core: Data<Core>, share: Json<Share>) -> impl Responder {
    core.state().failures.share(share.percent, share.seed);
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct Rates {
    overall_per_second: u32,
    per_chat_per_second: u32,
}

pub(super) async fn limits(core: Data<Core>, rates: Json<Rates>) -> impl Responder {
    let limits = Limits::new(rates.overall_per_second, rates.per_chat_per_second);
    core.state().limits = Some(limits);
    HttpResponse::NoContent()
}

pub(super) async fn deliver(core: Data<Core>, update: Json<Value>) -> impl Responder {
    core.state().queue.deliver(update.into_inner());
    core.changed();
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct Again {
    update_id: i64,
}

pub(super) async fn redeliver(core: Data<Core>, again: Json<Again>) -> impl Responder {
    core.state().queue.again(again.update_id);
    core.changed();
    HttpResponse::NoContent()
}

#[derive(Serialize)]
struct Waiting {
    query: String,
    person: i64,
    data: String,
}

/// Presses that the bot has not answered.
pub(super) async fn unanswered(core: Data<Core>) -> impl Responder {
    let waiting = core.state().pressed.clone().into_iter();
    let waiting = waiting.map(|it| Waiting { query: it.query, person: it.person, data: it.data });
    Json(waiting.collect::<Vec<_>>())
}

#[derive(Serialize)]
struct Request {
    method: String,
    chat: Option<i64>,
    text: Option<String>,
    outcome: Ended,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Ended {
    Done,
    Refused,
    Failed,
    AnswerLost,
}

/// Every request of the bot, in their order.
pub(super) async fn log(core: Data<Core>) -> impl Responder {
    let requests = core.state().log.clone().into_iter().map(|logged| Request {
        method: logged.method,
        chat: logged.chat,
        text: logged.text,
        outcome: match logged.outcome {
            Outcome::Done => Ended::Done,
            Outcome::Refused => Ended::Refused,
            Outcome::Failed => Ended::Failed,
            Outcome::AnswerLost => Ended::AnswerLost,
        },
    });
    Json(requests.collect::<Vec<_>>())
}
