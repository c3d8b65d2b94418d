//! Asking somebody who is signed in for the own password again, before what a stolen browser must not do.

use db::tables::{recovery_codes, users};
use db::{Db, Tx};
use shared::ErrorCode;

use crate::Actor;
use crate::auth::passwords::{Hasher, QueueClass};
use crate::auth::second_factor::{self, OtpProof};
use crate::auth::throttle::{self, CountedAttempt, Subject, ThrottleDecision};
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result};

/// A password (and a code) that was right when it was compared; see [`Confirmed::check`].
#[derive(Clone)]
pub struct Reauthentication {
    password_hash: String,
    proof: Option<OtpProof>,
    counted: Vec<CountedAttempt>,
}

/// Counts an attempt to guess the own password or code.
///
/// # Errors
/// [`ErrorCode::TooManyAttempts`] after too many failures.
pub(crate) async fn count_attempt(
    db: &Db,
    cipher: &Cipher,
    actor: &Actor,
) -> Result<Vec<CountedAttempt>> {
    let cipher = cipher.clone();
    // Counted by device: whoever has stolen one does not keep the owner from the others.
    let subject = Subject::Reauthentication(actor.user_id, actor.session_id);
    let count = move |tx: &mut Tx<'_>| throttle::count_attempt(tx, &cipher, vec![subject.clone()]);
    match db.write_essential(count).await? {
        ThrottleDecision::Wait(seconds) => Err(throttle::refusal(seconds)),
        ThrottleDecision::Allow(counted) => Ok(counted),
    }
}

/// Compares the own password; with `otp` also notes the code, which is used up by [`Confirmed::check`].
///
/// # Errors
/// [`ErrorCode::WrongPassword`]; too many failures; too many hashes at once.
pub async fn reauthenticate(
    db: &Db,
    hasher: &Hasher,
    cipher: &Cipher,
    actor: &Actor,
    password: String,
    otp: Option<String>,
) -> Result<Reauthentication> {
    let place = hasher.reserve(QueueClass::Known)?;
    let counted = count_attempt(db, cipher, actor).await?;
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
        Some(otp) => Some(OtpProof::parse(&place, &otp, codes).await?),
        None => None,
    };
    Ok(Reauthentication { password_hash, proof, counted })
}

impl Reauthentication {
    /// Whether it still holds, in the transaction of what it is asked for; uses the code up.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassword`] if the password was changed meanwhile; [`ErrorCode::WrongOtp`].
    pub(crate) fn consume(&self, tx: &mut Tx<'_>, cipher: &Cipher, actor: &Actor) -> Result<()> {
        let (user, _) = users::find(tx.conn(), actor.user_id)?.or_not_found()?;
        if user.password_hash != self.password_hash {
            return Err(Error::field("current_password", ErrorCode::WrongPassword));
        }
        if let Some(proof) = &self.proof
            && !second_factor::verify_once(tx, cipher, user.id, proof)?
        {
            return Err(Error::field("otp", ErrorCode::WrongOtp));
        }
        forgive_attempts(tx, cipher, &self.counted)
    }
}

/// It was the right one.
pub(crate) fn forgive_attempts(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    counted: &[CountedAttempt],
) -> Result<()> {
    counted.iter().try_for_each(|counted| throttle::forgive(tx, cipher, counted))
}
