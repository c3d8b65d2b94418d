//! Protection against account lockout: attackers cannot keep the owner out.

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Response;
use services::auth::passwords::QueueClass;
use services::auth::throttle::{self, Account, Subject};
use shared::second_factor::SecondFactorSetupRequest;
use shared::session::{LoginAttempt, LoginOutcome, LoginRequest, PasswordChange, SignedInUser};
use shared::{ErrorCode, Page, Role};

use super::second_factor::set_up;
use super::{attempt_from, create_account};
use crate::harness::client::{cookie_named, expect_problem, field_error};
use crate::harness::{Client, PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    an_attack_from_one_address_does_not_lock_out_new_networks,
    an_attack_from_forty_addresses_does_not_lock_out_new_networks,
    unknown_networks_share_sixty_guesses_per_hour,
    addresses_of_an_ipv6_network_count_as_one,
    a_known_device_signs_in_from_any_network_during_an_attack,
    known_devices_are_forgotten_after_a_password_change_or_sign_out_of_others,
    a_device_cookie_grants_no_access_and_cannot_be_forged,
    password_and_code_are_checked_together_during_an_attack,
    a_wrong_password_and_code_reveal_nothing,
    a_password_reset_by_an_admin_ends_the_lockout,
    a_stolen_session_does_not_block_the_owners_password_change,
    known_devices_are_served_while_others_fill_the_queue,
    an_attack_does_not_flood_counters_or_history,
);

const HOME: &str = "203.0.113.7";
const CAFE: &str = "198.51.100.20";

async fn proxied(app: &TestApp) -> TestApp {
    app.start_instance(&[("TRUST_PROXY", "true")]).await
}

fn attacker(number: usize) -> String {
    format!("192.0.2.{number}")
}

async fn status_from(app: &TestApp, ip: &str, name: &str, password: &str) -> u16 {
    attempt_from(app, ip, name, password, None).await.status().as_u16()
}

/// Tries once from each of this many addresses at the same time.
async fn parallel_guesses(app: &TestApp, addresses: usize, name: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    let ips: Vec<String> = (0..addresses).map(attacker).collect();
    // No more at once than the hash queue holds, which is not tested here.
    for some in ips.chunks(8) {
        statuses.extend(join_all(some.iter().map(|ip| status_from(app, ip, name, "salah"))).await);
    }
    statuses
}

async fn an_attack_from_one_address_does_not_lock_out_new_networks(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    for second in 0..60 {
        status_from(&app, &attacker(1), &name, "salah").await;
        if second % 15 == 14 {
            let place = format!("198.51.100.{second}");
            assert_eq!(status_from(&app, &place, &name, PASSWORD).await, 200, "second {second}");
        }
        app.clock.advance(TimeDelta::seconds(1));
    }
}

async fn an_attack_from_forty_addresses_does_not_lock_out_new_networks(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    for _ in 0..4 {
        parallel_guesses(&app, 40, &name).await;
        app.clock.advance(TimeDelta::seconds(1));
    }
    // When the attempts of new networks are used up, the response says for how long.
    let mut waited = 0;
    loop {
        let answer = attempt_from(&app, CAFE, &name, PASSWORD, None).await;
        if answer.status() == 200 {
            break;
        }
        let wait: i64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        waited += wait;
        assert!(wait > 0 && waited <= 75, "{wait} of {waited}");
        app.clock.advance(TimeDelta::seconds(wait));
        parallel_guesses(&app, 40, &name).await;
    }
    // The attack continues, and the next new network waits no longer.
    for minute in 0..3 {
        parallel_guesses(&app, 40, &name).await;
        app.clock.advance(TimeDelta::seconds(75));
        let place = format!("198.51.100.{minute}");
        assert_eq!(status_from(&app, &place, &name, PASSWORD).await, 200, "minute {minute}");
    }
}

async fn unknown_networks_share_sixty_guesses_per_hour(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    attack(&app, &name, "198.51.100.99").await;
    let before = app.hasher.completed();
    for _ in 0..48 {
        app.clock.advance(TimeDelta::seconds(75));
        let answers = parallel_guesses(&app, 8, &name).await;
        assert!(answers.iter().all(|status| matches!(status, 401 | 429)), "{answers:?}");
    }
    let guesses = app.hasher.completed() - before;
    assert!((12..=60).contains(&guesses), "{guesses}");
}

async fn addresses_of_an_ipv6_network_count_as_one(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    assert_eq!(status_from(&app, "2001:db8:1:2::aaaa", &name, PASSWORD).await, 200);
    attack(&app, &name, "198.51.100.99").await;
    assert_eq!(status_from(&app, "2001:db8:9:9::1", &name, PASSWORD).await, 429);
    assert_eq!(status_from(&app, "2001:db8:1:2:f00:1:2:3", &name, PASSWORD).await, 200);
}

/// Signs in from this address with a device cookie.
async fn attempt_from_known_device(
    app: &TestApp,
    ip: &str,
    name: &str,
    password: &str,
    cookie: &str,
) -> Response {
    let login = LoginRequest { username: name.into(), password: password.into(), otp: None };
    let request = app.anonymous().request(reqwest::Method::POST, "/auth/login").json(&login);
    let request = request.header("X-Forwarded-For", ip);
    request.header("Cookie", format!("isp_device={cookie}")).send().await.unwrap()
}

/// Uses up every limit of unknown networks, as if sixty addresses and this one had failed continuously.
async fn attack(app: &TestApp, name: &str, ip: &str) {
    let (cipher, name_tried, ip) = (app.cipher.clone(), name.to_owned(), ip.to_owned());
    let fill = move |tx: &mut db::Tx<'_>| -> Result<(), services::Error> {
        let user = db::tables::users::find_by_username(tx.conn(), &name_tried)?;
        let epoch = user.map_or(0, |(user, _)| user.token_epoch);
        let account = Account { name: name_tried.clone(), epoch };
        let newcomers = Subject::AccountFromAllNewNetworks(account.clone());
        let here = Subject::AccountFromNewNetwork(account.clone(), ip.clone());
        let (others, address) =
            (Subject::AccountFromFailedNetworks(account), Subject::Address(ip.clone()));
        for _ in 0..60 {
            for subject in [&newcomers, &others, &here, &address] {
                throttle::count_attempt(tx, &cipher, vec![subject.clone()])?;
            }
        }
        Ok(())
    };
    app.db.write(fill).await.unwrap();
    assert_eq!(status_from(app, CAFE, name, PASSWORD).await, 429);
}

async fn a_known_device_signs_in_from_any_network_during_an_attack(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    let first = attempt_from(&app, HOME, &name, PASSWORD, None).await;
    let cookie = cookie_named(&first, "isp_device").unwrap();
    let shared_by_many = "198.51.100.99";
    attack(&app, &name, shared_by_many).await;
    assert_eq!(status_from(&app, shared_by_many, &name, PASSWORD).await, 429);
    let again = attempt_from_known_device(&app, shared_by_many, &name, PASSWORD, &cookie).await;
    assert_eq!(again.status(), 200);
    assert_eq!(cookie_named(&again, "isp_device").unwrap(), cookie);
    // Its attempts are counted too: a stolen cookie does not help to guess.
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(
            attempt_from_known_device(&app, HOME, &name, "salah", &cookie).await.status().as_u16(),
        );
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    // Nor does a stolen cookie lock the owner out of the home network.
    assert_eq!(status_from(&app, HOME, &name, PASSWORD).await, 200);
}

async fn known_devices_are_forgotten_after_a_password_change_or_sign_out_of_others(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    let lost = attempt_from(&app, HOME, &name, PASSWORD, None).await;
    let lost = cookie_named(&lost, "isp_device").unwrap();
    let office = app.sign_in(&name, PASSWORD).await;
    attack(&app, &name, "198.51.100.99").await;
    assert_eq!(
        attempt_from_known_device(&app, "198.51.100.24", &name, PASSWORD, &lost).await.status(),
        200
    );
    office.delete("/auth/sessions").await;
    let second = "198.51.100.21";
    assert_eq!(attempt_from_known_device(&app, second, &name, PASSWORD, &lost).await.status(), 429);
    // The session that signed the others out is known again after the next refresh.
    let renewed = office.refresh(office.refresh_cookie.as_ref().unwrap()).await;
    let kept = cookie_named(&renewed, "isp_device").unwrap();
    assert_ne!(Some(&kept), office.device_cookie.as_ref());
    assert_eq!(attempt_from_known_device(&app, second, &name, PASSWORD, &kept).await.status(), 200);
    let new_password = "Kopi-Tubruk-Pagi-7".to_owned();
    let change = PasswordChange { current_password: PASSWORD.into(), new_password };
    let request = office.request(reqwest::Method::PUT, "/auth/password").json(&change);
    assert_eq!(request.send().await.unwrap().status(), 204);
    attack(&app, &name, "198.51.100.99").await;
    let third = "198.51.100.22";
    assert_eq!(
        attempt_from_known_device(&app, third, &name, &change.new_password, &kept).await.status(),
        429
    );
}

async fn a_device_cookie_grants_no_access_and_cannot_be_forged(app: TestApp) {
    let app = proxied(&app).await;
    let (name, other) =
        (create_account(&app, Role::Cs).await, create_account(&app, Role::Cs).await);
    let first = attempt_from(&app, HOME, &other, PASSWORD, None).await;
    let of_other = cookie_named(&first, "isp_device").unwrap();
    let refresh = app.anonymous().refresh(&of_other).await;
    assert_eq!(refresh.status(), 401);
    attack(&app, &name, "198.51.100.99").await;
    let (text, code) = of_other.rsplit_once('.').unwrap();
    let moved = text.split_once('.').unwrap().1;
    let forged = format!("1.{moved}.{code}");
    for cookie in [of_other.as_str(), &forged, "", "1.0.0.abc", "1.0.0.abc.00"] {
        let answer =
            attempt_from_known_device(&app, "198.51.100.23", &name, PASSWORD, cookie).await;
        assert_eq!(answer.status(), 429, "{cookie}");
    }
}

/// Creates an account with a second factor that is under attack.
async fn account_under_attack(
    app: &TestApp,
) -> (Client, String, super::second_factor::Authenticator, Vec<String>) {
    let client = app.sign_in_as(Role::Cs).await;
    let name = client.user.clone().unwrap().username;
    let (authenticator, codes) = set_up(app, &client).await;
    attack(app, &name, "198.51.100.99").await;
    (client, name, authenticator, codes)
}

async fn password_and_code_are_checked_together_during_an_attack(app: TestApp) {
    let app = proxied(&app).await;
    let (_, name, authenticator, codes) = account_under_attack(&app).await;
    assert_eq!(status_from(&app, CAFE, &name, PASSWORD).await, 429);
    let code = authenticator.next_code(&app);
    let answer = attempt_from(&app, CAFE, &name, PASSWORD, Some(&code)).await;
    assert_eq!(answer.status(), 200);
    // The attack sends codes too, also from the same address.
    for _ in 0..3 {
        for number in 0..10 {
            attempt_from(&app, &attacker(number), &name, "salah", Some("000000")).await;
        }
    }
    let shared_by_many = "198.51.100.99";
    let answer = attempt_from(&app, shared_by_many, &name, PASSWORD, Some(&codes[0])).await;
    assert_eq!(answer.status(), 200);
}

async fn a_wrong_password_and_code_reveal_nothing(app: TestApp) {
    let app = proxied(&app).await;
    let (_, name, authenticator, codes) = account_under_attack(&app).await;
    let plain = create_account(&app, Role::Cs).await;
    attack(&app, &plain, "198.51.100.98").await;
    attack(&app, "siapa.saja", "198.51.100.97").await;
    let mut seen = Vec::new();
    for (number, (name, password, otp)) in [
        (name.as_str(), "salah", "000000"),
        (&name, PASSWORD, "000000"),
        (&name, "salah", "k7mqp-x2hwd"),
        (&name, PASSWORD, "k7mqp-x2hwd"),
        (&plain, PASSWORD, "000000"),
        (&plain, "salah", "000000"),
        ("siapa.saja", PASSWORD, "000000"),
        ("siapa.saja", PASSWORD, "k7mqp-x2hwd"),
    ]
    .into_iter()
    .enumerate()
    {
        let before = app.hasher.completed();
        let ip = format!("198.51.100.{}", 40 + number);
        let answer = attempt_from(&app, &ip, name, password, Some(otp)).await;
        let mut problem = expect_problem(answer).await;
        problem.request_id.clear();
        let recovery = u64::from(otp.len() > 6);
        assert_eq!(app.hasher.completed() - before, 1 + recovery, "{name} {password} {otp}");
        seen.push(problem);
    }
    assert_eq!(seen[0].code, ErrorCode::InvalidCredentials);
    assert!(seen.iter().all(|problem| *problem == seen[0]), "{seen:?}");
    // Knowing the password does not permit faster guesses of the code, from any network.
    for number in 0..8 {
        let ip = format!("198.51.100.{}", 60 + number);
        attempt_from(&app, &ip, &name, PASSWORD, Some("000000")).await;
    }
    let code = authenticator.next_code(&app);
    let late = attempt_from(&app, "198.51.100.80", &name, PASSWORD, Some(&code)).await;
    assert_eq!(late.status(), 200, "half a minute later the wait is over");
    for number in 0..6 {
        let ip = format!("198.51.100.{}", 81 + number);
        attempt_from(&app, &ip, &name, PASSWORD, Some("000000")).await;
    }
    let ip = "198.51.100.90";
    assert_eq!(attempt_from(&app, ip, &name, PASSWORD, Some(&codes[1])).await.status(), 401);
}

async fn a_password_reset_by_an_admin_ends_the_lockout(app: TestApp) {
    let app = proxied(&app).await;
    let (root, name) =
        (app.sign_in_as(Role::Superadmin).await, create_account(&app, Role::Cs).await);
    attack(&app, &name, "198.51.100.99").await;
    for _ in 0..4 {
        status_from(&app, CAFE, &name, PASSWORD).await;
    }
    let find = {
        let name = name.clone();
        move |conn: &mut db::Conn| db::tables::users::find_by_username(conn, &name)
    };
    let id = app.db.read(find).await.unwrap().unwrap().0.id;
    let reset = shared::user::PasswordReset { password: "Kereta-Malam-78".into() };
    let path = format!("/users/{id}/reset-password");
    let _: shared::user::User = root.post(&path, &reset).await;
    assert_eq!(status_from(&app, CAFE, &name, "Kereta-Malam-78").await, 200);
}

async fn a_stolen_session_does_not_block_the_owners_password_change(app: TestApp) {
    let stolen = app.sign_in_as(Role::Cs).await;
    let owner = app.sign_in(&stolen.user.clone().unwrap().username, PASSWORD).await;
    let guess = SecondFactorSetupRequest { current_password: "salah".into() };
    for _ in 0..5 {
        let problem = stolen.post_refused("/auth/second-factor/setup", &guess).await;
        assert_eq!(field_error(&problem, "current_password"), ErrorCode::WrongPassword);
    }
    let problem = stolen.post_refused("/auth/second-factor/setup", &guess).await;
    assert_eq!(problem.code, ErrorCode::TooManyAttempts);
    set_up(&app, &owner).await;
}

async fn known_devices_are_served_while_others_fill_the_queue(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    let first = attempt_from(&app, HOME, &name, PASSWORD, None).await;
    let cookie = cookie_named(&first, "isp_device").unwrap();
    let client = app.sign_in(&name, PASSWORD).await;
    let flood: Vec<_> =
        std::iter::from_fn(|| app.hasher.reserve(QueueClass::Unknown).ok()).collect();
    assert!(!flood.is_empty());
    assert_eq!(status_from(&app, CAFE, &name, PASSWORD).await, 503);
    assert_eq!(status_from(&app, CAFE, "siapa.saja", PASSWORD).await, 503);
    for _ in 0..5 {
        assert_eq!(status_from(&app, HOME, &name, PASSWORD).await, 200);
        assert_eq!(
            attempt_from_known_device(&app, CAFE, &name, PASSWORD, &cookie).await.status(),
            200
        );
    }
    // Reauthentication and token refresh still work.
    set_up(&app, &client).await;
    let renewed = client.refresh(client.refresh_cookie.as_ref().unwrap()).await;
    assert_eq!(renewed.status(), 200);
    client.get::<SignedInUser>("/auth/profile").await;
}

async fn an_attack_does_not_flood_counters_or_history(app: TestApp) {
    let app = proxied(&app).await;
    let name = create_account(&app, Role::Cs).await;
    assert_eq!(status_from(&app, HOME, &name, PASSWORD).await, 200);
    attack(&app, &name, "198.51.100.99").await;
    status_from(&app, &attacker(1), &name, "salah").await;
    let rows = |conn: &mut db::Conn| {
        use diesel::prelude::*;
        Ok::<i64, db::DbError>(db::schema::login_throttles::table.count().get_result(conn)?)
    };
    let before = app.db.read(rows).await.unwrap();
    for number in 0..20 {
        // A throttled address adds no rows, whatever usernames it invents.
        let made_up = format!("karangan.{number}");
        assert_eq!(status_from(&app, "198.51.100.99", &made_up, "salah").await, 429);
        status_from(&app, &attacker(1), &name, "salah").await;
    }
    assert_eq!(app.db.read(rows).await.unwrap(), before);
    app.clock.advance(TimeDelta::seconds(75));
    let client = app.sign_in(&name, PASSWORD).await;
    let history: Page<LoginAttempt> = client.get("/auth/logins?limit=200").await;
    let throttled = |attempt: &&LoginAttempt| attempt.outcome == LoginOutcome::Throttled;
    assert!(history.items.iter().filter(throttled).count() <= 3, "{}", history.items.len());
}
