//! Snapshot of the problem documents of typical errors.

use reqwest::{Client as Http, Method};
use serde_json::{Value, json};
use shared::Role;
use shared::inventory::Item;
use shared::job::JobType;

use crate::harness::{
    Client, TestApp, create_customer, create_job, create_technician, movement_line, receive_goods,
    sample_jpeg,
};
use crate::on_both_databases;

on_both_databases!(problem_responses_match_the_snapshot);

/// Request that is rejected.
struct Attempt<'a> {
    what: &'a str,
    by: &'a Client,
    method: Method,
    path: String,
    body: Value,
    lang: &'a str,
    if_match: Option<&'a str>,
}

impl Attempt<'_> {
    async fn refusal(self) -> Value {
        let url = format!("{}/api{}", self.by.base, self.path);
        let mut request = Http::new().request(self.method, url);
        request = request.header("Accept-Language", self.lang);
        if let Some(token) = &self.by.token {
            request = request.bearer_auth(token);
        }
        if let Some(version) = self.if_match {
            request = request.header("If-Match", version);
        }
        if !self.body.is_null() {
            request = request.json(&self.body);
        }
        let response = request.send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!(kind, "application/problem+json", "{}", self.what);
        let mut problem: Value = response.json().await.unwrap();
        assert!(!problem["request_id"].as_str().unwrap().is_empty());
        problem["request_id"] = "[request id]".into();
        json!({ "what": self.what, "problem": problem })
    }
}

async fn problem_responses_match_the_snapshot(app: TestApp) {
    let nobody = app.anonymous();
    let admin = app.sign_in_as(Role::Superadmin).await;
    let (cs, manager) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Manager).await);
    let siti = create_customer(&cs, "Siti Rahayu").await;
    let repair = create_job(&cs, JobType::Repair).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let cable =
        json!({ "code": "DW-1C", "name": "Dropcore", "category": "kabel", "unit": "metre" });
    let cable: Item = admin.post("/inventory", &cable).await;
    receive_goods(&admin, vec![movement_line(cable.id, 10)]).await;
    let attempt = |what, by, method, path: &str, body| Attempt {
        what,
        by,
        method,
        path: path.to_owned(),
        body,
        lang: "en",
        if_match: None,
    };
    let bad_customer = json!({
        "name": "", "phone": "6.28123E+11", "address": "x", "latitude": -97.0, "longitude": 110.0,
        "plan_id": 99, "nik": "12",
    });
    let issue = json!({
        "technician_id": budi.id,
        "lines": [{ "item_id": cable.id, "quantity": -3 }],
    });
    let too_much = json!({
        "technician_id": budi.id,
        "lines": [{ "item_id": cable.id, "quantity": 11 }],
    });
    let unknown_customer = json!({ "type": "repair", "customer_id": 999_999 });
    let job_path = format!("/jobs/{}", repair.id);
    let transitions = format!("{job_path}/transitions");
    let customer_path = format!("/customers/{}", siti.id);
    let customer_body = json!({ "name": "Siti", "phone": siti.phone, "address": siti.address });
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let wrong_login = json!({ "username": "siapa", "password": "salah-sekali" });
    let attempts = vec![
        attempt("no login", &nobody, get.clone(), "/jobs", Value::Null),
        attempt("wrong password", &nobody, post.clone(), "/auth/login", wrong_login),
        attempt("not allowed", &manager, post.clone(), "/jobs", unknown_customer.clone()),
        attempt("unknown address", &cs, get.clone(), "/nothing", Value::Null),
        attempt("wrong method", &cs, Method::DELETE, "/customers", Value::Null),
        attempt("unknown job", &cs, get.clone(), "/jobs/999999", Value::Null),
        attempt("not a number", &cs, get.clone(), "/jobs/abc", Value::Null),
        attempt("unknown parameter", &cs, get.clone(), "/jobs?colour=red", Value::Null),
        attempt("limit too large", &cs, get.clone(), "/jobs?limit=1000", Value::Null),
        attempt("broken cursor", &cs, get, "/jobs?cursor=zzz", Value::Null),
        attempt("unknown customer", &cs, post.clone(), "/jobs", unknown_customer),
        attempt("many faults", &cs, post.clone(), "/customers", bad_customer.clone()),
        Attempt {
            lang: "id",
            ..attempt("many faults, in Indonesian", &cs, post.clone(), "/customers", bad_customer)
        },
        attempt("unknown field", &cs, post.clone(), "/customers", json!({ "nama": "Siti" })),
        attempt("missing field", &cs, post.clone(), "/jobs", json!({ "type": "repair" })),
        attempt(
            "illegal transition",
            &cs,
            post.clone(),
            &transitions,
            json!({ "action": "verify" }),
        ),
        attempt("reason missing", &cs, post.clone(), &transitions, json!({ "action": "cancel" })),
        attempt("negative quantity", &admin, post.clone(), "/inventory/issues", issue),
        attempt("more than there is", &admin, post, "/inventory/issues", too_much),
        Attempt {
            if_match: Some("\"99\""),
            ..attempt("changed meanwhile", &cs, put.clone(), &customer_path, customer_body.clone())
        },
        Attempt {
            if_match: Some("yesterday"),
            ..attempt("no version", &cs, put, &customer_path, customer_body)
        },
    ];
    let mut refusals = Vec::new();
    for attempt in attempts {
        refusals.push(attempt.refusal().await);
    }
    refusals.push(text_as_photo(&admin, &format!("{job_path}/photos")).await);
    insta::assert_json_snapshot!("responses", refusals);
}

async fn text_as_photo(admin: &Client, path: &str) -> Value {
    let response =
        admin.upload(path, "foto.jpg", b"bukan foto".to_vec(), &[("kind", "after")]).await;
    let mut problem: Value = response.json().await.unwrap();
    problem["request_id"] = "[request id]".into();
    let real = admin.upload(path, "foto.txt", sample_jpeg(), &[("kind", "after")]).await;
    assert!(real.status().is_success(), "content counts, not the name");
    json!({ "what": "a text named .jpg", "problem": problem })
}
