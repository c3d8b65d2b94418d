//! Asking somebody who is signed in for the own password again, before what a stolen browser must not do.

use db::tables::{recovery_codes, users};
use db::{Db, Tx};
use shared::ErrorCode;

use crate::Actor;
use crate::error::{Error, OrNotFound, Result};
use crate::passwords::{Hasher, Waiting};
use crate::second_factor::{self, Proof};
use crate::throttle::{self, Counted, Subject, Verdict};
use crate::vault::Vault;

/// A password (and a code) that was right when it was compared; see [`Confirmed::check`].
#[derive(Clone)]
pub struct Confirmed {
    password_hash: String,
    proof: Option<Proof>,
    counted: Vec<Counted>,
}

/// Counts an attempt to guess the own password or code.
///
/// # Errors
/// [`ErrorCode::TooManyAttempts`] after too many failures.
pub(crate) async fn count(db: &Db, vault: &Vault, actor: &Actor) -> Result<Vec<Counted>> {
    let vault = vault.clone();
    // Counted by device: whoever has stolen one does not keep the owner from the others.
    let subject = Subject::Confirmation(actor.user_id, actor.session_id);
    let count = move |tx: &mut Tx<'_>| throttle::count(tx, &vault, vec![subject.clone()]);
    match db.write_essential(count).await? {
        Verdict::Wait(seconds) => Err(throttle::refused(seconds)),
        Verdict::Go(counted) => Ok(counted),
    }
}

/// Compares the own password; with `otp` also notes the code, which is used up by [`Confirmed::check`].
///
/// # Errors
/// [`ErrorCode::WrongPassword`]; too many failures; too many hashes at once.
pub async fn ask(
    db: &Db,
    hasher: &Hasher,
    vault: &Vault,
    actor: &Actor,
    password: String,
    otp: Option<String>,
) -> Result<Confirmed> {
    let place = hasher.reserve(Waiting::Known)?;
    let counted = count(db, vault, actor).await?;
    let (id, with_codes) =
        (actor.user_id, otp.as_deref().is_some_and(second_factor::is_recovery_code));
    let (password_hash, codes) = db
        .read(move |conn| {
            let (user, _) = users::find(conn, id)?.or_not_found()?;
            let codes = if with_codes { recovery_codes::hashes(conn, id)? } else { Vec::new() };
            Ok::<_, Error>((user.password_hash, codes))
        })
        .await?;
    if !place.verify(password, Some(password_hash.clone())).await? {
        return Err(Error::field("current_password", ErrorCode::WrongPassword));
    }
    let proof = match otp {
        Some(otp) => Some(Proof::read(&place, &otp, codes).await?),
        None => None,
    };
    Ok(Confirmed { password_hash, proof, counted })
}

impl Confirmed {
    /// Whether it still holds, in the transaction of what it is asked for; uses the code up.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassword`] if the password was changed meanwhile; [`ErrorCode::WrongOtp`].
    pub(crate) fn check(&self, tx: &mut Tx<'_>, vault: &Vault, actor: &Actor) -> Result<()> {
        let (user, _) = users::find(tx.conn(), actor.user_id)?.or_not_found()?;
        if user.password_hash != self.password_hash {
            return Err(Error::field("current_password", ErrorCode::WrongPassword));
        }
        if let Some(proof) = &self.proof
            && !second_factor::accept(tx, vault, user.id, proof)?
        {
            return Err(Error::field("otp", ErrorCode::WrongOtp));
        }
        forgive(tx, vault, &self.counted)
    }
}

/// It was the right one.
pub(crate) fn forgive(tx: &mut Tx<'_>, vault: &Vault, counted: &[Counted]) -> Result<()> {
    counted.iter().try_for_each(|counted| throttle::forgive(tx, vault, counted))
}
