//! Rate limits per client address, device and API key.

use reqwest::header::RETRY_AFTER;
use reqwest::{Method, RequestBuilder, Response};
use shared::session::LoginRequest;
use shared::signup::RegisterRequest;
use shared::{ErrorCode, Permission, Role};

use crate::harness::client::expect_problem;
use crate::harness::{Backend, PASSWORD, TestApp, client_with_api_key, unique};
use crate::on_both_databases;

on_both_databases!(starting:
    too_many_sign_ins_get_a_retry_after,
    forged_addresses_are_ignored_without_a_proxy,
    only_the_address_from_the_trusted_proxy_counts,
    proxy_chains_and_header_forms_reveal_the_client_address,
    strangers_do_not_use_up_the_limit_of_known_devices,
    attempt_counters_are_deleted_in_batches,
    an_ipv6_network_counts_as_one_client,
    sign_up_and_token_refresh_have_separate_limits,
    users_and_api_keys_at_one_address_have_separate_limits,
);

/// Limits a client to three sign-ins per minute.
async fn strict(backend: Backend, variables: &[(&str, &str)]) -> TestApp {
    TestApp::start_with_state(backend, variables, |state| {
        state.config.login_attempts_per_minute = 3;
    })
    .await
}

fn attempt(app: &TestApp) -> RequestBuilder {
    // Another name each time, because the throttling of one account is not tested here.
    let username = format!("siapa.{}", unique());
    let login = LoginRequest { username, password: PASSWORD.into(), otp: None };
    app.anonymous().request(Method::POST, "/auth/login").json(&login)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

/// Sends a sign-in with this address in the proxy's header. Returns the status.
async fn from(app: &TestApp, forwarded: &str) -> u16 {
    status(attempt(app).header("X-Forwarded-For", forwarded)).await
}

async fn is_asked_to_wait(response: Response) {
    let wait: u64 = response.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!(wait > 0);
    let problem = expect_problem(response).await;
    assert_eq!(problem.code, ErrorCode::RateLimited);
    assert!(problem.detail.contains(&format!(" {wait} s")), "{wait}: {}", problem.detail);
    assert!(!problem.request_id.is_empty());
}

async fn too_many_sign_ins_get_a_retry_after(backend: Backend) {
    let app = strict(backend, &[]).await;
    for _ in 0..3 {
        assert_eq!(status(attempt(&app)).await, 401);
    }
    is_asked_to_wait(attempt(&app).send().await.unwrap()).await;
    // The rest of the API is not limited.
    assert_eq!(app.anonymous().get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
}

async fn forged_addresses_are_ignored_without_a_proxy(backend: Backend) {
    let app = strict(backend, &[]).await;
    let mut answers = Vec::new();
    for last in 1..=4 {
        answers.push(from(&app, &format!("203.0.113.{last}")).await);
    }
    assert_eq!(answers, [401, 401, 401, 429]);
}

async fn only_the_address_from_the_trusted_proxy_counts(backend: Backend) {
    let app = strict(backend, &[("TRUST_PROXY", "true")]).await;
    for forged in ["198.51.100.1", "198.51.100.2", "198.51.100.3, 198.51.100.4"] {
        assert_eq!(from(&app, &format!("{forged}, 203.0.113.7")).await, 401);
    }
    assert_eq!(from(&app, "203.0.113.8, 203.0.113.7").await, 429);
    assert_eq!(from(&app, "203.0.113.7, 203.0.113.8").await, 401);
    // An invalid address is ignored; the proxy itself is counted.
    for nonsense in ["203.0.113.9, rumah", "", "203.0.113.9,"] {
        assert_eq!(from(&app, nonsense).await, 401);
    }
    assert_eq!(from(&app, "rumah").await, 429);
}

async fn proxy_chains_and_header_forms_reveal_the_client_address(backend: Backend) {
    let app = strict(backend, &[("TRUST_PROXY", "true")]).await;
    // The same address in every notation, whatever earlier proxies wrote.
    for forwarded in
        ["[2001:db8:7:7::1]:4711", "10.0.0.1, ::1, 2001:db8:7:7::2", "x,,[2001:db8:7:7::3]"]
    {
        assert_eq!(from(&app, forwarded).await, 401, "{forwarded}");
    }
    assert_eq!(from(&app, "203.0.113.9, 2001:db8:7:7::4").await, 429);
    for forwarded in ["203.0.113.7:5678", "::ffff:203.0.113.7", "[::ffff:203.0.113.7]:1"] {
        assert_eq!(from(&app, forwarded).await, 401, "{forwarded}");
    }
    assert_eq!(from(&app, "203.0.113.7").await, 429);
    // Several headers form one list: the last entry of the last header counts.
    for forged in 1..=4 {
        let two = attempt(&app)
            .header("X-Forwarded-For", format!("198.51.100.{forged}"))
            .header("X-Forwarded-For", "203.0.113.20")
            .header("Forwarded", format!("for=198.51.100.{forged}"));
        assert_eq!(status(two).await, if forged < 4 { 401 } else { 429 });
    }
    // Without a usable header the proxy itself is the client.
    for (number, name) in
        ["Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP"].iter().enumerate()
    {
        let request = attempt(&app).header(*name, format!("198.51.100.{number}"));
        assert_eq!(status(request).await, if number < 3 { 401 } else { 429 }, "{name}");
    }
}

async fn strangers_do_not_use_up_the_limit_of_known_devices(backend: Backend) {
    let app = TestApp::start_with_state(backend, &[("TRUST_PROXY", "true")], |state| {
        state.config.login_attempts_per_minute = 3;
        state.config.refreshes_per_minute = 3;
        state.config.rate_limit_requests = 100;
    })
    .await;
    let owner = app.sign_in_as(Role::Cs).await;
    let (office, username) = ("203.0.113.7", owner.user.clone().unwrap().username);
    let mut last = 0;
    for _ in 0..120 {
        let request = app.anonymous().request(Method::GET, "/auth/options");
        last = status(request.header("X-Forwarded-For", office)).await;
    }
    assert_eq!(last, 429);
    assert_eq!(from(&app, office).await, 429);
    let device = owner.device_cookie.clone().unwrap();
    let login = LoginRequest { username, password: PASSWORD.into(), otp: None };
    let again = app.anonymous().request(Method::POST, "/auth/login").json(&login);
    let again = again.header("X-Forwarded-For", office);
    assert_eq!(status(again.header("Cookie", format!("isp_device={device}"))).await, 200);
    let refresh = owner.refresh_cookie.clone().unwrap();
    let cookies = format!("isp_refresh={refresh}; isp_device={device}");
    let renew = app.anonymous().request(Method::POST, "/auth/refresh");
    assert_eq!(
        status(renew.header("X-Forwarded-For", office).header("Cookie", cookies)).await,
        200
    );
    // The known device has its own limit.
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let request = attempt(&app).header("Cookie", format!("isp_device={device}"));
        statuses.push(status(request.header("X-Forwarded-For", "203.0.113.8")).await);
    }
    assert_eq!(statuses, [401, 401, 429, 429]);
}

async fn attempt_counters_are_deleted_in_batches(backend: Backend) {
    use db::schema::login_throttles as table;
    use diesel::prelude::*;
    let app = TestApp::start_with(backend, &[]).await;
    let insert = |tx: &mut db::Tx<'_>| {
        let now = tx.now().naive_utc();
        let rows: Vec<_> = (0..4_500)
            .map(|number| {
                (
                    table::key.eq(format!("{number:064}")),
                    table::failures.eq(1),
                    table::counted_at.eq(now),
                    table::blocked_until.eq(now),
                )
            })
            .collect();
        for row in rows {
            diesel::insert_into(table::table).values(row).execute(tx.conn())?;
        }
        Ok::<_, db::DbError>(())
    };
    app.db.write(insert).await.unwrap();
    let forget = || app.db.write(services::housekeeping::delete_expired_throttles);
    assert_eq!(forget().await.unwrap(), 0);
    // A counter with one attempt is deleted after an hour, not after a day.
    app.clock.advance(chrono::TimeDelta::minutes(61));
    let mut pieces = Vec::new();
    for _ in 0..4 {
        pieces.push(forget().await.unwrap());
    }
    assert_eq!(pieces, [2_000, 2_000, 500, 0]);
}

async fn an_ipv6_network_counts_as_one_client(backend: Backend) {
    let app = strict(backend, &[("TRUST_PROXY", "true")]).await;
    for address in ["2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:1:ffff:1:2:3"] {
        assert_eq!(from(&app, address).await, 401);
    }
    assert_eq!(from(&app, "2001:db8:1:1:aaaa::9").await, 429);
    assert_eq!(from(&app, "2001:db8:1:2::1").await, 401);
    // Both notations are the same IPv4 client.
    for address in ["203.0.113.7", "::ffff:203.0.113.7", "203.0.113.7"] {
        assert_eq!(from(&app, address).await, 401);
    }
    assert_eq!(from(&app, "::ffff:203.0.113.7").await, 429);
    assert_eq!(from(&app, "203.0.113.8").await, 401);
}

async fn sign_up_and_token_refresh_have_separate_limits(backend: Backend) {
    let app = TestApp::start_with_state(backend, &[], |state| {
        state.config.registrations_per_ten_minutes = 2;
        state.config.refreshes_per_minute = 2;
    })
    .await;
    let dewi =
        RegisterRequest { username: "dewi".into(), name: "Dewi".into(), password: PASSWORD.into() };
    let register = || app.anonymous().request(Method::POST, "/auth/register").json(&dewi);
    for _ in 0..2 {
        assert_eq!(status(register()).await, 403);
    }
    is_asked_to_wait(register().send().await.unwrap()).await;
    // Guesses of the set-up code share its limit.
    is_asked_to_wait(app.anonymous().request(Method::POST, "/auth/setup").send().await.unwrap())
        .await;
    let refresh = || app.anonymous().request(Method::POST, "/auth/refresh");
    for _ in 0..2 {
        assert_eq!(status(refresh()).await, 401);
    }
    is_asked_to_wait(refresh().send().await.unwrap()).await;
}

async fn users_and_api_keys_at_one_address_have_separate_limits(backend: Backend) {
    let app = TestApp::start_with(backend, &[("RATE_LIMIT_MAX_REQUESTS", "40")]).await;
    let (siti, budi) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Cs).await);
    let program = client_with_api_key(&app, &[Permission::JobsRead]).await;
    // Before its first use a key is counted by its address.
    let one = |client: &crate::harness::Client| client.request(Method::GET, "/jobs");
    assert_eq!(status(one(&program)).await, 200);
    let mut taken = 0;
    while status(one(&siti)).await == 200 {
        taken += 1;
        assert!(taken < 100, "no limit");
    }
    assert!(taken >= 40);
    is_asked_to_wait(one(&siti).send().await.unwrap()).await;
    assert_eq!(status(one(&budi)).await, 200);
    let mut taken = 0;
    while status(one(&program)).await == 200 {
        taken += 1;
        assert!(taken < 100, "no limit");
    }
    assert!(taken >= 40);
    assert_eq!(status(one(&budi)).await, 200);
    // An unknown key is counted by its address, and so has a limit of its own.
    let mut made_up = app.anonymous();
    made_up.api_key = Some("isp_1_tebakan".into());
    assert_eq!(status(one(&made_up)).await, 401);
}
