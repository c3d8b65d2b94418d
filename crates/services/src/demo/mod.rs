//! Demo data: a small provider in a town, sixty days of its work, and a login for each role.
//!
//! People are invented by combining common first and last names; the villages are real ones of
//! Kabupaten Bantul. Everything goes through the same services as real work, with the time set
//! back, so that timelines, due times, ledger and dashboard agree with each other.

mod active_jobs;
mod people;
mod returns;
mod runner;
mod sample_photos;
mod staff;
mod texts;
mod timeline;
mod warehouse;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::{Conn, Db};
use rand::SeedableRng;
use rand::rngs::StdRng;
use shared::Role;

use crate::encryption::Cipher;
use crate::error::{Error, Result};
use crate::photos::{PhotoStore, StoredPhoto};
use crate::{auth::passwords, users};

/// The password of every demo login.
pub const PASSWORD: &str = "Coba-Demo-123";

/// The same numbers and names each time.
const SEED: u64 = 20_261_123;

/// Cheap on purpose: the password is public.
const PASSWORD_COST: u32 = 6;

/// A login of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoAccount {
    pub role: Role,
    pub username: &'static str,
}

/// One login per role; all have [`PASSWORD`].
pub const ACCOUNTS: [DemoAccount; 6] = [
    DemoAccount { role: Role::Superadmin, username: "superadmin" },
    DemoAccount { role: Role::Admin, username: "admin" },
    DemoAccount { role: Role::Manager, username: "manajer" },
    DemoAccount { role: Role::Cs, username: "cs" },
    DemoAccount { role: Role::Gudang, username: "gudang" },
    DemoAccount { role: Role::User, username: staff::FIRST_TECHNICIAN },
];

/// Whether this database was filled with demo data.
///
/// # Errors
/// The database fails.
pub fn is_demo(conn: &mut Conn) -> Result<bool> {
    for login in ACCOUNTS {
        if db::tables::users::find_by_username(conn, login.username)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Fills an empty database, all of it or nothing. False if somebody can sign in already: then
/// nothing is touched. The caller makes sure that this is no production system.
///
/// # Errors
/// The database or the upload folder can not be written.
pub async fn seed(db: &Db, photos: &PhotoStore, cipher: &Cipher) -> Result<bool> {
    if !db.read(users::has_no_users).await? {
        return Ok(false);
    }
    let now = db.clock().now();
    let zone = db.time_zone();
    let (store, cipher) = (photos.clone(), cipher.clone());
    let prepare = move || prepare(now, &store, cipher, zone);
    let stopped = |_| Error::Internal("the demo data thread stopped".into());
    let prepared = tokio::task::spawn_blocking(prepare).await.map_err(stopped)??;
    let prepared = Arc::new(prepared);
    let played = Arc::clone(&prepared);
    let done = db.write(move |tx| runner::run(tx, &played)).await;
    if done.is_err() {
        prepared.photos.iter().for_each(|photo| photos.discard(photo));
    }
    done.map(|()| true)
}

/// What is made before the transaction begins.
struct Prepared {
    now: DateTime<Utc>,
    cipher: Cipher,
    password_hash: String,
    script: timeline::Timeline,
    /// The files of the photos, in the order in which the script takes them.
    photos: Vec<StoredPhoto>,
}

fn prepare(
    now: DateTime<Utc>,
    store: &PhotoStore,
    cipher: Cipher,
    zone: chrono_tz::Tz,
) -> Result<Prepared> {
    let mut rng = StdRng::seed_from_u64(SEED);
    let people = people::customers(&mut rng);
    let script = timeline::build(&mut rng, now, people);
    let photos = sample_photos::draw_and_store(store, zone, &script)?;
    let password_hash = passwords::hash(PASSWORD, PASSWORD_COST)?;
    Ok(Prepared { now, cipher, password_hash, script, photos })
}
