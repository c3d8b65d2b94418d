//! Changes that share a commit: each of them succeeds or fails for itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use db::tables::plans;
use db::{DbError, Tx};
use shared::Rupiah;
use shared::plan::PlanInput;

use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(
    a_refused_change_takes_nothing_back_from_the_others,
    a_change_that_panics_is_the_only_one_that_fails,
    numbers_of_refused_changes_are_used_again,
);

const CHANGES: usize = 48;

fn insert_plan(tx: &mut Tx<'_>, code: &str) -> Result<(), DbError> {
    let input = PlanInput {
        code: code.to_owned(),
        name: code.to_owned(),
        speed_mbps: 20,
        price: Rupiah(100_000),
    };
    let now = tx.now().naive_utc();
    plans::insert(tx.conn(), &input, now).map(drop)
}

async fn stored_codes(app: &TestApp) -> Vec<String> {
    let all = app.db.read(|conn| plans::list(conn, None, 1_000)).await.unwrap();
    let mut codes: Vec<String> = all.into_iter().map(|plan| plan.code).collect();
    codes.sort();
    codes
}

fn expected_codes(keep: impl Fn(usize) -> bool) -> Vec<String> {
    (0..CHANGES).filter(|number| keep(*number)).map(|number| format!("P-{number:03}")).collect()
}

/// Starts all changes at once, so that they queue up.
async fn all_at_once(
    app: &TestApp,
    change: impl Fn(&mut Tx<'_>, usize) -> Result<(), DbError> + Clone + Send + Sync + 'static,
) -> Vec<bool> {
    let started: Vec<_> = (0..CHANGES)
        .map(|number| {
            let (db, change) = (app.db.clone(), change.clone());
            tokio::spawn(async move { db.write(move |tx| change(tx, number)).await.is_ok() })
        })
        .collect();
    let mut succeeded = Vec::new();
    for one in started {
        succeeded.push(one.await.unwrap());
    }
    succeeded
}

async fn a_refused_change_takes_nothing_back_from_the_others(app: TestApp) {
    let refused = |number: usize| number % 5 == 3;
    let succeeded = all_at_once(&app, move |tx, number| {
        insert_plan(tx, &format!("P-{number:03}"))?;
        match refused(number) {
            true => Err(DbError::Corrupt("refused after it has written".into())),
            false => Ok(()),
        }
    })
    .await;
    for (number, succeeded) in succeeded.into_iter().enumerate() {
        assert_eq!(succeeded, !refused(number), "{number}");
    }
    assert_eq!(stored_codes(&app).await, expected_codes(|number| !refused(number)));
}

async fn a_change_that_panics_is_the_only_one_that_fails(app: TestApp) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let succeeded = all_at_once(&app, move |tx, number| {
        counted.fetch_add(1, Ordering::SeqCst);
        insert_plan(tx, &format!("P-{number:03}"))?;
        assert_ne!(number, 20, "a fault of the program");
        Ok(())
    })
    .await;
    assert_eq!(succeeded.iter().filter(|succeeded| !**succeeded).count(), 1);
    assert!(!succeeded[20]);
    assert_eq!(stored_codes(&app).await, expected_codes(|number| number != 20));
    assert!(runs.load(Ordering::SeqCst) >= CHANGES);
}

async fn numbers_of_refused_changes_are_used_again(app: TestApp) {
    let refused = |number: usize| number % 2 == 1;
    all_at_once(&app, move |tx, number| {
        let next = tx.next_number("gapless")?;
        if number % 4 == 1 {
            return Err(DbError::Corrupt("refused before it has written".into()));
        }
        insert_plan(tx, &format!("N-{next:03}"))?;
        match refused(number) {
            true => Err(DbError::Corrupt("refused after it has taken a number".into())),
            false => Ok(()),
        }
    })
    .await;
    let expected: Vec<String> = (1..=CHANGES / 2).map(|next| format!("N-{next:03}")).collect();
    assert_eq!(stored_codes(&app).await, expected);
}
