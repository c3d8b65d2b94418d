//! What these tests share.

use std::time::{Duration, Instant};

use db::Tx;
use diesel::prelude::*;
use notify::telegram::{Keyboard, Message};
use services::outbox::Notice;
use services::{Error, outbox};
use shared::notification::{DeliveryFailure, MessageStatus};
use shared::{ChatId, ItemId};

use crate::harness::TestApp;

/// Longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Row {
    pub id: i64,
    pub address: Option<String>,
    pub status: MessageStatus,
    pub failure: Option<DeliveryFailure>,
    pub attempts: i32,
    pub external_id: Option<String>,
}

/// Every row, oldest first.
pub async fn rows(app: &TestApp) -> Vec<Row> {
    use db::schema::outbox::dsl;
    let read = |conn: &mut db::Conn| -> Result<Vec<Row>, Error> {
        let columns =
            (dsl::id, dsl::address, dsl::status, dsl::failure, dsl::attempts, dsl::external_id);
        Ok(dsl::outbox.order(dsl::id).select(columns).load(conn)?)
    };
    app.db.read(read).await.unwrap()
}

/// Waits until the rows look as they should.
pub async fn until(app: &TestApp, what: &str, fits: impl Fn(&[Row]) -> bool) -> Vec<Row> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let rows = rows(app).await;
        if fits(&rows) {
            return rows;
        }
        assert!(Instant::now() < deadline, "never came: {what}\n{rows:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether nothing is on its way any more.
pub fn is_quiet(rows: &[Row]) -> bool {
    let open = [MessageStatus::Pending, MessageStatus::Sending];
    rows.iter().all(|row| !open.contains(&row.status))
}

/// Whether all of them were sent.
pub fn all_sent(rows: &[Row]) -> bool {
    rows.iter().all(|row| row.status == MessageStatus::Sent)
}

/// A plain text, as a flow answers it.
pub fn text(text: &str) -> String {
    let message = Message::Text { text: text.into(), keyboard: Keyboard::None };
    serde_json::to_string(&message).unwrap()
}

/// Queues answers of the bot, all at once.
pub async fn answer(app: &TestApp, chat: i64, texts: &[&str]) {
    let first = i64::from(crate::harness::unique()) * 1_000;
    let bodies: Vec<String> = texts.iter().map(|it| text(it)).collect();
    let queue = move |tx: &mut Tx<'_>| -> Result<(), Error> {
        for (position, body) in bodies.iter().enumerate() {
            outbox::enqueue_reply(tx, ChatId(chat), body, first, position)?;
        }
        Ok(())
    };
    app.db.write(queue).await.unwrap();
}

/// A notice that never loses its meaning.
pub fn low_stock(on_hand: i64) -> Notice {
    Notice::LowStock {
        item_id: ItemId(1),
        code: "DW-1C".into(),
        name: "Kabel dropcore".into(),
        on_hand,
        min_stock: 100_000,
    }
}
