//! The OpenAPI document: compared with its snapshot and with what the server does.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;
use shared::{ErrorCode, Permission, Problem, Role};

use crate::harness::{Backend, TestApp, api_key};

/// Operations that nobody has to sign in for.
const PUBLIC: [(&str, &str); 8] = [
    ("get", "/api/auth/options"),
    ("get", "/api/ws"),
    ("post", "/api/auth/login"),
    ("post", "/api/auth/logout"),
    ("post", "/api/auth/refresh"),
    ("post", "/api/auth/register"),
    ("post", "/api/auth/setup"),
    // Telegram proves itself with a secret.
    ("post", "/api/telegram/webhook"),
];

/// An operation of the document.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub content: Value,
}

impl Operation {
    /// Method and path.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn is_public(&self) -> bool {
        PUBLIC.contains(&(self.method.as_str(), self.path.as_str()))
    }

    /// The address below `/api`, with something in each gap.
    fn address(&self) -> String {
        self.path.strip_prefix("/api").unwrap().replace("{id}", "1")
    }

    pub fn method(&self) -> Method {
        Method::from_bytes(self.method.to_uppercase().as_bytes()).unwrap()
    }

    /// The JSON body: its schema and its example.
    pub fn json_body(&self) -> Option<&Value> {
        self.content.pointer("/requestBody/content/application~1json")
    }

    /// The schema of the form, if the body is one.
    pub fn form(&self) -> Option<Value> {
        let schema = self.content.pointer("/requestBody/content/multipart~1form-data/schema")?;
        match schema["$ref"].as_str() {
            Some(place) => document().pointer(place.strip_prefix('#')?).cloned(),
            None => Some(schema.clone()),
        }
    }
}

/// The document as callers get it.
pub fn document() -> Value {
    // Building it takes longer than most requests.
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(api::openapi_document()).unwrap());
    DOCUMENT.clone()
}

/// Every operation of the document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().clone();
        let path = path.clone();
        methods.into_iter().map(move |(method, content)| Operation {
            method,
            path: path.clone(),
            content,
        })
    };
    paths.iter().flat_map(of_path).collect()
}

/// Every change of the contract shows up in the difference of the snapshot.
#[test]
fn the_document_matches_its_snapshot() {
    let mut document = document();
    document["info"]["version"] = "[version]".into();
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn every_error_code_is_documented() {
    let document = document();
    let listed = document.pointer("/components/schemas/ErrorCode/enum").unwrap();
    let listed: BTreeSet<&str> =
        listed.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let all: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(listed, all);
    for &code in ErrorCode::ALL {
        let refusal = &document["components"]["responses"][format!("Problem{}", code.status())];
        let text = refusal["description"].as_str().unwrap();
        assert!(text.contains(code.as_str()), "{code}");
    }
}

#[test]
fn enum_values_are_documented_as_they_are_sent() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let words = schemas.iter().filter_map(|(name, schema)| Some((name, schema.get("enum")?)));
    let mut count = 0;
    for (name, words) in words {
        for word in words.as_array().unwrap() {
            let word = word.as_str().unwrap();
            let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '_' | '.' | '-');
            assert!(word.chars().all(plain), "{name}: {word}");
            count += 1;
        }
    }
    assert!(count > ErrorCode::ALL.len());
}

#[test]
fn every_operation_has_a_unique_id_and_a_summary() {
    let document = document();
    let mut ids = BTreeSet::new();
    for operation in operations(&document) {
        let name = operation.name();
        let id = operation.content["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert(id), "{name}");
        assert!(operation.content["summary"].is_string(), "{name} has no summary");
    }
}

/// A parameter whose type has no schema in the document can't be checked by anybody.
#[test]
fn every_reference_resolves() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for place in found {
        let there = document.pointer(place.strip_prefix('#').unwrap());
        assert!(there.is_some(), "{place}: name its type in `components(schemas(…))`");
    }
}

#[test]
fn the_document_says_which_operations_need_no_login() {
    let document = document();
    let usual = serde_json::json!([{ "bearer": [] }, { "api_key": [] }]);
    assert_eq!(document["security"], usual);
    for operation in operations(&document) {
        let open = operation.content["security"] == serde_json::json!([]);
        assert_eq!(open, operation.is_public(), "{}", operation.name());
    }
}

#[tokio::test]
async fn every_operation_is_routed_and_requires_a_sign_in() {
    let app = TestApp::start(Backend::Sqlite).await;
    let anonymous = app.anonymous();
    for operation in operations(&document()) {
        let request = anonymous.request(operation.method(), &operation.address());
        let response = request.send().await.unwrap();
        let (status, name) = (response.status().as_u16(), operation.name());
        if operation.is_public() {
            assert!(status != 404 && status != 405, "{name}: {status}");
        } else {
            assert_eq!(status, 401, "{name}");
            let problem: Problem = response.json().await.unwrap();
            assert_eq!(problem.code, ErrorCode::NotAuthenticated, "{name}");
        }
    }
}

/// Operations that need a person refuse API keys, and the document says so.
#[tokio::test]
async fn an_api_key_reaches_the_documented_operations() {
    let app = TestApp::start(Backend::Sqlite).await;
    let all =
        Permission::ALL.iter().copied().filter(|permission| permission.is_grantable_to_api_key());
    let program = api_key(&app, &all.collect::<Vec<_>>()).await;
    let person_only = serde_json::json!([{ "bearer": [] }]);
    let mut for_people = 0;
    for operation in operations(&document()) {
        if operation.is_public() {
            continue;
        }
        let name = operation.name();
        let request = program.request(operation.method(), &operation.address());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let code = response.json::<Problem>().await.ok().map(|problem| problem.code);
        if operation.content["security"] == person_only {
            assert_eq!(code, Some(ErrorCode::SignInRequired), "{name}");
            for_people += 1;
        } else {
            assert!(status != 401 && code != Some(ErrorCode::SignInRequired), "{name}: {status}");
        }
    }
    assert!(for_people > 0);
}

#[tokio::test]
async fn an_address_that_does_not_take_a_method_names_those_it_takes() {
    let app = TestApp::start(Backend::Sqlite).await;
    let client = app.login(Role::Superadmin).await;
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        let taken = |method: &str| item.get(method.to_lowercase()).is_some();
        let all = ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"];
        for method in all.into_iter().filter(|method| !taken(method)) {
            let address = path.strip_prefix("/api").unwrap().replace("{id}", "1");
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let response = client.request(method.clone(), &address).send().await.unwrap();
            assert_eq!(response.status(), 405, "{method} {path}");
            let allow = response.headers()["allow"].to_str().unwrap();
            let named: BTreeSet<&str> = allow.split(", ").collect();
            let expected: BTreeSet<&str> = all.into_iter().filter(|method| taken(method)).collect();
            assert_eq!(named, expected, "{method} {path}");
        }
    }
}

/// What the documentation shows can be sent: the example of each body is understood by the server.
/// Whether it fits the data of an empty database is another matter.
#[tokio::test]
async fn every_body_has_an_example_that_the_server_understands() {
    let app = TestApp::start(Backend::Sqlite).await;
    for operation in operations(&document()) {
        let (name, Some(body)) = (operation.name(), operation.json_body()) else { continue };
        let example = body.get("example").unwrap_or_else(|| panic!("{name} has no example"));
        // Signs in for each: one of the examples changes the password.
        let client = app.login(Role::Superadmin).await;
        let request = client.request(operation.method(), &operation.address());
        let response = request.json(example).send().await.unwrap();
        if response.status().is_success() {
            continue;
        }
        let problem: Problem = response.json().await.unwrap();
        let unfit = [
            ErrorCode::MalformedRequest,
            ErrorCode::UnknownField,
            ErrorCode::Required,
            ErrorCode::WrongType,
            ErrorCode::NotOneOf,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Internal,
        ];
        let codes = problem.errors.iter().map(|fault| fault.code).chain([problem.code]);
        for code in codes {
            assert!(!unfit.contains(&code), "{name}: {problem:?}");
        }
    }
}

#[tokio::test]
async fn the_document_and_the_documentation_page_are_served() {
    let app = TestApp::start(Backend::Sqlite).await;
    let served: Value = app.anonymous().get("/openapi.json").await;
    assert_eq!(served, document());
    let page = reqwest::get(format!("{}/api/docs/", app.base)).await.unwrap();
    assert!(page.status().is_success());
    assert!(page.text().await.unwrap().contains("swagger-ui"));
}
