//! What each role reads of a person: values are planted, and looked for in every answer.

mod canary_values;
mod readers;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Response;
use shared::live::LiveEvent;

use self::canary_values::{Planted, TABLE, plant};
use self::readers::{Reader, readers};
use super::fixtures::{Side, World};
use super::requests::{address, send};
use super::required_access::needed;
use crate::contract::openapi::Operation;
use crate::harness::{Backend, TestApp};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(starting: each_role_reads_exactly_the_permitted_personal_data);

/// Whose answer held which of the planted values.
#[derive(Default)]
struct Seen {
    /// Readers by value.
    by: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// What should not have been there, in words.
    leaks: BTreeSet<String>,
    answers: usize,
}

impl Seen {
    fn note(&mut self, reader: &'static str, place: &str, text: &str) {
        self.answers += 1;
        for planted in TABLE.iter().filter(|planted| text.contains(planted.value)) {
            self.by.entry(planted.what).or_default().insert(reader);
            if !planted.is_for(reader) {
                self.leaks.insert(format!("{reader} reads {} in {place}", planted.what));
            }
        }
    }
}

/// Everything of an answer that somebody could read.
async fn all_of(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let head = format!("{:?}", response.headers());
    let body = response.bytes().await.unwrap();
    (status, format!("{head}\n{}", String::from_utf8_lossy(&body)))
}

/// Every operation of the document: a new one is called without being named here.
async fn call_all(
    world: &World,
    readers: &[Reader],
    seen: &mut Seen,
    which: fn(&Operation) -> bool,
) {
    for (operation, _) in needed().iter().filter(|(operation, _)| which(operation)) {
        let writes = operation.method != "get";
        // Whoever may change the object comes last: the others find it as it was.
        for reader in readers.iter().rev().filter(|reader| !writes || reader.writes) {
            // Only for a technician there is a difference between the two sides.
            let sides = if reader.name == "technician" { &Side::ALL[..] } else { &[Side::Own] };
            for &side in sides {
                let response = send(world, &reader.client, operation, side).await;
                let (_, text) = all_of(response).await;
                seen.note(reader.name, &operation.name(), &text);
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

/// Where what was changed meanwhile shows itself, the audit above all.
fn lists(operation: &Operation) -> bool {
    reads(operation) && !operation.path.contains('{')
}

/// How many rows of a list or table were found.
fn rows(text: &str) -> usize {
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(list) => list["items"].as_array().map_or(0, Vec::len),
        Err(_) => body.trim_end().lines().count().saturating_sub(1),
    }
}

/// Nobody finds anything by what is kept from him: else it could be guessed, digit by digit.
async fn search_all(world: &World, readers: &[Reader], seen: &mut Seen) -> usize {
    let (mut found, mut searches) = (0, 0);
    for (operation, _) in needed().iter().filter(|(operation, _)| is_search(operation)) {
        for reader in readers {
            for planted in TABLE.iter().filter(|planted| is_asked_for(planted, reader)) {
                let path = address(world, operation, Side::Own);
                let request = reader.client.request(operation.method(), &path);
                let response = request.query(&[("q", planted.value)]).send().await.unwrap();
                let (status, text) = all_of(response).await;
                if status != 200 {
                    break;
                }
                searches += 1;
                let rows = rows(&text);
                if rows > 0 && !planted.is_for(reader.name) {
                    let name = operation.name();
                    seen.leaks
                        .insert(format!("{} finds by {} in {name}", reader.name, planted.what));
                }
                found += usize::from(rows > 0);
            }
        }
    }
    assert!(searches > 300, "only {searches} searches");
    found
}

/// What is kept from the reader, of one side; and one value that is not, so that something is found.
fn is_asked_for(planted: &Planted, reader: &Reader) -> bool {
    let other_side = if reader.name == "technician" { ", own" } else { ", foreign" };
    let kept_from = !planted.is_for(reader.name) && !planted.what.ends_with(other_side);
    kept_from || planted.what.starts_with("name, ")
}

fn is_search(operation: &Operation) -> bool {
    let parameters = operation.content["parameters"].as_array();
    operation.method == "get" && parameters.into_iter().flatten().any(|it| it["name"] == "q")
}

/// What everybody who is signed in was told meanwhile.
async fn hear_all(readers: &[Reader], after: i64, seen: &mut Seen) {
    for reader in readers.iter().filter(|reader| reader.client.token.is_some()) {
        let mut socket = Socket::open(&reader.client, Some(after)).await;
        let mut events = 0;
        loop {
            let text = socket.next_text().await.unwrap();
            let message: shared::live::LiveMessage = serde_json::from_str(&text).unwrap();
            match message.event {
                LiveEvent::Ready => break,
                LiveEvent::Resync => panic!("{}: the events are gone", reader.name),
                _ => events += 1,
            }
            // Events carry ids and states, of nobody anything else.
            for Planted { what, value, .. } in TABLE {
                assert!(!text.contains(value), "{} hears {what}: {text}", reader.name);
            }
        }
        assert!(events > 0 || reader.name == "user", "{} has heard nothing", reader.name);
        seen.answers += events;
    }
}

async fn each_role_reads_exactly_the_permitted_personal_data(backend: Backend) {
    let app = TestApp::start_with(backend, &[("TRUST_PROXY", "true")]).await;
    let world = World::new(app).await;
    let before = newest_event(&world).await;
    plant(&world).await;
    let readers = readers(&world).await;
    let mut seen = Seen::default();
    call_all(&world, &readers, &mut seen, reads).await;
    let found = search_all(&world, &readers, &mut seen).await;
    assert!(found > 10, "only {found} searches have found something");
    call_all(&world, &readers, &mut seen, writes).await;
    call_all(&world, &readers, &mut seen, lists).await;
    hear_all(&readers, before, &mut seen).await;
    assert!(seen.leaks.is_empty(), "{:#?}", seen.leaks);
    // A value that its readers do not find either would show nothing.
    for planted in TABLE {
        let by = seen.by.remove(planted.what).unwrap_or_default();
        assert_eq!(by, planted.readers.iter().copied().collect(), "{}", planted.what);
    }
    assert!(seen.answers > 1_200, "only {} answers", seen.answers);
}

async fn newest_event(world: &World) -> i64 {
    use db::schema::live_events;
    use diesel::prelude::*;
    let newest = |conn: &mut db::Conn| {
        let newest = live_events::table.select(diesel::dsl::max(live_events::seq));
        Ok::<_, db::DbError>(newest.first::<Option<i64>>(conn)?.unwrap_or(0))
    };
    world.app.db.read(newest).await.unwrap()
}
