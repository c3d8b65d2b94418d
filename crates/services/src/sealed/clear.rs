//! Identity numbers from before they were sealed.

use db::tables::customer_niks as niks;
use db::{Db, Tx};

use super::nik_context;
use crate::error::Result;
use crate::vault::Vault;

/// Numbers of one transaction.
const BATCH: i64 = 500;

/// Seals identity numbers that stand readable in the database, and returns how many there were.
/// Done at every start; after the first it finds none.
///
/// # Errors
/// The database fails.
pub async fn seal_what_is_clear(db: &Db, vault: &Vault) -> Result<usize> {
    let mut sealed = 0;
    loop {
        let vault = vault.clone();
        match db.write(move |tx| seal_some(tx, &vault)).await? {
            0 => break,
            some => sealed += some,
        }
    }
    if sealed > 0 {
        log::info!("sealed {sealed} identity numbers that stood readable");
        db.read(|conn| Ok::<_, crate::Error>(niks::rewrite(conn)?)).await?;
    }
    Ok(sealed)
}

fn seal_some(tx: &mut Tx<'_>, vault: &Vault) -> Result<usize> {
    let clear = niks::clear(tx.conn(), BATCH)?;
    for (id, nik) in &clear {
        let sealed = vault.seal(&nik_context(*id), nik.as_bytes());
        niks::replace_clear(tx.conn(), *id, &sealed)?;
    }
    Ok(clear.len())
}
