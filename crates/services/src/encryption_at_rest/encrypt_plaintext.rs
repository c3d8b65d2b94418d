//! Encryption of identity numbers that were stored before encryption existed.

use db::tables::customer_niks as niks;
use db::{Db, Tx};

use super::{hash_niks, nik_context};
use crate::encryption::Cipher;
use crate::error::Result;

/// Numbers per transaction.
const BATCH: i64 = 500;

/// Encrypts plaintext identity numbers and returns how many there were, and hashes those without a hash. Runs at
/// every start; after the first run it finds none.
pub async fn encrypt_plaintext_niks(db: &Db, cipher: &Cipher) -> Result<usize> {
    let mut encrypted = 0;
    loop {
        let cipher = cipher.clone();
        match db.write(move |tx| encrypt_batch(tx, &cipher)).await? {
            0 => break,
            some => encrypted += some,
        }
    }
    if encrypted > 0 {
        log::info!("encrypted {encrypted} identity numbers that stood readable");
        db.read(|conn| Ok::<_, crate::Error>(niks::vacuum(conn)?)).await?;
    }
    hash_niks(db, cipher, false).await?;
    Ok(encrypted)
}

fn encrypt_batch(tx: &mut Tx<'_>, cipher: &Cipher) -> Result<usize> {
    let clear = niks::list_plaintext(tx.conn(), BATCH)?;
    for (id, nik) in &clear {
        let encrypted = cipher.encrypt(&nik_context(*id), nik.as_bytes());
        niks::replace_plaintext(tx.conn(), *id, &encrypted)?;
    }
    Ok(clear.len())
}
