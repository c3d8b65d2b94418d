//! Injection: special characters for databases, file systems and browsers stay plain text.

use serde_json::Value;
use shared::customer::Customer;
use shared::{Page, Role};

use super::fixtures::{Fixture, Side};
use super::requests::address;
use super::required_access::{RequiredAccess, required_access};
use crate::harness::{Client, TestApp, customer_input};
use crate::on_both_databases;

on_both_databases!(
    search_text_never_becomes_part_of_a_statement,
    hostile_text_is_returned_unchanged,
    a_nul_character_is_rejected_before_the_database,
);

const HOSTILE: [&str; 18] = [
    "' OR '1'='1",
    "'; DROP TABLE customers; --",
    "\" OR \"\"=\"",
    "\") OR 1=1 --",
    "x' UNION SELECT password_hash FROM users --",
    "%",
    "_",
    "%25%25",
    "\\",
    "*",
    "\"",
    "NEAR(a b)",
    "a OR b",
    "a AND NOT b",
    "search_text : a",
    "^zz",
    "${jndi:ldap://x/a}",
    "{{7*7}}<script>alert(1)</script>",
];

async fn found(client: &Client, path: &str, q: &str) -> (u16, Option<usize>) {
    let request = client.request(reqwest::Method::GET, path).query(&[("q", q)]);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["items"].as_array().map(Vec::len))
}

/// Searches every searchable list with hostile text.
async fn search_text_never_becomes_part_of_a_statement(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let superadmin = &fixture.callers[0].client;
    let mut lists = 0;
    for (operation, _) in
        required_access().iter().filter(|(_, need)| *need != RequiredAccess::Nothing)
    {
        let parameters = operation.content["parameters"].as_array();
        let searches = parameters.into_iter().flatten().any(|it| it["name"] == "q");
        if operation.method != "get" || !searches {
            continue;
        }
        lists += 1;
        let path = address(&fixture, operation, Side::Own);
        // The audit contains such texts literally and finds them.
        if path.starts_with("/audit") {
            continue;
        }
        for text in HOSTILE {
            let (status, rows) = found(superadmin, &path, text).await;
            assert_eq!((status, rows), (200, Some(0)), "{path}?q={text}");
        }
        let long = "a".repeat(4_000);
        for text in ["a\0b", "\u{202e}", "😀", &long] {
            let (status, rows) = found(superadmin, &path, text).await;
            let fits = (status == 200 && rows == Some(0)) || matches!(status, 400 | 422);
            assert!(fits, "{path}?q={text:.20}: {status} {rows:?}");
        }
    }
    assert!(lists >= 4, "only {lists} lists");
    let customers: Page<Customer> = superadmin.get("/customers").await;
    assert_eq!(customers.items.len(), 2, "the tables are still there");
}

async fn hostile_text_is_returned_unchanged(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    for text in HOSTILE {
        let made: Customer = cs.post("/customers", &customer_input(text)).await;
        let read: Customer = cs.get(&format!("/customers/{}", made.id)).await;
        assert_eq!(read.name, text);
    }
}

/// Returns the JSON pointers of all texts in a value.
pub fn texts(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(place.to_owned()),
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                texts(item, &format!("{place}/{number}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                texts(field, &format!("{place}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// No database accepts it: a response of 500 would mean that it had reached the database.
async fn a_nul_character_is_rejected_before_the_database(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let superadmin = &fixture.callers[0].client;
    let mut tried = 0;
    for (operation, _) in &required_access() {
        let Some(body) = operation.json_body() else { continue };
        let mut places = Vec::new();
        texts(&body["example"], "", &mut places);
        for place in places {
            let mut example = body["example"].clone();
            *example.pointer_mut(&place).unwrap() = "a\0b".into();
            let path = address(&fixture, operation, Side::Own);
            let request = superadmin.request(operation.method(), &path).json(&example);
            let status = request.send().await.unwrap().status().as_u16();
            assert!((400..500).contains(&status), "{} {place}: {status}", operation.name());
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} texts");
    for cursor in ["MTpcMA", "YQBi", "MQAxOmE", "MTphAGI", "YQBiOjE"] {
        for list in ["/customers?sort=name", "/users", "/plans", "/inventory", "/technicians"] {
            let and = if list.contains('?') { '&' } else { '?' };
            let path = format!("{list}{and}cursor={cursor}");
            let response = superadmin.request(reqwest::Method::GET, &path).send().await.unwrap();
            assert!(response.status().as_u16() < 500, "{path}: {}", response.status());
        }
    }
}
