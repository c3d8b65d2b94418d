//! Requests for every documented operation, filled with real objects.

use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use super::fixtures::{FOREIGN, Fixture, Side};
use crate::contract::openapi::Operation;
use crate::harness::{Client, sample_jpeg, unique};

/// Id of no object.
const UNKNOWN_ID: i64 = 999_999_999;

/// Sends the operation's example with objects of this side.
pub async fn send(fixture: &Fixture, by: &Client, operation: &Operation, side: Side) -> Response {
    let request = by.request(operation.method(), &address(fixture, operation, side));
    with_body(fixture, request, operation, side).send().await.unwrap()
}

/// Adds the operation's example as the body.
pub fn with_body(
    fixture: &Fixture,
    request: RequestBuilder,
    operation: &Operation,
    side: Side,
) -> RequestBuilder {
    if let Some(example) = example(fixture, operation, side) {
        request.json(&example)
    } else if let Some(form) = operation.form() {
        request.multipart(filled_form(&form))
    } else {
        request
    }
}

/// Returns the operation's example with objects of this side, if its body is JSON.
pub fn example(fixture: &Fixture, operation: &Operation, side: Side) -> Option<Value> {
    let mut example = operation.json_body()?["example"].clone();
    fill(fixture, &mut example, side);
    if side == Side::Foreign && operation.path.contains('{') {
        mark(operation, &mut example);
    }
    Some(example)
}

/// Returns the path below `/api` with the id of a real object.
pub fn address(fixture: &Fixture, operation: &Operation, side: Side) -> String {
    let path = operation.path.strip_prefix("/api").unwrap();
    let Some((before, after)) = path.split_once("{id}") else {
        assert!(!path.contains('{'), "{path}: teach `address` this parameter");
        return path.to_owned();
    };
    let objects = fixture.of(side);
    let id = match before {
        "/customers/" => objects.customer,
        "/inventory/" => objects.item,
        "/inventory/movements/" => objects.movement,
        "/inventory/bag-returns/" => objects.bag_return,
        "/jobs/" => objects.job.0,
        "/locations/" => objects.bag,
        "/photos/" => objects.photo,
        "/plans/" => fixture.plan,
        "/technician-registrations/" => objects.registration,
        "/technicians/" => objects.technician.id.0,
        "/users/" => objects.login,
        // Every caller must stay signed in; keys, sessions, messages and imports have tests of
        // their own.
        "/auth/sessions/" | "/api-keys/" | "/notifications/" => UNKNOWN_ID,
        "/customers/imports/" | "/inventory/imports/" => UNKNOWN_ID,
        other => panic!("{other}: say in `address` which object this path is about"),
    };
    format!("{before}{id}{after}")
}

/// Puts ids of real objects into an example, by field name.
fn fill(fixture: &Fixture, value: &mut Value, side: Side) {
    let objects = fixture.of(side);
    match value {
        Value::Array(items) => {
            // There is one object of each kind, and a list must not repeat it.
            if items.iter().all(|item| item.get("item_id").is_some()) {
                items.truncate(1);
            }
            items.iter_mut().for_each(|item| fill(fixture, item, side));
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                // Every caller must stay signed in.
                if name == "current_password" {
                    *value = "bukan kata sandinya".into();
                    continue;
                }
                let id = match name.as_str() {
                    "customer_id" => objects.customer,
                    "from_location_id" => fixture.warehouse,
                    "item_id" => objects.item,
                    "job_id" => objects.job.0,
                    "location_id" | "to_location_id" => objects.bag,
                    "plan_id" => fixture.plan,
                    "technician_id" => objects.technician.id.0,
                    "technician_ids" => {
                        *value = Value::from(vec![objects.technician.id.0]);
                        continue;
                    }
                    name if name.ends_with("_id") || name.ends_with("_ids") => {
                        panic!("{name}: say in `fill` which object this field refers to")
                    }
                    _ => {
                        fill(fixture, value, side);
                        continue;
                    }
                };
                *value = id.into();
            }
        }
        _ => {}
    }
}

/// Keeps the marker text in a foreign object that a caller may change.
fn mark(operation: &Operation, example: &mut Value) {
    // Plans belong to nobody: every technician may read them.
    if operation.path.starts_with("/api/plans/") {
        return;
    }
    for name in ["name", "title", "description", "address"] {
        if let Some(text) = example.get_mut(name).filter(|text| text.is_string()) {
            *text = FOREIGN.into();
        }
    }
}

/// Builds a form with a value in each field.
fn filled_form(schema: &Value) -> Form {
    let fields = schema["properties"].as_object().unwrap();
    let mut form = Form::new();
    for (name, field) in fields {
        let words = || field.pointer("/enum/0").and_then(Value::as_str).unwrap_or("after");
        form = match field["format"] == "binary" || field["contentMediaType"].is_string() {
            true => {
                let file_name = format!("foto-{}.jpg", unique());
                form.part(name.clone(), Part::bytes(sample_jpeg()).file_name(file_name))
            }
            false => form.text(name.clone(), words().to_owned()),
        };
    }
    form
}
