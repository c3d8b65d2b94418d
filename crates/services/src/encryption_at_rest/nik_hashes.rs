//! Keyed hashes of identity numbers, by which they are found.

use db::tables::customer_niks;
use db::{Db, Tx};
use shared::CustomerId;

use super::nik_context;
use crate::encryption::Cipher;
use crate::error::Result;

/// Purpose of the key of the hashes. There are so few identity numbers that a hash without a key could be guessed.
pub(crate) const NIK_HASH_PURPOSE: &str = "customer.nik hash";

/// Numbers per transaction.
const BATCH: i64 = 200;

/// Stores the hashes of numbers that have none, or of all after a change of the keys.
pub(crate) async fn hash_niks(db: &Db, cipher: &Cipher, all: bool) -> Result<()> {
    let mut after = Some(CustomerId(0));
    while let Some(last) = after {
        let cipher = cipher.clone();
        after = db.write(move |tx| hash_batch(tx, &cipher, last, all)).await?;
    }
    Ok(())
}

/// Returns the last customer of the batch; `None` if there was none.
fn hash_batch(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    after: CustomerId,
    all: bool,
) -> Result<Option<CustomerId>> {
    let rows = customer_niks::list_encrypted(tx.conn(), after, !all, BATCH)?;
    for (id, encrypted) in &rows {
        // What no key decrypts is named in the log wherever it is read.
        if let Ok(nik) = cipher.decrypt(&nik_context(*id), encrypted) {
            customer_niks::set_hash(tx.conn(), *id, &cipher.hash(NIK_HASH_PURPOSE, &nik))?;
        }
    }
    Ok(rows.last().map(|(id, _)| *id))
}
