//! Helpers of the delivery tests: outbox rows and queued messages.

use std::time::{Duration, Instant};

use db::Tx;
use diesel::prelude::*;
use notify::telegram::{Keyboard, Message};
use services::outbox::Notice;
use services::{Error, outbox};
use shared::notification::{DeliveryFailure, MessageStatus};
use shared::{ChatId, ItemId};

use crate::harness::TestApp;

/// Longest wait for an outbox state.
const PATIENCE: Duration = Duration::from_secs(20);

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OutboxRow {
    pub id: i64,
    pub address: Option<String>,
    pub status: MessageStatus,
    pub failure: Option<DeliveryFailure>,
    pub attempts: i32,
    pub external_id: Option<String>,
}

/// Reads every row, oldest first.
pub async fn outbox_rows(app: &TestApp) -> Vec<OutboxRow> {
    use db::schema::outbox::dsl;
    let read = |conn: &mut db::Conn| -> Result<Vec<OutboxRow>, Error> {
        let columns =
            (dsl::id, dsl::address, dsl::status, dsl::failure, dsl::attempts, dsl::external_id);
        Ok(dsl::outbox.order(dsl::id).select(columns).load(conn)?)
    };
    app.db.read(read).await.unwrap()
}

/// Waits until the rows satisfy a condition.
pub async fn wait_for_rows(
    app: &TestApp,
    what: &str,
    fits: impl Fn(&[OutboxRow]) -> bool,
) -> Vec<OutboxRow> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let rows = outbox_rows(app).await;
        if fits(&rows) {
            return rows;
        }
        assert!(Instant::now() < deadline, "not within the time limit: {what}\n{rows:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Returns whether no message is pending or being sent.
pub fn all_finished(rows: &[OutboxRow]) -> bool {
    let open = [MessageStatus::Pending, MessageStatus::Sending];
    rows.iter().all(|row| !open.contains(&row.status))
}

/// Returns whether all messages were sent.
pub fn all_sent(rows: &[OutboxRow]) -> bool {
    rows.iter().all(|row| row.status == MessageStatus::Sent)
}

/// Payload of a plain text message.
pub fn text_payload(text: &str) -> String {
    let message = Message::Text { text: text.into(), keyboard: Keyboard::None };
    serde_json::to_string(&message).unwrap()
}

/// Queues several responses of the bot in one transaction.
pub async fn enqueue_replies(app: &TestApp, chat: i64, texts: &[&str]) {
    let first = i64::from(crate::harness::unique()) * 1_000;
    let bodies: Vec<String> = texts.iter().map(|it| text_payload(it)).collect();
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        for (position, body) in bodies.iter().enumerate() {
            outbox::enqueue_reply(tx, ChatId(chat), body, first, position)?;
        }
        Ok(())
    };
    app.db.write(queue).await.unwrap();
}

/// A notice that never becomes obsolete.
pub fn low_stock_notice(on_hand: i64) -> Notice {
    Notice::LowStock {
        item_id: ItemId(1),
        code: "DW-1C".into(),
        name: "Kabel dropcore".into(),
        on_hand,
        min_stock: 100_000,
    }
}
