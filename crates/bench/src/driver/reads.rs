//! Reading: the server beside the reference.

use std::net::SocketAddr;
use std::path::Path;

use crate::driver::{database, note};
use crate::load::Lane;
use crate::measure::{Contender, Measured, interleaved};
use crate::plan::{LARGE, Plan, READERS, SMALL};
use crate::process::Server;
use crate::product::Product;
use crate::reference::{self, Variant};
use crate::report::{Read, Reads};
use crate::{Result, http, product, requests};

/// Different requests of one kind.
const VARIETY: usize = 1_600;

/// Measures list, get and search. `server` runs on the large database.
///
/// # Errors
/// A server does not start, or does not answer like the others.
pub fn measure(
    product: &Product,
    plan: &Plan,
    (small, large): (&Path, &Path),
    server: &Server,
    token: &str,
) -> Result<Reads> {
    let block = reference::start(large, Variant::Block)?;
    let inline = reference::start(large, Variant::Inline)?;
    let large_three = [server.address, block.address, inline.address];
    let list = vec![requests::list(token)];
    let ids = database::some_jobs(large, VARIETY)?;
    let gets: Vec<String> = ids.into_iter().map(|id| requests::job(id, token)).collect();
    let words = database::some_words(large, VARIETY)?;
    let searches: Vec<String> = words.iter().map(|text| requests::search(text, token)).collect();
    for requests in [&list, &gets, &searches] {
        answer_alike(&large_three, requests)?;
    }

    let small_server = product.start(small)?;
    let small_reference = reference::start(small, Variant::Block)?;
    let small_inline = reference::start(small, Variant::Inline)?;
    let small_token = product::sign_in(small_server.address)?;
    let small_list = vec![requests::list(&small_token)];
    let small_three = [small_server.address, small_reference.address, small_inline.address];
    answer_alike(&small_three, &small_list)?;

    note("lists of 20");
    let mut contenders = contenders(&large_three, &list);
    contenders.extend(self::contenders(&small_three, &small_list));
    let mut lists = interleaved(plan, &contenders)?;
    let list_small = read("list of 20", SMALL, lists.split_off(3))?;
    let list_large = read("list of 20", LARGE, lists)?;
    drop((small_server, small_reference, small_inline));
    note("single jobs");
    let gets = interleaved(plan, &self::contenders(&large_three, &gets))?;
    note("searches");
    let searches = interleaved(plan, &self::contenders(&large_three, &searches))?;
    Ok(Reads {
        list_small,
        list_large,
        get: read("get", LARGE, gets)?,
        search: read("search", LARGE, searches)?,
    })
}

fn contenders(addresses: &[SocketAddr], requests: &[String]) -> Vec<Contender> {
    let lanes: Vec<Lane> = requests::deal(requests, READERS);
    addresses.iter().map(|address| Contender { address: *address, lanes: lanes.clone() }).collect()
}

fn read(what: &'static str, jobs: u32, measured: Vec<Measured>) -> Result<Read> {
    let [server, block, inline] = <[Measured; 3]>::try_from(measured)
        .map_err(|_| "a contender was not measured".to_owned())?;
    Ok(Read { what, jobs, server, block, inline })
}

/// Compares the answers byte by byte: what is measured has to be the same work.
fn answer_alike(servers: &[SocketAddr], requests: &[String]) -> Result {
    for request in requests.iter().take(50) {
        let mut bodies = Vec::new();
        for server in servers {
            let answer = http::send(*server, request)?;
            if !answer.is_good() {
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
