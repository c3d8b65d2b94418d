//! Changes that share a commit: each of them succeeds or fails for itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use db::schema::outbox;
use db::tables::job_timeline::{self, CreatedJobEntry};
use db::tables::plans;
use db::{DbError, Tx};
use diesel::prelude::*;
use services::{Actor, jobs, users};
use shared::job::{AssignRequest, Job, JobType, TimelineKind};
use shared::job_state_machine::JobAction;
use shared::notification::{MessageKind, MessageStatus};
use shared::plan::PlanInput;
use shared::{ChatId, JobId, Lang, Role, Rupiah, UserId};

use crate::harness::{TestApp, create_customer, create_technician, job_request};
use crate::on_both_databases;

on_both_databases!(
    a_refused_change_takes_nothing_back_from_the_others,
    a_change_that_panics_is_the_only_one_that_fails,
    numbers_of_refused_changes_are_used_again,
    numbers_that_are_taken_and_skipped_in_one_change_follow_each_other,
    what_a_change_leaves_for_the_end_fails_with_it_alone,
    a_refused_change_leaves_no_offer_and_no_timeline_entry,
    new_settings_hold_for_the_next_job_of_the_same_change,
    a_job_that_is_given_away_in_the_same_change_is_offered_to_nobody,
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

async fn numbers_that_are_taken_and_skipped_in_one_change_follow_each_other(app: TestApp) {
    let taken = app
        .db
        .write(|tx| {
            let first = tx.take_numbers("series", 3)?;
            tx.skip_numbers("series", 10)?;
            tx.skip_numbers("series", 5)?;
            Ok::<_, DbError>([first, tx.next_number("series")?, tx.next_number("series")?])
        })
        .await
        .unwrap();
    assert_eq!(taken, [3, 11, 12]);
    let next = app.db.write(|tx| tx.next_number("series")).await.unwrap();
    assert_eq!(next, 13);
}

/// A row that is written at the end only then shows that its job does not exist.
async fn what_a_change_leaves_for_the_end_fails_with_it_alone(app: TestApp) {
    let bad = |number: usize| number == 7 || number == 30;
    let succeeded = all_at_once(&app, move |tx, number| {
        insert_plan(tx, &format!("P-{number:03}"))?;
        if bad(number) {
            let at = tx.now().naive_utc();
            let (job_id, actor_id) = (JobId(1_000_000), UserId(1));
            tx.add_created_entry(CreatedJobEntry { job_id, actor_id, actor_name: "x".into(), at });
        }
        Ok(())
    })
    .await;
    for (number, succeeded) in succeeded.into_iter().enumerate() {
        assert_eq!(succeeded, !bad(number), "{number}");
    }
    assert_eq!(stored_codes(&app).await, expected_codes(|number| !bad(number)));
    // It is no fault of the storage, so nothing else is refused.
    app.db.write(|tx| insert_plan(tx, "P-LATER")).await.unwrap();
}

/// Two linked technicians, one with a name that JSON has to escape.
async fn link_technicians(app: &TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for (name, chat) in [("Budi \"Bu\" O'Neil", 9_001), ("Agus", 9_002)] {
        let user = create_technician(app, &admin, name).await.record.user_id;
        let link = move |tx: &mut Tx<'_>| {
            let now = tx.now().naive_utc();
            db::tables::telegram_links::link(tx.conn(), user, ChatId(chat), Lang::Id, now)
        };
        app.db.write(link).await.unwrap();
    }
}

async fn offers(app: &TestApp) -> Vec<(Option<JobId>, MessageStatus, String)> {
    app.db
        .read(|conn| {
            let offers = outbox::table
                .filter(outbox::kind.eq(MessageKind::JobOffered))
                .order(outbox::id)
                .select((outbox::job_id, outbox::status, outbox::dedupe_key));
            Ok::<_, DbError>(offers.load(conn)?)
        })
        .await
        .unwrap()
}

async fn a_refused_change_leaves_no_offer_and_no_timeline_entry(app: TestApp) {
    link_technicians(&app).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti \\ \"Ibu\" 😀").await;
    let request = job_request(&siti, JobType::Repair);
    let refused = |number: usize| number % 3 == 1;
    let succeeded = all_at_once(&app, move |tx, number| {
        let actor = system(tx)?;
        let created = jobs::create(tx, &actor, &request);
        created.map_err(|error| DbError::Corrupt(error.to_string()))?;
        match refused(number) {
            true => Err(DbError::Corrupt("refused after the job was created".into())),
            false => Ok(()),
        }
    })
    .await;
    let kept = succeeded.iter().filter(|succeeded| **succeeded).count();
    assert_eq!(kept, (0..CHANGES).filter(|number| !refused(*number)).count());
    let all: shared::Page<Job> = cs.get("/jobs?limit=200").await;
    assert_eq!(all.items.len(), kept);
    let offers = offers(&app).await;
    assert_eq!(offers.len(), 2 * kept);
    for job in &all.items {
        assert_eq!(
            offers.iter().filter(|offer| offer.0 == Some(job.id)).count(),
            2,
            "{}",
            job.number
        );
        assert_eq!(timeline_kinds(&app, job.id).await, [TimelineKind::Created]);
    }
}

fn system(tx: &mut Tx<'_>) -> Result<Actor, DbError> {
    users::system_actor(tx).map_err(|error| DbError::Corrupt(error.to_string()))
}

async fn timeline_kinds(app: &TestApp, job: JobId) -> Vec<TimelineKind> {
    let entries = app.db.read(move |conn| job_timeline::for_job(conn, job)).await.unwrap();
    entries.into_iter().map(|entry| entry.kind).collect()
}

async fn new_settings_hold_for_the_next_job_of_the_same_change(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let siti = create_customer(&cs, "Siti").await;
    let request = job_request(&siti, JobType::Repair);
    let due_times = app
        .db
        .write(move |tx| {
            let actor = users::system_actor(tx)?;
            let before = jobs::create(tx, &actor, &request)?.due_at;
            let mut settings = (*tx.settings()?).clone();
            settings.for_job_type_mut(JobType::Repair).sla_hours += 5;
            services::settings::update(tx, &actor, None, &settings)?;
            Ok::<_, services::Error>((before, jobs::create(tx, &actor, &request)?.due_at))
        })
        .await
        .unwrap();
    assert_eq!(due_times.1 - due_times.0, TimeDelta::hours(5));
}

async fn a_job_that_is_given_away_in_the_same_change_is_offered_to_nobody(app: TestApp) {
    link_technicians(&app).await;
    let admin = app.sign_in_as(Role::Admin).await;
    let citra = create_technician(&app, &admin, "Citra").await.id;
    let siti = create_customer(&admin, "Siti").await;
    let request = job_request(&siti, JobType::Repair);
    let job = app
        .db
        .write(move |tx| {
            let actor = users::system_actor(tx)?;
            let job = jobs::create(tx, &actor, &request)?.id;
            let assign = AssignRequest::for_technicians(vec![citra]);
            jobs::assign(tx, &actor, job, None, &assign).map(|job| job.id)
        })
        .await
        .unwrap();
    let statuses: Vec<MessageStatus> = offers(&app).await.into_iter().map(|it| it.1).collect();
    assert_eq!(statuses, [MessageStatus::Withdrawn; 2]);
    let entries = app.db.read(move |conn| job_timeline::for_job(conn, job)).await.unwrap();
    let actions: Vec<Option<JobAction>> = entries.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [None, Some(JobAction::Assign)]);
}
