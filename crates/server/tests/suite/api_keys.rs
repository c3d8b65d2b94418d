//! Programs that call with a key.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Method;
use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated};
use shared::customer::Customer;
use shared::job::{Job, JobType, TimelineEntry, TransitionRequest};
use shared::job_machine::JobAction;
use shared::user::{User, UserUpdate};
use shared::{ErrorCode, Page, Permission, Role};

use crate::harness::client::{expect, fault};
use crate::harness::{Client, TestApp, api_key, customer_input, job, job_request, unique};
use crate::on_both_databases;

on_both_databases!(
    a_key_is_shown_once_and_kept_as_a_hash,
    a_key_does_what_its_permissions_say_and_nothing_else,
    a_key_acts_under_its_own_name,
    a_repeated_making_gives_the_same_key_and_leaves_none_readable,
    a_key_is_a_caller_of_its_own,
    a_revoked_key_ends_at_once,
    a_key_ends_in_time,
    a_key_is_good_only_from_its_networks,
    a_key_ends_with_its_maker_and_comes_back_with_him,
    a_key_loses_what_its_maker_loses,
    wrong_wishes_are_named,
    only_superadmins_manage_keys_and_keys_do_not,
    whoever_sends_two_identities_has_none,
    the_last_use_is_noted,
    a_known_key_is_not_looked_up_at_every_request,
);

fn wish(permissions: &[Permission]) -> ApiKeyCreate {
    ApiKeyCreate {
        name: format!("Billing {}", unique()),
        permissions: permissions.to_vec(),
        expires_at: None,
        allowed_addresses: Vec::new(),
    }
}

fn program(app: &TestApp, made: &ApiKeyCreated) -> Client {
    let mut program = app.anonymous();
    program.api_key = Some(made.key.clone());
    program
}

/// On PostgreSQL the word of a change takes a moment; the test waits for it.
async fn until_unknown(program: &Client) {
    let refusal = async {
        while program.request(Method::GET, "/jobs").send().await.unwrap().status() != 401 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), refusal).await.unwrap();
}

async fn works(program: &Client) {
    let _: Page<Job> = program.get("/jobs").await;
}

/// Every text in the tables that could hold a secret.
async fn readable(app: &TestApp) -> String {
    let texts: Vec<String> = app
        .db
        .read(|conn| {
            use db::schema::{api_keys, audit, idempotency_keys, live_events};
            use diesel::prelude::*;
            let mut texts: Vec<String> =
                api_keys::table.select(api_keys::secret_hash).load(conn)?;
            let kept: Vec<String> =
                idempotency_keys::table.select(idempotency_keys::body).load(conn)?;
            let after: Vec<Option<String>> = audit::table.select(audit::after).load(conn)?;
            texts.extend(kept);
            texts.extend(after.into_iter().flatten());
            texts.extend(live_events::table.select(live_events::event).load::<String>(conn)?);
            Ok::<_, db::DbError>(texts)
        })
        .await
        .unwrap();
    texts.join("\n")
}

async fn a_key_is_shown_once_and_kept_as_a_hash(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &wish(&[Permission::JobsRead])).await;
    let secret = made.key.strip_prefix(&format!("isp_{}_", made.api_key.id)).unwrap();
    assert_eq!(secret.len(), 43);
    works(&program(&app, &made)).await;
    let listed: Page<ApiKey> = root.get("/api-keys?with_total=true").await;
    assert_eq!((listed.items.len(), listed.total), (1, Some(1)));
    assert_eq!(listed.items[0].created_by_name, root.user.clone().unwrap().name);
    let text = serde_json::to_string(&listed).unwrap();
    assert!(!text.contains(secret) && !readable(&app).await.contains(secret));
}

async fn a_key_does_what_its_permissions_say_and_nothing_else(app: TestApp) {
    let cs = app.login(Role::Cs).await;
    let reader = api_key(&app, &[Permission::JobsRead, Permission::CustomersRead]).await;
    let repair = job(&cs, JobType::Repair).await;
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
        ..TransitionRequest::of(JobAction::Cancel)
    };
    assert_eq!(reader.post_refused(&transitions, &cancel).await.code, ErrorCode::Forbidden);
    let claim = TransitionRequest::of(JobAction::Claim);
    assert_eq!(reader.post_refused(&transitions, &claim).await.code, ErrorCode::Forbidden);
    let office = api_key(&app, &[Permission::JobsRead, Permission::JobsCancel]).await;
    let _: Job = office.post(&transitions, &cancel).await;
}

async fn a_key_acts_under_its_own_name(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let wish = ApiKeyCreate {
        name: "Billing".into(),
        ..wish(&[Permission::JobsRead, Permission::JobsCreate, Permission::CustomersWrite])
    };
    let made: ApiKeyCreated = root.post("/api-keys", &wish).await;
    let opened = job(&program(&app, &made), JobType::Repair).await;
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
    // One name, one key; a revoked one gives it back.
    let problem = root.post_refused("/api-keys", &wish).await;
    assert_eq!(fault(&problem, "name"), ErrorCode::Taken);
    revoke(&root, &made).await;
    let _: ApiKeyCreated = root.post("/api-keys", &wish).await;
}

async fn a_repeated_making_gives_the_same_key_and_leaves_none_readable(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let wish = wish(&[Permission::JobsRead]);
    let mut keys = Vec::new();
    for _ in 0..2 {
        let request = root.request(Method::POST, "/api-keys").header("Idempotency-Key", "satu");
        let response = request.json(&wish).send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        keys.push(expect::<ApiKeyCreated>(response).await.key);
    }
    assert_eq!(keys[0], keys[1]);
    let secret = keys[0].rsplit('_').next().unwrap();
    assert!(!readable(&app).await.contains(secret));
}

async fn a_key_is_a_caller_of_its_own(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &wish(&[Permission::CustomersWrite])).await;
    let input = customer_input("Siti");
    let mut ids = Vec::new();
    for caller in [root, program(&app, &made), program(&app, &made)] {
        let request = caller.request(Method::POST, "/customers").header("Idempotency-Key", "satu");
        ids.push(expect::<Customer>(request.json(&input).send().await.unwrap()).await.id);
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[1], ids[2]);
}

async fn revoke(root: &Client, made: &ApiKeyCreated) {
    let path = format!("/api-keys/{}", made.api_key.id);
    let response = root.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(response.status(), 204);
}

async fn a_revoked_key_ends_at_once(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &wish(&[Permission::JobsRead])).await;
    let program = program(&app, &made);
    works(&program).await;
    revoke(&root, &made).await;
    until_unknown(&program).await;
    revoke(&root, &made).await;
    let listed: Page<ApiKey> = root.get("/api-keys?revoked=true").await;
    assert!(listed.items[0].revoked_at.is_some());
    assert!(root.get::<Page<ApiKey>>("/api-keys?revoked=false").await.items.is_empty());
    let unknown = root.request(Method::DELETE, "/api-keys/4711").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

async fn a_key_ends_in_time(app: TestApp) {
    use db::Clock;
    let root = app.login(Role::Superadmin).await;
    let end = app.clock.now() + TimeDelta::hours(1);
    let wish = ApiKeyCreate { expires_at: Some(end), ..wish(&[Permission::JobsRead]) };
    let made: ApiKeyCreated = root.post("/api-keys", &wish).await;
    let program = program(&app, &made);
    app.clock.set(end - TimeDelta::microseconds(1));
    works(&program).await;
    app.clock.set(end);
    assert_eq!(program.get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
}

async fn a_key_is_good_only_from_its_networks(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let make = async |networks: &[&str]| -> Client {
        let allowed_addresses = networks.iter().map(|text| (*text).to_owned()).collect();
        let wish = ApiKeyCreate { allowed_addresses, ..wish(&[Permission::JobsRead]) };
        program(&app, &root.post("/api-keys", &wish).await)
    };
    works(&make(&["203.0.113.0/24", "127.0.0.0/8"]).await).await;
    works(&make(&["127.0.0.1"]).await).await;
    let elsewhere = make(&["203.0.113.0/24", "2001:db8::/32", "::1"]).await;
    assert_eq!(elsewhere.get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
    // Nobody believes a header that no proxy has written.
    let forged = elsewhere.request(Method::GET, "/jobs").header("X-Forwarded-For", "203.0.113.7");
    assert_eq!(forged.send().await.unwrap().status(), 401);
}

async fn maker(app: &TestApp) -> (Client, Client, Client, User) {
    let (root, maker) = (app.login(Role::Superadmin).await, app.login(Role::Superadmin).await);
    let permissions = [Permission::JobsRead, Permission::SettingsManage];
    let made: ApiKeyCreated = maker.post("/api-keys", &wish(&permissions)).await;
    let user: User = root.get(&format!("/users/{}", made.api_key.created_by)).await;
    (root, maker, program(app, &made), user)
}

async fn a_key_ends_with_its_maker_and_comes_back_with_him(app: TestApp) {
    let (root, _, program, user) = maker(&app).await;
    works(&program).await;
    let path = format!("/users/{}", user.id);
    let mut wish = UserUpdate { name: user.name, role: user.role, active: false };
    let off: User = root.put(&path, user.version, &wish).await;
    until_unknown(&program).await;
    wish.active = true;
    let _: User = root.put(&path, off.version, &wish).await;
    works(&program).await;
}

async fn a_key_loses_what_its_maker_loses(app: TestApp) {
    let (root, _, program, user) = maker(&app).await;
    let settings = program.request(Method::PUT, "/settings").send();
    assert_ne!(settings.await.unwrap().status(), 403);
    let wish = UserUpdate { name: user.name, role: Role::Manager, active: true };
    let _: User = root.put(&format!("/users/{}", user.id), user.version, &wish).await;
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
    works(&program).await;
}

async fn wrong_wishes_are_named(app: TestApp) {
    let root = app.login(Role::Superadmin).await;
    let past = app.clock.clone();
    use db::Clock;
    let wrong = ApiKeyCreate {
        permissions: vec![Permission::JobsRead, Permission::UsersManage, Permission::ApiKeysManage],
        expires_at: Some(past.now()),
        ..wish(&[])
    };
    let problem = root.post_refused("/api-keys", &wrong).await;
    let found: Vec<_> =
        problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        found,
        [
            ("permissions[1]", ErrorCode::NotForKeys),
            ("permissions[2]", ErrorCode::NotForKeys),
            ("expires_at", ErrorCode::InThePast),
        ]
    );
    let wrong = ApiKeyCreate {
        name: " ".into(),
        allowed_addresses: vec!["10.0.0.0/8".into(), "rumah".into()],
        ..wish(&[])
    };
    let problem = root.post_refused("/api-keys", &wrong).await;
    let found: Vec<_> =
        problem.errors.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(
        found,
        [
            ("name", ErrorCode::Required),
            ("permissions", ErrorCode::Required),
            ("allowed_addresses[1]", ErrorCode::InvalidAddress),
        ]
    );
}

async fn only_superadmins_manage_keys_and_keys_do_not(app: TestApp) {
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Superadmin) {
        let client = app.login(role).await;
        let wish = wish(&[Permission::JobsRead]);
        assert_eq!(client.get_refused("/api-keys").await.code, ErrorCode::Forbidden, "{role}");
        let refused = client.post_refused("/api-keys", &wish).await;
        assert_eq!(refused.code, ErrorCode::Forbidden, "{role}");
        let revoke = client.request(Method::DELETE, "/api-keys/1").send().await.unwrap();
        assert_eq!(revoke.status(), 403, "{role}");
    }
}

async fn whoever_sends_two_identities_has_none(app: TestApp) {
    let mut both = app.login(Role::Superadmin).await;
    both.api_key = api_key(&app, &[Permission::JobsRead]).await.api_key;
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

async fn the_last_use_is_noted(app: TestApp) {
    use db::Clock;
    let root = app.login(Role::Superadmin).await;
    let made: ApiKeyCreated = root.post("/api-keys", &wish(&[Permission::JobsRead])).await;
    assert_eq!((made.api_key.last_used_at, made.api_key.last_used_ip.clone()), (None, None));
    let program = program(&app, &made);
    let noted = async |at| {
        let seen = async {
            loop {
                let page: Page<ApiKey> = root.get("/api-keys").await;
                if page.items[0].last_used_at == Some(at) {
                    return page.items[0].last_used_ip.clone();
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), seen).await.expect("never noted")
    };
    let first = app.clock.now();
    works(&program).await;
    assert_eq!(noted(first).await.as_deref(), Some("127.0.0.1"));
    app.clock.advance(TimeDelta::minutes(1));
    let second = app.clock.now();
    works(&program).await;
    noted(second).await;
}

/// Changed behind the back of the server, which nothing else may do: what it knows lasts for a
/// few seconds. On a machine that stands still for that long, it is tried again.
async fn a_known_key_is_not_looked_up_at_every_request(app: TestApp) {
    use db::Clock;
    let program = api_key(&app, &[Permission::JobsRead]).await;
    let set_revoked = async |at: Option<chrono::NaiveDateTime>| {
        app.db
            .write(move |tx| {
                use db::schema::api_keys as table;
                use diesel::prelude::*;
                diesel::update(table::table).set(table::revoked_at.eq(at)).execute(tx.conn())?;
                Ok::<_, db::DbError>(())
            })
            .await
            .unwrap();
    };
    let now = app.clock.now().naive_utc();
    for _ in 0..5 {
        set_revoked(None).await;
        works(&program).await;
        set_revoked(Some(now)).await;
        if program.request(Method::GET, "/jobs").send().await.unwrap().status() == 200 {
            return;
        }
    }
    panic!("the database is asked at every request");
}
