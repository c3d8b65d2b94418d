//! Every operation of the document, by everybody, about what is theirs and what is not.

use shared::Permission;

use super::fixtures::{Caller, FOREIGN, Reach, Side, World};
use super::requests::{address, send};
use super::required_access::{Need, needed};
use crate::contract::openapi::Operation;
use crate::harness::TestApp;
use crate::on_both_databases;

on_both_databases!(access_matches_the_role_table);

/// How a request has to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Not with 401 or 403. Whether the example fits the data is another matter.
    Heard,
    /// With 403.
    Forbidden,
    /// As if it did not exist, or with 403.
    Hidden,
    /// With a refusal of any kind: the body names what is someone else's.
    NotDone,
}

impl Answer {
    fn fits(self, status: u16) -> bool {
        match self {
            Answer::Heard => !matches!(status, 401 | 403),
            Answer::Forbidden => status == 403,
            Answer::Hidden => matches!(status, 403 | 404),
            Answer::NotDone => matches!(status, 403 | 404 | 409 | 422),
        }
    }
}

/// Operations that a technician's login reaches although nothing in them is anybody's own.
const COMMON: [&str; 1] = ["get /api/plans"];

fn expected(caller: &Caller, operation: &Operation, need: Need, side: Side) -> Answer {
    let reach = |permission: Permission| caller.reach(permission);
    let reached = match need {
        Need::Nothing | Need::SignIn => return Answer::Heard,
        Need::Has(permission) | Need::Person(permission) => reach(permission),
        Need::Both(first, second) => match reach(first) {
            Reach::Everything => reach(second),
            other => other,
        },
    };
    let common = COMMON.contains(&operation.name().as_str());
    let about_an_object = operation.path.contains('{');
    match (reached, side) {
        (Reach::Everything, _) | (Reach::OwnOnly, Side::Own) => Answer::Heard,
        (Reach::OwnOnly | Reach::OwnButNothing, _) if common => Answer::Heard,
        (Reach::Nothing, _) => Answer::Forbidden,
        (Reach::OwnOnly, Side::Foreign) if about_an_object => Answer::Hidden,
        (Reach::OwnOnly, Side::Foreign) if operation.json_body().is_some() => Answer::NotDone,
        (Reach::OwnOnly, Side::Foreign) => Answer::Heard,
        (Reach::OwnButNothing, _) if about_an_object => Answer::Hidden,
        (Reach::OwnButNothing, _) => Answer::Forbidden,
    }
}

async fn access_matches_the_role_table(app: TestApp) {
    let world = World::new(app).await;
    let mut wrong = Vec::new();
    let mut heard = 0;
    for (operation, need) in needed().iter().filter(|(_, need)| *need != Need::Nothing) {
        for side in Side::ALL {
            let mut calls: Vec<_> = world
                .callers
                .iter()
                .map(|caller| (expected(caller, operation, *need, side), caller))
                .collect();
            // Whoever may change the object comes last: the others find it as it was.
            calls.sort_by_key(|(answer, _)| *answer == Answer::Heard);
            for (answer, caller) in calls {
                let response = send(&world, &caller.client, operation, side).await;
                let status = response.status().as_u16();
                let body = response.bytes().await.unwrap();
                let text = String::from_utf8_lossy(&body);
                let leaks = caller.reach(Permission::JobsRead) != Reach::Everything
                    && text.contains(FOREIGN);
                heard += usize::from(answer == Answer::Heard && status < 300);
                if !answer.fits(status) || status >= 500 || leaks {
                    let words = if leaks { " with someone else's data" } else { "" };
                    let address = address(&world, operation, side);
                    wrong.push(format!(
                        "{} {address} ({side:?}) by {}: {status}{words}, wanted {answer:?}: {text:.300}",
                        operation.method, caller.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
    // The examples are filled with real objects: were most of them refused for another reason,
    // the matrix would show nothing.
    assert!(heard > 300, "only {heard} requests were granted");
}
