//! Trial of a password-guessing flood from many addresses while the owner signs in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use shared::session::LoginRequest;

use crate::server::{PASSWORD, Server, ServerSetup};
use crate::{Result, Trial};

/// Addresses that guess concurrently, each as fast as it is allowed to.
const ADDRESSES: u8 = 40;
/// Sign-ins of the owner from a known network.
const OWNER_TRIES: u32 = 10;
/// Longest wait of the owner for a sign-in from a new network.
const NEW_PLACE_LIMIT: Duration = Duration::from_secs(90);

pub async fn sign_in(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = flood(trial).await;
    trial.report.add("sign-in of the owner while 40 addresses guess", begun, seen);
}

/// Makes one attempt with this client address, as a proxy forwards it.
async fn attempt(server: &Server, address: &str, password: &str) -> Result<StatusCode> {
    let login = LoginRequest { username: "pemilik".into(), password: password.into(), otp: None };
    let request = reqwest::Client::new().post(format!("{}/api/auth/login", server.base));
    let request = request.header("X-Forwarded-For", address).json(&login);
    request.send().await.map(|answer| answer.status()).map_err(|error| error.to_string())
}

async fn flood(trial: &Trial) -> Result<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.variables = vec![("TRUST_PROXY".into(), "true".into())];
    let server = Arc::new(setup.start().await?);
    attempt(&server, "198.51.100.1", PASSWORD).await?;
    let (over, guesses) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut strangers = tokio::task::JoinSet::new();
    for number in 0..ADDRESSES {
        let (server, over, guesses) =
            (Arc::clone(&server), Arc::clone(&over), Arc::clone(&guesses));
        strangers.spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let _ = attempt(&server, &format!("203.0.113.{number}"), "salah").await;
                guesses.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
    }
    let seen = sign_in_as_owner(&server).await;
    over.store(true, Ordering::SeqCst);
    while strangers.join_next().await.is_some() {}
    seen.map(|text| format!("{text}; {} guesses meanwhile", guesses.load(Ordering::SeqCst)))
}

async fn sign_in_as_owner(server: &Server) -> Result<String> {
    // Gives the flood time to fill queues and counters.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let mut let_in = 0;
    for _ in 0..OWNER_TRIES {
        let status = attempt(server, "198.51.100.1", PASSWORD).await?;
        let_in += u32::from(status == StatusCode::OK);
    }
    if let_in < OWNER_TRIES {
        return Err(format!("from a known place {let_in} of {OWNER_TRIES} tries were let in"));
    }
    let begun = Instant::now();
    while attempt(server, "198.51.100.77", PASSWORD).await? != StatusCode::OK {
        if begun.elapsed() > NEW_PLACE_LIMIT {
            return Err("from a new place the owner was never let in".into());
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let waited = begun.elapsed().as_secs_f64();
    Ok(format!("{let_in} of {OWNER_TRIES} from a known place, from a new one after {waited:.0} s"))
}
