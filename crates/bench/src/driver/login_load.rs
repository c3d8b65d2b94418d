//! Read latency of a signed-in user under a load of sign-ins.

use std::path::Path;

use crate::driver::database;
use crate::driver::progress::log_progress;
use crate::load::{ConnectionScript, Sample};
use crate::login_load::{self, LoginLoadPlan};
use crate::measure::{Contender, measure_once};
use crate::plan::{BenchPlan, LOGINS_PER_SECOND};
use crate::report::LoginLoadImpact;
use crate::server_under_test::ServerUnderTest;
use crate::{Result, requests, server_under_test};

/// Accounts with correct passwords, and as many that are only guessed at.
const ACCOUNTS_PER_KIND: usize = 10;
const PASSWORD: &str = "Hujan-Lebat-Sekali-77";
/// Number of different jobs that are read.
const DISTINCT_JOBS: usize = 400;

/// Measures a signed-in user's lists and gets, first without and then with the load of sign-ins.
///
/// # Errors
/// The server does not start or rejects a read; no sign-in of the load cost a password hash.
pub fn measure(
    server_under_test: &ServerUnderTest,
    plan: &BenchPlan,
    database: &Path,
) -> Result<LoginLoadImpact> {
    log_progress("reads under a load of sign-ins");
    // Each sign-in has its own client address, because the limit per address would reject nearly all of
    // them before they cost anything.
    let server = server_under_test.start_behind_proxy(database)?;
    let address = server.address;
    let token = server_under_test::sign_in(address)?;
    for kind in ["masuk", "ditebak"] {
        for number in 0..ACCOUNTS_PER_KIND {
            server_under_test::add_user(address, &token, &format!("{kind}-{number}"), PASSWORD)?;
        }
    }
    let gets = database::sample_jobs(database, DISTINCT_JOBS)?;
    let gets = gets.into_iter().map(|id| requests::job(id, &token)).collect();
    let lanes = vec![
        ConnectionScript { once: Vec::new(), repeated: vec![requests::list(&token)] },
        ConnectionScript { once: Vec::new(), repeated: gets },
    ];
    let reader = Contender { address, lanes };
    let long = BenchPlan { measure: plan.login_load, ..plan.clone() };
    let without_load: Sample = measure_once(&long, &reader)?;
    let length = long.warm_up + long.measure;
    let count = (f64::from(LOGINS_PER_SECOND) * length.as_secs_f64()) as usize + 1;
    let load = LoginLoadPlan {
        address,
        per_second: LOGINS_PER_SECOND,
        length,
        logins: (0..count).map(login_request).collect(),
    };
    let sending = std::thread::spawn(move || login_load::generate(&load));
    let under_load = measure_once(&long, &reader)?;
    let answers = sending.join().map_err(|_| "the load ended early".to_owned())??;
    if answers.hashed() == 0 {
        return Err(format!("no password was compared under load: {answers:?}"));
    }
    Ok(LoginLoadImpact { without_load, under_load, answers })
}

/// Builds a request with, in turn, a correct password, a wrong one, and an unknown username.
fn login_request(number: usize) -> String {
    let account = number / 3 % ACCOUNTS_PER_KIND;
    let (username, password) = match number % 3 {
        0 => (format!("masuk-{account}"), PASSWORD),
        1 => (format!("ditebak-{account}"), "Tebakan-Yang-Salah-1"),
        _ => (format!("siapa-{number}"), "Tebakan-Yang-Salah-1"),
    };
    let from = format!("10.{}.{}.7", number / 256, number % 256);
    requests::login(&username, password, &from)
}
