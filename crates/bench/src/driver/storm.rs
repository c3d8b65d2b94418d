//! Reading while others storm the login.

use std::path::Path;

use crate::driver::{database, note};
use crate::load::{Lane, Sample};
use crate::measure::{Contender, once};
use crate::plan::Plan;
use crate::product::Product;
use crate::report::Storm;
use crate::storm::{self, StormPlan};
use crate::{Result, product, requests};

/// Logins in a second.
pub const PER_SECOND: u32 = 50;
/// Accounts that somebody signs in to, and as many that somebody guesses at.
const ACCOUNTS: usize = 10;
const PASSWORD: &str = "Hujan-Lebat-Sekali-77";
/// Different jobs that are read.
const VARIETY: usize = 400;

/// Measures a signed-in user's lists and gets, first in calm and then in the storm.
///
/// # Errors
/// The server does not start or refuses the reading; no login of the storm was looked at.
pub fn measure(product: &Product, plan: &Plan, database: &Path) -> Result<Storm> {
    note("a storm of logins");
    // Each login comes from an address of its own: counted by address, nearly all would be refused
    // before they cost anything.
    let server = product.start_behind_proxy(database)?;
    let address = server.address;
    let token = product::sign_in(address)?;
    for kind in ["masuk", "ditebak"] {
        for number in 0..ACCOUNTS {
            product::add_login(address, &token, &format!("{kind}-{number}"), PASSWORD)?;
        }
    }
    let gets = database::some_jobs(database, VARIETY)?;
    let gets = gets.into_iter().map(|id| requests::job(id, &token)).collect();
    let lanes = vec![
        Lane { first: Vec::new(), again: vec![requests::list(&token)] },
        Lane { first: Vec::new(), again: gets },
    ];
    let reader = Contender { address, lanes };
    let long = Plan { measure: plan.storm, ..plan.clone() };
    let calm: Sample = once(&long, &reader)?;
    let length = long.warm_up + long.measure;
    let count = (f64::from(PER_SECOND) * length.as_secs_f64()) as usize + 1;
    let storm = StormPlan {
        address,
        per_second: PER_SECOND,
        length,
        logins: (0..count).map(login).collect(),
    };
    let storming = std::thread::spawn(move || storm::raise(&storm));
    let stormy = once(&long, &reader)?;
    let answers = storming.join().map_err(|_| "the storm ended early".to_owned())??;
    if answers.hashed() == 0 {
        return Err(format!("no password was compared in the storm: {answers:?}"));
    }
    Ok(Storm { calm, stormy, answers })
}

/// In turn the right password, a wrong one, and a name that nobody has.
fn login(number: usize) -> String {
    let account = number / 3 % ACCOUNTS;
    let (username, password) = match number % 3 {
        0 => (format!("masuk-{account}"), PASSWORD),
        1 => (format!("ditebak-{account}"), "Tebakan-Yang-Salah-1"),
        _ => (format!("siapa-{number}"), "Tebakan-Yang-Salah-1"),
    };
    let from = format!("10.{}.{}.7", number / 256, number % 256);
    requests::login(&username, password, &from)
}
