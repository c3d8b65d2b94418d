//! Notifications that were sent or could not be delivered.

use shared::notification::{MessageStatus, Notification, NotificationQuery};
use shared::{CommaList, NotificationId, Page};

use super::{ApiResult, client};

/// Returns a page of the messages, newest first.
pub async fn list(query: &NotificationQuery) -> ApiResult<Page<Notification>> {
    client::query("notifications", query).await
}

/// Returns how many messages were given up.
pub async fn count_dead() -> ApiResult<i64> {
    let query = NotificationQuery {
        status: Some(CommaList(vec![MessageStatus::Dead])),
        limit: Some(1),
        with_total: Some(true),
        ..Default::default()
    };
    Ok(list(&query).await?.total.unwrap_or_default())
}

/// Sends a message again.
pub async fn retry(id: NotificationId) -> ApiResult<Notification> {
    client::post(&format!("notifications/{id}/retry"), &()).await
}
