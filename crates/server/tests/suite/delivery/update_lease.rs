//! Leases of Telegram updates: which instance handles an update, and for how long.

use chrono::TimeDelta;
use services::telegram_inbox;
use shared::ChatId;

use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(an_update_belongs_to_the_worker_that_sends_heartbeats,);

const UPDATE: i64 = 7;

/// Claims as another server would now.
async fn claimed_update(app: &TestApp) -> Vec<i64> {
    let take = |tx: &mut db::Tx<'_>| telegram_inbox::claim(tx, 10);
    let rows = app.db.write(take).await.unwrap();
    rows.into_iter().map(|row| row.update_id).collect()
}

async fn an_update_belongs_to_the_worker_that_sends_heartbeats(app: TestApp) {
    let receive =
        |tx: &mut db::Tx<'_>| telegram_inbox::store(tx, UPDATE, ChatId(1), "{}").map(drop);
    app.db.write(receive).await.unwrap();
    assert_eq!(claimed_update(&app).await, [UPDATE]);
    for _ in 0..3 {
        app.clock.advance(TimeDelta::seconds(10));
        app.db.write(|tx| telegram_inbox::extend_lease(tx, UPDATE)).await.unwrap();
        assert!(claimed_update(&app).await.is_empty(), "a large photo takes its time");
    }
    app.clock.advance(TimeDelta::seconds(16));
    assert_eq!(claimed_update(&app).await, [UPDATE], "no further event came");
    let done = app.db.write(|tx| telegram_inbox::finish(tx, UPDATE)).await.unwrap();
    assert!(done);
    // A worker that returns late changes nothing.
    app.db.write(|tx| telegram_inbox::extend_lease(tx, UPDATE)).await.unwrap();
    app.clock.advance(TimeDelta::hours(1));
    assert!(claimed_update(&app).await.is_empty());
    let again = app.db.write(|tx| telegram_inbox::finish(tx, UPDATE)).await.unwrap();
    assert!(!again);
}
