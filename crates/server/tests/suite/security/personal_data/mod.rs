//! Personal data per role: canary values are stored, and every response is searched for them.

mod canary_values;
mod readers;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Response;
use shared::live::LiveEvent;

use self::canary_values::{CanaryValue, TABLE, insert_canary_values};
use self::readers::{Reader, readers};
use super::fixtures::{Fixture, Side};
use super::requests::{address, send};
use super::required_access::required_access;
use crate::contract::openapi::Operation;
use crate::harness::{Backend, TestApp};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(starting: each_role_reads_exactly_the_permitted_personal_data);

/// Readers of the canary values found so far.
#[derive(Default)]
struct ReadLog {
    /// Readers by value.
    by: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Descriptions of leaks.
    leaks: BTreeSet<String>,
    answers: usize,
}

impl ReadLog {
    fn record(&mut self, reader: &'static str, place: &str, text: &str) {
        self.answers += 1;
        for canary in TABLE.iter().filter(|canary| text.contains(canary.value)) {
            self.by.entry(canary.what).or_default().insert(reader);
            if !canary.is_readable_by(reader) {
                self.leaks.insert(format!("{reader} reads {} in {place}", canary.what));
            }
        }
    }
}

/// Returns the status, and head and body of a response.
async fn head_and_body(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let head = format!("{:?}", response.headers());
    let body = response.bytes().await.unwrap();
    (status, format!("{head}\n{}", String::from_utf8_lossy(&body)))
}

/// Calls every documented operation, including new ones.
async fn call_operations(
    fixture: &Fixture,
    readers: &[Reader],
    seen: &mut ReadLog,
    which: fn(&Operation) -> bool,
) {
    for (operation, _) in required_access().iter().filter(|(operation, _)| which(operation)) {
        let writes = operation.method != "get";
        // Callers that may change the object come last, so that the others find it unchanged.
        for reader in readers.iter().rev().filter(|reader| !writes || reader.writes) {
            // Only technicians distinguish own and foreign objects.
            let sides = if reader.name == "technician" { &Side::ALL[..] } else { &[Side::Own] };
            for &side in sides {
                let response = send(fixture, &reader.client, operation, side).await;
                let (_, text) = head_and_body(response).await;
                seen.record(reader.name, &operation.name(), &text);
            }
        }
    }
}

fn reads(operation: &Operation) -> bool {
    operation.method == "get"
}

fn writes(operation: &Operation) -> bool {
    operation.method != "get"
}

/// Returns whether the operation lists objects; lists, above all the audit, show previous changes.
fn lists(operation: &Operation) -> bool {
    reads(operation) && !operation.path.contains('{')
}

/// Counts the rows of a list or table.
fn rows(text: &str) -> usize {
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(list) => list["items"].as_array().map_or(0, Vec::len),
        Err(_) => body.trim_end().lines().count().saturating_sub(1),
    }
}

/// Searches for values that a reader may not read: a result would allow guessing them digit by digit.
async fn search_all(fixture: &Fixture, readers: &[Reader], seen: &mut ReadLog) -> usize {
    let (mut found, mut searches) = (0, 0);
    for (operation, _) in required_access().iter().filter(|(operation, _)| is_search(operation)) {
        for reader in readers {
            for canary in TABLE.iter().filter(|canary| is_searched_for(canary, reader)) {
                let path = address(fixture, operation, Side::Own);
                let request = reader.client.request(operation.method(), &path);
                let response = request.query(&[("q", canary.value)]).send().await.unwrap();
                let (status, text) = head_and_body(response).await;
                if status != 200 {
                    break;
                }
                searches += 1;
                let rows = rows(&text);
                if rows > 0 && !canary.is_readable_by(reader.name) {
                    let name = operation.name();
                    seen.leaks
                        .insert(format!("{} finds by {} in {name}", reader.name, canary.what));
                }
                found += usize::from(rows > 0);
            }
        }
    }
    assert!(searches > 300, "only {searches} searches");
    found
}

/// Selects values that the reader may not read, and a readable one, so that something is found.
fn is_searched_for(canary: &CanaryValue, reader: &Reader) -> bool {
    let other_side = if reader.name == "technician" { ", own" } else { ", foreign" };
    let kept_from = !canary.is_readable_by(reader.name) && !canary.what.ends_with(other_side);
    kept_from || canary.what.starts_with("name, ")
}

fn is_search(operation: &Operation) -> bool {
    let parameters = operation.content["parameters"].as_array();
    operation.method == "get" && parameters.into_iter().flatten().any(|it| it["name"] == "q")
}

/// Searches the live events that each signed-in reader received.
async fn read_live_events(readers: &[Reader], after: i64, seen: &mut ReadLog) {
    for reader in readers.iter().filter(|reader| reader.client.token.is_some()) {
        let mut socket = Socket::open(&reader.client, Some(after)).await;
        let mut events = 0;
        loop {
            let text = socket.next_text().await.unwrap();
            let message: shared::live::LiveMessage = serde_json::from_str(&text).unwrap();
            match message.event {
                LiveEvent::Ready => break,
                LiveEvent::Resync => panic!("{}: the events were deleted", reader.name),
                _ => events += 1,
            }
            // Events contain ids and states only.
            for CanaryValue { what, value, .. } in TABLE {
                assert!(!text.contains(value), "{} hears {what}: {text}", reader.name);
            }
        }
        assert!(events > 0 || reader.name == "user", "{} received no event", reader.name);
        seen.answers += events;
    }
}

async fn each_role_reads_exactly_the_permitted_personal_data(backend: Backend) {
    let app = TestApp::start_with(backend, &[("TRUST_PROXY", "true")]).await;
    let fixture = Fixture::new(app).await;
    let before = newest_event(&fixture).await;
    insert_canary_values(&fixture).await;
    let readers = readers(&fixture).await;
    let mut seen = ReadLog::default();
    call_operations(&fixture, &readers, &mut seen, reads).await;
    let found = search_all(&fixture, &readers, &mut seen).await;
    assert!(found > 10, "only {found} searches have found something");
    call_operations(&fixture, &readers, &mut seen, writes).await;
    call_operations(&fixture, &readers, &mut seen, lists).await;
    read_live_events(&readers, before, &mut seen).await;
    assert!(seen.leaks.is_empty(), "{:#?}", seen.leaks);
    // A value that its permitted readers do not find either would prove nothing.
    for canary in TABLE {
        let by = seen.by.remove(canary.what).unwrap_or_default();
        assert_eq!(by, canary.readers.iter().copied().collect(), "{}", canary.what);
    }
    assert!(seen.answers > 1_200, "only {} answers", seen.answers);
}

async fn newest_event(fixture: &Fixture) -> i64 {
    use db::schema::live_events;
    use diesel::prelude::*;
    let newest = |conn: &mut db::Conn| {
        let newest = live_events::table.select(diesel::dsl::max(live_events::seq));
        Ok::<_, db::DbError>(newest.first::<Option<i64>>(conn)?.unwrap_or(0))
    };
    fixture.app.db.read(newest).await.unwrap()
}
