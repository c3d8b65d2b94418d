//! A request for any operation of the document, about real objects.

use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use super::fixtures::{FOREIGN, Side, World};
use crate::contract::openapi::Operation;
use crate::harness::{Client, jpeg, unique};

/// The number of no object.
const NOBODYS: i64 = 999_999_999;

/// Sends the operation's example, about objects of this side.
pub async fn send(world: &World, by: &Client, operation: &Operation, side: Side) -> Response {
    let request = by.request(operation.method(), &address(world, operation, side));
    with_body(world, request, operation, side).send().await.unwrap()
}

/// The operation's example as its body.
pub fn with_body(
    world: &World,
    request: RequestBuilder,
    operation: &Operation,
    side: Side,
) -> RequestBuilder {
    if let Some(example) = example(world, operation, side) {
        request.json(&example)
    } else if let Some(form) = operation.form() {
        request.multipart(filled_form(&form))
    } else {
        request
    }
}

/// The operation's example, about objects of this side, if its body is JSON.
pub fn example(world: &World, operation: &Operation, side: Side) -> Option<Value> {
    let mut example = operation.json_body()?["example"].clone();
    fill(world, &mut example, side);
    if side == Side::Foreign && operation.path.contains('{') {
        mark(operation, &mut example);
    }
    Some(example)
}

/// The address below `/api`, with the number of a real object in its gap.
pub fn address(world: &World, operation: &Operation, side: Side) -> String {
    let path = operation.path.strip_prefix("/api").unwrap();
    let Some((before, after)) = path.split_once("{id}") else {
        assert!(!path.contains('{'), "{path}: teach `address` this parameter");
        return path.to_owned();
    };
    let things = world.of(side);
    let id = match before {
        "/customers/" => things.customer,
        "/inventory/" => things.item,
        "/inventory/movements/" => things.movement,
        "/inventory/bag-returns/" => things.bag_return,
        "/jobs/" => things.job.0,
        "/locations/" => things.bag,
        "/photos/" => things.photo,
        "/plans/" => world.plan,
        "/technician-registrations/" => things.registration,
        "/technicians/" => things.technician.id.0,
        "/users/" => things.login,
        // Every caller is needed again, signed in as now; keys, devices and messages have tests of
        // their own.
        "/auth/sessions/" | "/api-keys/" | "/notifications/" => NOBODYS,
        other => panic!("{other}: say in `address` which object of the world stands there"),
    };
    format!("{before}{id}{after}")
}

/// Puts numbers of real objects into an example, by the names of its fields.
fn fill(world: &World, value: &mut Value, side: Side) {
    let things = world.of(side);
    match value {
        Value::Array(items) => {
            // There is one object of each kind, and a list takes each once.
            if items.iter().all(|item| item.get("item_id").is_some()) {
                items.truncate(1);
            }
            items.iter_mut().for_each(|item| fill(world, item, side));
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                // Every caller is needed again, signed in as now.
                if name == "current_password" {
                    *value = "bukan kata sandinya".into();
                    continue;
                }
                let id = match name.as_str() {
                    "customer_id" => things.customer,
                    "from_location_id" => world.warehouse,
                    "item_id" => things.item,
                    "job_id" => things.job.0,
                    "location_id" | "to_location_id" => things.bag,
                    "plan_id" => world.plan,
                    "technician_id" => things.technician.id.0,
                    "technician_ids" => {
                        *value = Value::from(vec![things.technician.id.0]);
                        continue;
                    }
                    name if name.ends_with("_id") || name.ends_with("_ids") => {
                        panic!("{name}: say in `fill` which object of the world stands there")
                    }
                    _ => {
                        fill(world, value, side);
                        continue;
                    }
                };
                *value = id.into();
            }
        }
        _ => {}
    }
}

/// Whoever may change the other one's object keeps it recognisable.
fn mark(operation: &Operation, example: &mut Value) {
    // Plans are nobody's: every technician may read them.
    if operation.path.starts_with("/api/plans/") {
        return;
    }
    for name in ["name", "title", "description", "address"] {
        if let Some(text) = example.get_mut(name).filter(|text| text.is_string()) {
            *text = FOREIGN.into();
        }
    }
}

/// A form with something in each of its fields.
fn filled_form(schema: &Value) -> Form {
    let fields = schema["properties"].as_object().unwrap();
    let mut form = Form::new();
    for (name, field) in fields {
        let words = || field.pointer("/enum/0").and_then(Value::as_str).unwrap_or("after");
        form = match field["format"] == "binary" || field["contentMediaType"].is_string() {
            true => {
                let file_name = format!("foto-{}.jpg", unique());
                form.part(name.clone(), Part::bytes(jpeg()).file_name(file_name))
            }
            false => form.text(name.clone(), words().to_owned()),
        };
    }
    form
}
