//! Demo data: a small provider with sixty days of work and one account per role.
//!
//! Names combine common Indonesian first and last names; the villages are real ones of Kabupaten
//! Bantul. All data goes through the regular services with the clock set back, so that timelines,
//! due times, ledger and dashboard are consistent.

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

/// Password of every demo account.
pub const PASSWORD: &str = "Coba-Demo-123";

/// Fixed seed: the same numbers and names every time.
const SEED: u64 = 20_261_123;

/// Cheap on purpose: the password is public.
const PASSWORD_COST: u32 = 6;

/// A demo account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoAccount {
    pub role: Role,
    pub username: &'static str,
}

/// One account per role; all use [`PASSWORD`].
pub const ACCOUNTS: [DemoAccount; 6] = [
    DemoAccount { role: Role::Superadmin, username: "superadmin" },
    DemoAccount { role: Role::Admin, username: "admin" },
    DemoAccount { role: Role::Manager, username: "manajer" },
    DemoAccount { role: Role::Cs, username: "cs" },
    DemoAccount { role: Role::Gudang, username: "gudang" },
    DemoAccount { role: Role::User, username: staff::FIRST_TECHNICIAN },
];

/// Returns whether this database holds the demo data.
pub fn is_demo(conn: &mut Conn) -> Result<bool> {
    for login in ACCOUNTS {
        if db::tables::users::find_by_username(conn, login.username)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Fills an empty database in one transaction. Returns false without changes if a user exists
/// already. The caller makes sure that this is not a production system.
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

/// Everything that is prepared before the transaction begins.
struct Prepared {
    now: DateTime<Utc>,
    cipher: Cipher,
    password_hash: String,
    script: timeline::Timeline,
    /// Stored photos in the order in which the timeline uses them.
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
