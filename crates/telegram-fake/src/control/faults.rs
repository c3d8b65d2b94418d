//! Control API: fault injection, rate limits and the request log.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault_plan::Fault;
use crate::rate_limits::RateLimits;
use crate::state::RequestOutcome;
use crate::telegram::SharedState;

/// Lets the next requests of a method fail.
#[derive(Deserialize)]
pub(super) struct FailRequest {
    method: Option<String>,
    how: FaultKind,
    #[serde(default = "default_times")]
    times: u32,
}

fn default_times() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FaultKind {
    Status(u16),
    RetryAfter(u64),
    /// Milliseconds.
    Silence(u64),
    Reset,
    AnswerLost,
}

pub(super) async fn fail(core: Data<SharedState>, fail: Json<FailRequest>) -> impl Responder {
    let failure = match fail.how {
        FaultKind::Status(status) => Fault::Status(status),
        FaultKind::RetryAfter(retry_after) => Fault::TooManyRequests { retry_after },
        FaultKind::Silence(time) => Fault::Hang(std::time::Duration::from_millis(time)),
        FaultKind::Reset => Fault::ConnectionReset,
        FaultKind::AnswerLost => Fault::ResponseLost,
    };
    core.state().fault_plan.fail_next(fail.method.as_deref(), failure, fail.times);
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct RandomFaultsRequest {
    percent: u32,
    seed: u64,
}

pub(super) async fn fail_randomly(
    core: Data<SharedState>,
    share: Json<RandomFaultsRequest>,
) -> impl Responder {
    core.state().fault_plan.fail_randomly(share.percent, share.seed);
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct LimitsRequest {
    overall_per_second: u32,
    per_chat_per_second: u32,
}

pub(super) async fn limits(core: Data<SharedState>, rates: Json<LimitsRequest>) -> impl Responder {
    let limits = RateLimits::new(rates.overall_per_second, rates.per_chat_per_second);
    core.state().limits = Some(limits);
    HttpResponse::NoContent()
}

pub(super) async fn deliver(core: Data<SharedState>, update: Json<Value>) -> impl Responder {
    core.state().queue.push_update(update.into_inner());
    core.notify_change();
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct RedeliverRequest {
    update_id: i64,
}

pub(super) async fn redeliver(
    core: Data<SharedState>,
    again: Json<RedeliverRequest>,
) -> impl Responder {
    core.state().queue.redeliver(again.update_id);
    core.notify_change();
    HttpResponse::NoContent()
}

#[derive(Serialize)]
struct PendingCallbackView {
    query: String,
    person: i64,
    data: String,
}

/// Lists the unanswered callback queries.
pub(super) async fn pending_callbacks(core: Data<SharedState>) -> impl Responder {
    let waiting = core.state().pending_callbacks.clone().into_iter();
    let waiting = waiting.map(|it| PendingCallbackView {
        query: it.query_id,
        person: it.user_id,
        data: it.data,
    });
    Json(waiting.collect::<Vec<_>>())
}

#[derive(Serialize)]
struct RequestView {
    method: String,
    chat: Option<i64>,
    text: Option<String>,
    outcome: OutcomeView,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeView {
    Done,
    Refused,
    Failed,
    AnswerLost,
}

/// Lists the bot's requests, oldest first.
pub(super) async fn log(core: Data<SharedState>) -> impl Responder {
    let requests = core.state().log.clone().into_iter().map(|logged| RequestView {
        method: logged.method,
        chat: logged.chat,
        text: logged.text,
        outcome: match logged.outcome {
            RequestOutcome::Done => OutcomeView::Done,
            RequestOutcome::Refused => OutcomeView::Refused,
            RequestOutcome::Failed => OutcomeView::Failed,
            RequestOutcome::ResponseLost => OutcomeView::AnswerLost,
        },
    });
    Json(requests.collect::<Vec<_>>())
}
