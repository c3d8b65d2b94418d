//! Permissions and identity of API keys.

use std::time::Duration;

use reqwest::Method;
use shared::api_key::{ApiKeyCreate, ApiKeyCreated};
use shared::customer::Customer;
use shared::job::{Job, JobType, TimelineEntry, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::user::{User, UserUpdate};
use shared::{ErrorCode, Page, Permission, Role};

use super::{assert_accepted, client_with_key, key_creator, key_request, revoke};
use crate::harness::client::{expect_success, field_error};
use crate::harness::{TestApp, client_with_api_key, create_job, customer_input, job_request};
use crate::on_both_databases;

on_both_databases!(
    a_key_has_exactly_its_permissions,
    a_key_acts_under_its_own_name,
    idempotency_keys_of_an_api_key_are_separate_from_its_creator,
    a_key_loses_permissions_that_its_creator_loses,
    a_request_with_two_identities_is_rejected,
);

async fn a_key_has_exactly_its_permissions(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let reader =
        client_with_api_key(&app, &[Permission::JobsRead, Permission::CustomersRead]).await;
    let repair = create_job(&cs, JobType::Repair).await;
    let seen: Job = reader.get(&format!("/jobs/{}", repair.id)).await;
    assert_eq!(seen.customer_phone, repair.customer_phone);
    for path in ["/inventory", "/dashboard", "/technicians", "/users", "/api-keys"] {
        assert_eq!(reader.get_refused(path).await.code, ErrorCode::Forbidden, "{path}");
    }
    let customer: Customer = reader.get(&format!("/customers/{}", repair.customer_id)).await;
    let request = job_request(&customer, JobType::Repair);
    assert_eq!(reader.post_refused("/jobs", &request).await.code, ErrorCode::Forbidden);
    let transitions = format!("/jobs/{}/transitions", repair.id);
    let cancel = TransitionRequest {
        reason: Some("Batal".into()),
        ..TransitionRequest::for_action(JobAction::Cancel)
    };
    assert_eq!(reader.post_refused(&transitions, &cancel).await.code, ErrorCode::Forbidden);
    let claim = TransitionRequest::for_action(JobAction::Claim);
    assert_eq!(reader.post_refused(&transitions, &claim).await.code, ErrorCode::Forbidden);
    let office = client_with_api_key(&app, &[Permission::JobsRead, Permission::JobsCancel]).await;
    let _: Job = office.post(&transitions, &cancel).await;
}

async fn a_key_acts_under_its_own_name(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let request = ApiKeyCreate {
        name: "Billing".into(),
        ..key_request(&[Permission::JobsRead, Permission::JobsCreate, Permission::CustomersWrite])
    };
    let made: ApiKeyCreated = root.post("/api-keys", &request).await;
    let opened = create_job(&client_with_key(&app, &made), JobType::Repair).await;
    assert_eq!(opened.created_by, made.api_key.created_by);
    let timeline: Page<TimelineEntry> = root.get(&format!("/jobs/{}/timeline", opened.id)).await;
    assert_eq!(timeline.items[0].actor_name, "API key Billing");
    let names: Vec<String> = app
        .db
        .read(|conn| {
            use db::schema::audit;
            use diesel::prelude::*;
            let of_jobs = audit::table.filter(audit::entity.eq_any(["job", "customer"]));
            Ok::<_, db::DbError>(of_jobs.select(audit::actor_name).load(conn)?)
        })
        .await
        .unwrap();
    assert_eq!(names, ["API key Billing"; 2]);
    // Names are unique; revoking a key frees its name.
    let problem = root.post_refused("/api-keys", &request).await;
    assert_eq!(field_error(&problem, "name"), ErrorCode::Taken);
    revoke(&root, &made).await;
    let _: ApiKeyCreated = root.post("/api-keys", &request).await;
}

async fn idempotency_keys_of_an_api_key_are_separate_from_its_creator(app: TestApp) {
    let root = app.sign_in_as(Role::Superadmin).await;
    let made: ApiKeyCreated =
        root.post("/api-keys", &key_request(&[Permission::CustomersWrite])).await;
    let input = customer_input("Siti");
    let mut ids = Vec::new();
    for caller in [root, client_with_key(&app, &made), client_with_key(&app, &made)] {
        let request = caller.request(Method::POST, "/customers").header("Idempotency-Key", "satu");
        ids.push(expect_success::<Customer>(request.json(&input).send().await.unwrap()).await.id);
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[1], ids[2]);
}

async fn a_key_loses_permissions_that_its_creator_loses(app: TestApp) {
    let (root, _, program, user) = key_creator(&app).await;
    let settings = program.request(Method::PUT, "/settings").send();
    assert_ne!(settings.await.unwrap().status(), 403);
    let request = UserUpdate { name: user.name, role: Role::Manager, active: true };
    let _: User = root.put(&format!("/users/{}", user.id), user.version, &request).await;
    let refusal = async {
        loop {
            let settings = program.request(Method::PUT, "/settings").send().await.unwrap();
            if settings.status() == 403 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), refusal).await.unwrap();
    assert_accepted(&program).await;
}

async fn a_request_with_two_identities_is_rejected(app: TestApp) {
    let mut both = app.sign_in_as(Role::Superadmin).await;
    both.api_key = client_with_api_key(&app, &[Permission::JobsRead]).await.api_key;
    assert_eq!(both.get_refused("/jobs").await.code, ErrorCode::MalformedRequest);
    assert_eq!(both.get_refused("/auth/profile").await.code, ErrorCode::MalformedRequest);
    for nonsense in ["", "isp_", "isp_1", "isp_1_", "isp_x_y", "isp_99999999999999999999_a", "1_2"]
    {
        let mut client = app.anonymous();
        client.api_key = Some(nonsense.into());
        let problem = client.get_refused("/jobs").await;
        assert_eq!(problem.code, ErrorCode::NotAuthenticated, "{nonsense}");
    }
}
