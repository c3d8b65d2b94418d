//! Notifications: the delivery log and manual retries.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use services::notifications;
use shared::notification::{Notification, NotificationQuery};
use shared::{NotificationId, Page};

use crate::extractors::authorization::Allowed;
use crate::extractors::json_body::ChangeMeta;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Messages to people, newest first: what each is about and what became of it. The bot's answers in
/// a chat are not among them.
#[utoipa::path(get, path = "/api/notifications", tag = "messages", params(NotificationQuery),
    responses((status = 200, body = Page<Notification>), ProblemResponses))]
pub async fn list(
    app: App,
    call: Allowed<permissions::NotificationsManage, Query<NotificationQuery>>,
) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| notifications::list(conn, &actor, &query)).await
}

/// Sends a message again that was given up (`dead`) or never sent (`disabled`), to the chat that
/// its recipient has now.
#[utoipa::path(post, path = "/api/notifications/{id}/retry", tag = "messages",
    params(("id" = NotificationId, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Notification), ProblemResponses))]
pub async fn retry(
    app: App,
    call: Allowed<permissions::NotificationsManage, (Path<NotificationId>, HttpRequest)>,
) -> Reply {
    let Allowed { actor, input: (id, request), .. } = call;
    let meta = ChangeMeta::read(&request, &[])?;
    reply::create(&app, actor, meta, StatusCode::OK, move |tx, actor| {
        notifications::resend(tx, actor, *id)
    })
    .await
}
