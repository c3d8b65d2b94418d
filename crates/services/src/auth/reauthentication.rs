//! Reauthentication: asking a signed-in user for the password again before sensitive operations.

use db::tables::{recovery_codes, users};
use db::{Db, Tx};
use shared::ErrorCode;

use crate::Actor;
use crate::auth::otp::{self, OtpProof};
use crate::auth::passwords::{Hasher, QueueClass};
use crate::auth::throttle::{self, CountedAttempt, Subject, ThrottleDecision};
use crate::encryption::Cipher;
use crate::error::{Error, OrNotFound, Result};

/// A password (and one-time code) that was correct when it was compared; see
/// [`Reauthentication::consume`].
#[derive(Clone)]
pub struct Reauthentication {
    password_hash: String,
    proof: Option<OtpProof>,
    counted: Vec<CountedAttempt>,
}

/// Counts an attempt to enter the own password or code.
///
/// # Errors
/// `TooManyAttempts`.
pub(crate) async fn count_attempt(
    db: &Db,
    cipher: &Cipher,
    actor: &Actor,
) -> Result<Vec<CountedAttempt>> {
    let cipher = cipher.clone();
    // Counted per device, so that a stolen device can not lock the owner out on the others.
    let subject = Subject::Reauthentication(actor.user_id, actor.session_id);
    let count = move |tx: &mut Tx<'_>| throttle::count_attempt(tx, &cipher, vec![subject.clone()]);
    match db.write_essential(count).await? {
        ThrottleDecision::Wait(seconds) => Err(throttle::refusal(seconds)),
        ThrottleDecision::Allow(counted) => Ok(counted),
    }
}

/// Compares the caller's password. With `otp` it also parses the code, which
/// [`Reauthentication::consume`] uses up.
///
/// # Errors
/// `WrongPassword`, `TooManyAttempts`, `Unavailable` (too many hashes at once).
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
    let (id, with_codes) = (actor.user_id, otp.as_deref().is_some_and(otp::is_recovery_code));
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
    /// Verifies, in the transaction of the protected operation, that the password is unchanged, and
    /// uses up the code.
    ///
    /// # Errors
    /// `WrongPassword` if the password was changed meanwhile, `WrongOtp`.
    pub(crate) fn consume(&self, tx: &mut Tx<'_>, cipher: &Cipher, actor: &Actor) -> Result<()> {
        let (user, _) = users::find(tx.conn(), actor.user_id)?.or_not_found()?;
        if user.password_hash != self.password_hash {
            return Err(Error::field("current_password", ErrorCode::WrongPassword));
        }
        if let Some(proof) = &self.proof
            && !otp::verify_once(tx, cipher, user.id, proof)?
        {
            return Err(Error::field("otp", ErrorCode::WrongOtp));
        }
        forgive_attempts(tx, cipher, &self.counted)
    }
}

/// Clears the counted attempts after a correct password or code.
pub(crate) fn forgive_attempts(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    counted: &[CountedAttempt],
) -> Result<()> {
    counted.iter().try_for_each(|counted| throttle::forgive(tx, cipher, counted))
}
