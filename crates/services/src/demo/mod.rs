//! Demo data: a small provider in a town, sixty days of its work, and a login for each role.
//!
//! People are invented by combining common first and last names; the villages are real ones of
//! Kabupaten Bantul. Everything goes through the same services as real work, with the time set
//! back, so that timelines, due times, ledger and dashboard agree with each other.

mod leftovers;
mod people;
mod pictures;
mod play;
mod script;
mod staff;
mod today;
mod warehouse;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::{Conn, Db};
use rand::SeedableRng;
use rand::rngs::StdRng;
use shared::Role;

use crate::error::{Error, Result};
use crate::photos::{PhotoStore, StoredPhoto};
use crate::vault::Vault;
use crate::{passwords, users};

/// The password of every demo login.
pub const PASSWORD: &str = "Coba-Demo-123";

/// The same numbers and names each time.
const SEED: u64 = 20_261_123;

/// Cheap on purpose: the password is public.
const PASSWORD_COST: u32 = 6;

/// A login of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoLogin {
    pub role: Role,
    pub username: &'static str,
}

/// One login per role; all have [`PASSWORD`].
pub const LOGINS: [DemoLogin; 6] = [
    DemoLogin { role: Role::Superadmin, username: "superadmin" },
    DemoLogin { role: Role::Admin, username: "admin" },
    DemoLogin { role: Role::Manager, username: "manajer" },
    DemoLogin { role: Role::Cs, username: "cs" },
    DemoLogin { role: Role::Gudang, username: "gudang" },
    DemoLogin { role: Role::User, username: staff::FIRST_TECHNICIAN },
];

/// Whether this database was filled with demo data.
///
/// # Errors
/// The database fails.
pub fn is_demo(conn: &mut Conn) -> Result<bool> {
    for login in LOGINS {
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
pub async fn fill(db: &Db, photos: &PhotoStore, vault: &Vault) -> Result<bool> {
    if !db.read(users::is_empty).await? {
        return Ok(false);
    }
    let now = db.clock().now();
    let zone = db.time_zone();
    let (store, vault) = (photos.clone(), vault.clone());
    let prepare = move || prepare(now, &store, vault, zone);
    let stopped = |_| Error::Db(db::DbError::Stopped);
    let prepared = tokio::task::spawn_blocking(prepare).await.map_err(stopped)??;
    let prepared = Arc::new(prepared);
    let played = Arc::clone(&prepared);
    let done = db.write(move |tx| play::all(tx, &played)).await;
    if done.is_err() {
        prepared.photos.iter().for_each(|photo| photos.discard(photo));
    }
    done.map(|()| true)
}

/// What is made before the transaction begins.
struct Prepared {
    now: DateTime<Utc>,
    vault: Vault,
    password_hash: String,
    script: script::Script,
    /// The files of the photos, in the order in which the script takes them.
    photos: Vec<StoredPhoto>,
}

fn prepare(
    now: DateTime<Utc>,
    store: &PhotoStore,
    vault: Vault,
    zone: chrono_tz::Tz,
) -> Result<Prepared> {
    let mut rng = StdRng::seed_from_u64(SEED);
    let people = people::customers(&mut rng);
    let script = script::write(&mut rng, now, people);
    let photos = pictures::store(store, zone, &script)?;
    let password_hash = passwords::hash(PASSWORD, PASSWORD_COST)?;
    Ok(Prepared { now, vault, password_hash, script, photos })
}
