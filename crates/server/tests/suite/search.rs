//! Search of customers and jobs: order, parts of numbers, and what happens with very many matches.

use db::{Conn, DbError};
use diesel::RunQueryDsl;
use shared::customer::Customer;
use shared::job::{Job, JobType};
use shared::{ErrorCode, Page, Role};

use crate::harness::{Client, TestApp, create_customer, job_request};
use crate::on_both_databases;

on_both_databases!(
    whole_words_come_before_starts_of_words,
    pages_go_through_all_ranks_once,
    the_inside_of_a_name_is_found_only_if_nothing_else_is,
    any_three_digits_of_a_phone_number_find_it,
    a_search_says_when_it_considers_only_the_newest_matches,
    a_cursor_of_another_list_is_refused,
    texts_of_an_older_version_are_written_anew_at_the_start,
);

async fn names(client: &Client, query: &str) -> Vec<String> {
    let page: Page<Customer> = client.get(&format!("/customers?{query}")).await;
    page.items.into_iter().map(|customer| customer.name).collect()
}

async fn three_of_a_kind(cs: &Client) {
    for name in ["Budi Santoso", "Budianto", "Budi Raharjo"] {
        let customer = create_customer(cs, name).await;
        let _: Job = cs.post("/jobs", &job_request(&customer, JobType::Repair)).await;
    }
}

async fn whole_words_come_before_starts_of_words(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    three_of_a_kind(&cs).await;
    let ranked = ["Budi Raharjo", "Budi Santoso", "Budianto"];
    assert_eq!(names(&cs, "q=budi").await, ranked);
    let jobs: Page<Job> = cs.get("/jobs?q=BUDI").await;
    let of: Vec<&str> = jobs.items.iter().map(|job| job.customer_name.as_str()).collect();
    assert_eq!(of, ranked);
    // An order that was asked for wins.
    assert_eq!(names(&cs, "q=budi&sort=created_at").await, [ranked[1], ranked[2], ranked[0]]);
}

async fn pages_go_through_all_ranks_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    three_of_a_kind(&cs).await;
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Page<Job> = cs.get(&format!("/jobs?q=bud&limit=1&with_total=true{cursor}")).await;
        assert_eq!((page.total, page.capped), (Some(3), false));
        found.extend(page.items.into_iter().map(|job| job.customer_name));
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, ["Budi Raharjo", "Budianto", "Budi Santoso"]);
    let whole: Page<Customer> = cs.get("/customers?q=budi&limit=2").await;
    let next = whole.next_cursor.unwrap();
    assert_eq!(names(&cs, &format!("q=budi&limit=2&cursor={next}")).await, ["Budianto"]);
}

async fn the_inside_of_a_name_is_found_only_if_nothing_else_is(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    three_of_a_kind(&cs).await;
    assert_eq!(names(&cs, "q=dianto").await, ["Budianto"]);
    let counted: Page<Customer> = cs.get("/customers?q=dianto&with_total=true").await;
    assert_eq!(counted.total, Some(1));
    let jobs: Page<Job> = cs.get("/jobs?q=dianto&with_total=true").await;
    assert_eq!((jobs.items.len(), jobs.total), (1, Some(1)));
    assert_eq!(jobs.items[0].customer_name, "Budianto");
    create_customer(&cs, "Dianto Wijaya").await;
    assert_eq!(names(&cs, "q=dianto").await, ["Dianto Wijaya"]);
}

async fn any_three_digits_of_a_phone_number_find_it(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let customer = create_customer(&cs, "Siti").await;
    let _: Job = cs.post("/jobs", &job_request(&customer, JobType::Repair)).await;
    let national = customer.phone.strip_prefix("+62").unwrap();
    for length in 3..=national.len() {
        for start in 0..=national.len() - length {
            let part = &national[start..start + length];
            // Digits after a zero are read as a number without its prefix.
            if part.starts_with('0') {
                continue;
            }
            assert_eq!(names(&cs, &format!("q={part}")).await, ["Siti"], "{part}");
        }
    }
    let jobs: Page<Job> = cs.get(&format!("/jobs?q=0{national}")).await;
    assert_eq!(jobs.items.len(), 1);
}

const MANY: &str = "INSERT INTO customers
        (number, name, phone, address, status, search_text, version, created_at, updated_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050)
    SELECT 'X-' || i, 'Melati ' || i, '+6281200000000', 'Sleman', 'active', ' melati ', 1,
        '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM n";

async fn a_search_says_when_it_considers_only_the_newest_matches(app: TestApp) {
    let insert = |conn: &mut Conn| Ok::<_, DbError>(diesel::sql_query(MANY).execute(conn)?);
    app.db.read(insert).await.unwrap();
    let cs = app.sign_in_as(Role::Cs).await;
    let page: Page<Customer> = cs.get("/customers?q=melati&limit=2").await;
    assert!(!page.capped, "every match can be reached");
    assert_eq!(page.items[0].name, "Melati 10050");
    let page: Page<Customer> = cs.get("/customers?q=melati&limit=2&with_total=true").await;
    assert_eq!((page.total, page.capped), (Some(10_000), true));
    let page: Page<Customer> = cs.get("/customers?q=melati&sort=created_at&limit=2").await;
    assert_eq!((page.items[0].name.as_str(), page.capped), ("Melati 8051", true));
    let page: Page<Customer> = cs.get("/customers?limit=2&with_total=true").await;
    assert_eq!((page.total, page.capped), (Some(10_000), true));
    let page: Page<Customer> = cs.get("/customers?q=mel&status=suspended&with_total=true").await;
    assert_eq!((page.total, page.capped), (Some(0), true));
}

async fn a_cursor_of_another_list_is_refused(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    three_of_a_kind(&cs).await;
    for list in ["customers", "jobs"] {
        let cursor = async |query: &str| -> String {
            let page: serde_json::Value = cs.get(&format!("/{list}?limit=1{query}")).await;
            page["next_cursor"].as_str().unwrap().to_owned()
        };
        let (ranked, by_time) = (cursor("&q=budi").await, cursor("").await);
        for query in [format!("q=budi&cursor={by_time}"), format!("cursor={ranked}")] {
            let problem = cs.get_refused(&format!("/{list}?{query}")).await;
            assert_eq!(problem.code, ErrorCode::InvalidCursor, "{list}: {query}");
        }
    }
}

async fn run(app: &TestApp, sql: &'static str) {
    let run = move |conn: &mut Conn| Ok::<_, DbError>(diesel::sql_query(sql).execute(conn)?);
    app.db.read(run).await.unwrap();
}

async fn texts_of_an_older_version_are_written_anew_at_the_start(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    three_of_a_kind(&cs).await;
    run(&app, "UPDATE customers SET search_text = 'c-000001 lama'").await;
    run(&app, "UPDATE jobs SET search_text = 'ggn-1 lama'").await;
    run(&app, "UPDATE search_format SET version = 1").await;
    assert!(names(&cs, "q=budi").await.is_empty());
    let restarted = app.start_instance(&[]).await;
    let cs = cs.sign_in_again(&restarted).await;
    assert_eq!(names(&cs, "q=budi").await, ["Budi Raharjo", "Budi Santoso", "Budianto"]);
    let jobs: Page<Job> = cs.get("/jobs?q=santoso").await;
    assert_eq!(jobs.items.len(), 1);
    assert!(names(&cs, "q=lama").await.is_empty());
}
