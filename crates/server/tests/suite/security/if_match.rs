//! `If-Match` counts on every write, or the request is refused: no writer is silently the last one.

use shared::{ErrorCode, Role};

use super::fixtures::{Fixture, Side};
use super::requests::{address, with_body};
use crate::contract::openapi::{Operation, document, operations};
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(a_write_with_a_stale_version_is_never_done);

/// A version that nothing has.
const STALE: &str = "\"999999999\"";

fn declares_if_match(operation: &Operation) -> bool {
    let parameters = operation.content["parameters"].as_array();
    parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"))
}

async fn a_write_with_a_stale_version_is_never_done(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let superadmin = fixture.callers.iter().find(|caller| caller.role == Role::Superadmin).unwrap();
    let (mut wrong, mut compared, mut refused) = (Vec::new(), 0, 0);
    for operation in operations(&document()) {
        if operation.method == "get" {
            assert!(!declares_if_match(&operation), "{}", operation.name());
            continue;
        }
        let path = address(&fixture, &operation, Side::Own);
        let request =
            superadmin.client.request(operation.method(), &path).header("If-Match", STALE);
        let response = with_body(&fixture, request, &operation, Side::Own).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let (wanted, code) = match declares_if_match(&operation) {
            true => (412, ErrorCode::VersionMismatch),
            false => (400, ErrorCode::IfMatchNotSupported),
        };
        *(if wanted == 412 { &mut compared } else { &mut refused }) += 1;
        if status != wanted || !text.contains(code.as_str()) {
            wrong.push(format!("{}: {status}, wanted {wanted}: {text:.200}", operation.name()));
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 19 && refused >= 40, "{compared} compared, {refused} refused");
}
