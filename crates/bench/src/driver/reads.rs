//! Read measurements: the server compared with the reference.

use std::net::SocketAddr;
use std::path::Path;

use crate::driver::database;
use crate::driver::progress::log_progress;
use crate::load::ConnectionScript;
use crate::measure::{Contender, Samples, measure_interleaved};
use crate::plan::{BenchPlan, LARGE_JOBS, READERS, SMALL_JOBS};
use crate::process::Server;
use crate::reference::{self, Variant};
use crate::report::{ReadComparison, ReadResults};
use crate::server_under_test::ServerUnderTest;
use crate::{Result, http, requests, server_under_test};

/// Different requests of one kind.
const DISTINCT_REQUESTS: usize = 1_600;

/// Measures list, get and search. `server` runs on the large database.
///
/// # Errors
/// A server does not start, or does not answer like the others.
pub fn measure(
    server_under_test: &ServerUnderTest,
    plan: &BenchPlan,
    (small, large): (&Path, &Path),
    server: &Server,
    token: &str,
) -> Result<ReadResults> {
    let block = reference::start(large, Variant::Block)?;
    let inline = reference::start(large, Variant::Inline)?;
    let large_three = [server.address, block.address, inline.address];
    let list = vec![requests::list(token)];
    let ids = database::sample_jobs(large, DISTINCT_REQUESTS)?;
    let gets: Vec<String> = ids.into_iter().map(|id| requests::job(id, token)).collect();
    let words = database::sample_search_words(large, DISTINCT_REQUESTS)?;
    let searches: Vec<String> = words.iter().map(|text| requests::search(text, token)).collect();
    for requests in [&list, &gets, &searches] {
        check_identical_answers(&large_three, requests)?;
    }

    let small_server = server_under_test.start(small)?;
    let small_reference = reference::start(small, Variant::Block)?;
    let small_inline = reference::start(small, Variant::Inline)?;
    let small_token = server_under_test::sign_in(small_server.address)?;
    let small_list = vec![requests::list(&small_token)];
    let small_three = [small_server.address, small_reference.address, small_inline.address];
    check_identical_answers(&small_three, &small_list)?;

    log_progress("lists of 20");
    let mut contenders = contenders(&large_three, &list);
    contenders.extend(self::contenders(&small_three, &small_list));
    let mut lists = measure_interleaved(plan, &contenders)?;
    let list_small = to_comparison("list of 20", SMALL_JOBS, lists.split_off(3))?;
    let list_large = to_comparison("list of 20", LARGE_JOBS, lists)?;
    drop((small_server, small_reference, small_inline));
    log_progress("single jobs");
    let gets = measure_interleaved(plan, &self::contenders(&large_three, &gets))?;
    log_progress("searches");
    let searches = measure_interleaved(plan, &self::contenders(&large_three, &searches))?;
    Ok(ReadResults {
        list_small,
        list_large,
        get: to_comparison("get", LARGE_JOBS, gets)?,
        search: to_comparison("search", LARGE_JOBS, searches)?,
    })
}

fn contenders(addresses: &[SocketAddr], requests: &[String]) -> Vec<Contender> {
    let lanes: Vec<ConnectionScript> = requests::distribute(requests, READERS);
    addresses.iter().map(|address| Contender { address: *address, lanes: lanes.clone() }).collect()
}

fn to_comparison(what: &'static str, jobs: u32, measured: Vec<Samples>) -> Result<ReadComparison> {
    let [server, block, inline] = <[Samples; 3]>::try_from(measured)
        .map_err(|_| "a contender was not measured".to_owned())?;
    Ok(ReadComparison { what, jobs, server, block, inline })
}

/// Compares the responses byte by byte, so that all servers are measured on the same work.
fn check_identical_answers(servers: &[SocketAddr], requests: &[String]) -> Result {
    for request in requests.iter().take(50) {
        let mut bodies = Vec::new();
        for server in servers {
            let answer = http::send(*server, request)?;
            if !answer.is_success() {
                return Err(format!("{server} answered {}: {}", answer.status, answer.text()));
            }
            bodies.push(answer.text());
        }
        if bodies.windows(2).any(|two| two[0] != two[1]) {
            let line = request.lines().next().unwrap_or_default();
            return Err(format!("{line} is answered differently:\n{}", bodies.join("\n")));
        }
    }
    Ok(())
}
