//! Read latency of a signed-in user under a load of sign-ins.

use std::net::SocketAddr;

use crate::bench::Bench;
use crate::data::samples;
use crate::load::ConnectionScript;
use crate::login_load::{self, LoginAnswers, LoginLoadPlan};
use crate::measure::{Contender, Samples, measure_once};
use crate::plan::{Database, Durations, LOGINS_PER_SECOND, Part};
use crate::report::{RateRow, Results};
use crate::{Result, requests, server_under_test};

/// Accounts with correct passwords, and as many that are only guessed at.
const ACCOUNTS_PER_KIND: usize = 10;
const PASSWORD: &str = "Hujan-Lebat-Sekali-77";
/// Number of different jobs that are read.
const DISTINCT_JOBS: usize = 400;

/// Measures a signed-in user's lists and gets, first without and then with the load of sign-ins.
pub fn measure(bench: &mut Bench, database: Database, results: &mut Results) -> Result {
    let data = bench.data_set(database, bench.plan.usual())?;
    let durations = &bench.plan.durations;
    // Each sign-in has its own client address, because the limit per address would reject nearly all of
    // them before they cost anything.
    let mut server = bench.server.start_behind_proxy(&data)?;
    let address = server.address;
    let token = server_under_test::sign_in(address)?;
    let known =
        data.store.numbers("SELECT count(*) AS value FROM users WHERE username = 'masuk-0'")?;
    if known == [0] {
        add_accounts(address, &token)?;
    }
    let gets = samples::jobs(&data, DISTINCT_JOBS)
        .into_iter()
        .map(|id| requests::job(id, &token))
        .collect();
    let lanes = vec![
        ConnectionScript { once: Vec::new(), repeated: vec![requests::list(&token)] },
        ConnectionScript { once: Vec::new(), repeated: gets },
    ];
    let reader = Contender { address, lanes };
    let long = Durations { measure: durations.login_load, ..durations.clone() };
    let without_load = measure_once(&long, &reader)?;
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
    server.stop()?;
    let rows = [("without other load", without_load), ("during sign-ins", under_load)];
    results.rates.extend(rows.map(|(what, sample)| RateRow {
        part: Part::Logins,
        database,
        what: format!("lists and gets {what}"),
        jobs: data.jobs,
        clients: 2,
        server: Samples(vec![sample]),
        reference: None,
    }));
    results.notes.push((Part::Logins, describe(database, &answers)));
    Ok(())
}

fn add_accounts(address: SocketAddr, token: &str) -> Result {
    for kind in ["masuk", "ditebak"] {
        for number in 0..ACCOUNTS_PER_KIND {
            server_under_test::add_user(address, token, &format!("{kind}-{number}"), PASSWORD)?;
        }
    }
    Ok(())
}

fn describe(database: Database, answers: &LoginAnswers) -> String {
    let by_status: Vec<String> =
        answers.by_status.iter().map(|(status, count)| format!("{count} with {status}")).collect();
    format!(
        "{database}: {} sign-ins, {LOGINS_PER_SECOND} a second, each from an address of its own; answered {}; {} unanswered. {} passwords were compared.",
        answers.sent,
        by_status.join(", "),
        answers.unanswered,
        answers.hashed(),
    )
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
