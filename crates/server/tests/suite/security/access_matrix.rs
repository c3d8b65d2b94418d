//! Access matrix: every documented operation by every role, on own and foreign objects.

use shared::Permission;

use super::fixtures::{Caller, FOREIGN, Fixture, Reach, Side};
use super::requests::{address, send};
use super::required_access::{RequiredAccess, required_access};
use crate::contract::openapi::Operation;
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(access_matches_the_role_table);

/// Expected response to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ExpectedResponse {
    /// Neither 401 nor 403. Whether the example fits the data does not matter.
    Heard,
    /// 403.
    Forbidden,
    /// 404 or 403.
    Hidden,
    /// An error of any kind: the body refers to a foreign object.
    NotDone,
}

impl ExpectedResponse {
    fn fits(self, status: u16) -> bool {
        match self {
            ExpectedResponse::Heard => !matches!(status, 401 | 403),
            ExpectedResponse::Forbidden => status == 403,
            ExpectedResponse::Hidden => matches!(status, 403 | 404),
            ExpectedResponse::NotDone => matches!(status, 403 | 404 | 409 | 422),
        }
    }
}

/// Operations open to technicians although they concern no own object.
const COMMON: [&str; 2] = ["get /api/plans", "get /api/plans/{id}"];

/// Reading operations whose criteria are in the body: of foreign objects they find nothing.
const SEARCHES: [&str; 1] = ["post /api/customers/similar"];

fn expected(
    caller: &Caller,
    operation: &Operation,
    need: RequiredAccess,
    side: Side,
) -> ExpectedResponse {
    let reach = |permission: Permission| caller.reach(permission);
    let reached = match need {
        RequiredAccess::Nothing | RequiredAccess::SignIn => return ExpectedResponse::Heard,
        RequiredAccess::Has(permission) | RequiredAccess::Person(permission) => reach(permission),
        RequiredAccess::Both(first, second) => match reach(first) {
            Reach::Everything => reach(second),
            other => other,
        },
    };
    let common = COMMON.contains(&operation.name().as_str());
    let about_an_object = operation.path.contains('{');
    match (reached, side) {
        (Reach::Everything, _) | (Reach::OwnOnly, Side::Own) => ExpectedResponse::Heard,
        (Reach::OwnOnly | Reach::OwnButNothing, _) if common => ExpectedResponse::Heard,
        (Reach::Nothing, _) => ExpectedResponse::Forbidden,
        (Reach::OwnOnly, Side::Foreign) if about_an_object => ExpectedResponse::Hidden,
        (Reach::OwnOnly, Side::Foreign) if SEARCHES.contains(&operation.name().as_str()) => {
            ExpectedResponse::Heard
        }
        (Reach::OwnOnly, Side::Foreign) if operation.json_body().is_some() => {
            ExpectedResponse::NotDone
        }
        (Reach::OwnOnly, Side::Foreign) => ExpectedResponse::Heard,
        (Reach::OwnButNothing, _) if about_an_object => ExpectedResponse::Hidden,
        (Reach::OwnButNothing, _) => ExpectedResponse::Forbidden,
    }
}

async fn access_matches_the_role_table(app: TestApp) {
    let fixture = Fixture::new(app).await;
    let mut wrong = Vec::new();
    let mut heard = 0;
    for (operation, need) in
        required_access().iter().filter(|(_, need)| *need != RequiredAccess::Nothing)
    {
        for side in Side::ALL {
            let mut calls: Vec<_> = fixture
                .callers
                .iter()
                .map(|caller| (expected(caller, operation, *need, side), caller))
                .collect();
            // Callers that may change the object come last, so that the others find it unchanged.
            calls.sort_by_key(|(answer, _)| *answer == ExpectedResponse::Heard);
            for (answer, caller) in calls {
                let response = send(&fixture, &caller.client, operation, side).await;
                let status = response.status().as_u16();
                let body = response.bytes().await.unwrap();
                let text = String::from_utf8_lossy(&body);
                let leaks = caller.reach(Permission::JobsRead) != Reach::Everything
                    && text.contains(FOREIGN);
                heard += usize::from(answer == ExpectedResponse::Heard && status < 300);
                if !answer.fits(status) || status >= 500 || leaks {
                    let words = if leaks { " with someone else's data" } else { "" };
                    let address = address(&fixture, operation, side);
                    wrong.push(format!(
                        "{} {address} ({side:?}) by {}: {status}{words}, wanted {answer:?}: {text:.300}",
                        operation.method, caller.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
    // If most of the requests were rejected for another reason than access,
    // the matrix would prove nothing.
    assert!(heard > 300, "only {heard} requests were permitted");
}
