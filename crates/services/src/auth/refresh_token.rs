//! Single-use refresh tokens with a short reuse grace period.
//!
//! A token is `<session>.<generation>.<secret>`. Its secret is derived from a server key, a random
//! nonce of the token family and the generation. So the database stores only the nonce and hashes,
//! and several requests with the same token at the same time (tabs, a lost response) still get the
//! same successor. After [`REUSE_GRACE`] a replaced token means that somebody has a copy.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, TimeDelta};
use db::tables::sessions::{self as table, NextRefreshToken, SessionRow};
use db::tables::users;
use db::{DbError, Tx};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use shared::{ErrorCode, SessionId};
use subtle::ConstantTimeEq;

use crate::accounts::signed_in_user;
use crate::auth::access_claims::AccessClaims;
use crate::auth::issued_session::IssuedSession;
use crate::auth::jwt::{random_secret, secret_hash};
use crate::auth::known_device::{self, KnownDevice};
use crate::auth::sessions;
use crate::encryption::Cipher;
use crate::error::{Error, Result};

/// How long a replaced token still returns its successor.
pub const REUSE_GRACE: TimeDelta = TimeDelta::seconds(10);

/// Result of a refresh.
pub enum RefreshResult {
    Renewed(Box<IssuedSession>),
    /// The token was replaced before: somebody has a copy, so the whole family is revoked.
    Replayed,
}

/// A refresh token and its stored form.
pub(crate) struct RefreshToken {
    pub hash: String,
    pub nonce: String,
    generation: i64,
    secret: String,
}

impl RefreshToken {
    fn new(cipher: &Cipher, nonce: String, generation: i64) -> Self {
        let secret = secret(&cipher.derive_key(KEY_PURPOSE), &nonce, generation);
        Self { hash: secret_hash(&secret), nonce, generation, secret }
    }

    /// The token as sent to the client.
    pub fn encode(&self, session: SessionId) -> String {
        format!("{session}.{}.{}", self.generation, self.secret)
    }
}

const KEY_PURPOSE: &str = "refresh tokens";

fn secret(key: &[u8], nonce: &str, generation: i64) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(&generation.to_be_bytes());
    mac.update(nonce.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// The first token of a new family.
pub(crate) fn new_family(cipher: &Cipher) -> RefreshToken {
    RefreshToken::new(cipher, random_secret(), 0)
}

/// A token presented by a client.
struct PresentedToken<'a> {
    session: SessionId,
    /// Absent in tokens issued before generations existed.
    generation: Option<i64>,
    secret: &'a str,
}

impl<'a> PresentedToken<'a> {
    fn parse(token: &'a str) -> Option<Self> {
        let (session, rest) = token.split_once('.')?;
        let session = session.parse().ok()?;
        Some(match rest.split_once('.') {
            Some((generation, secret)) => {
                Self { session, generation: Some(generation.parse().ok()?), secret }
            }
            None => Self { session, generation: None, secret: rest },
        })
    }

    fn matches(&self, hash: &str) -> bool {
        secret_hash(self.secret).as_bytes().ct_eq(hash.as_bytes()).into()
    }

    /// Whether it was the valid token of this family before the last two.
    fn was_valid_once(&self, session: &SessionRow, cipher: &Cipher) -> bool {
        let (Some(generation), Some(nonce)) = (self.generation, &session.family_nonce) else {
            return false;
        };
        let made = |key: &[u8; 32]| secret(key, nonce, generation);
        generation < session.generation
            && cipher
                .derive_keys(KEY_PURPOSE)
                .iter()
                .any(|key| bool::from(made(key).as_bytes().ct_eq(self.secret.as_bytes())))
    }
}

/// Exchanges a refresh token for its successor. `known` is the known-device cookie.
///
/// # Errors
/// `NotAuthenticated` if the token is unknown or its session has ended.
pub fn refresh(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    token: &str,
    known: Option<&KnownDevice>,
    lifetime: TimeDelta,
) -> Result<RefreshResult> {
    let refused = || Error::refuse(ErrorCode::NotAuthenticated);
    let now = tx.now();
    let presented = PresentedToken::parse(token).ok_or_else(refused)?;
    let (session, (user, technician)) =
        table::find_with_user(tx.conn(), presented.session)?.ok_or_else(refused)?;
    let ended = session.revoked_at.is_some() || session.expires_at <= now.naive_utc();
    if ended || !user.active {
        return Err(refused());
    }
    let replaced = session.previous_hash.as_deref().is_some_and(|hash| presented.matches(hash));
    let next = if presented.matches(&session.token_hash) {
        rotate(tx, cipher, &session, (now + lifetime).naive_utc())?
    } else if replaced && in_grace(&session, now.naive_utc()) {
        successor(cipher, &session).ok_or_else(refused)?
    } else if replaced || presented.was_valid_once(&session, cipher) {
        log::warn!("a refresh token of session {} was replayed; the session is ended", session.id);
        sessions::end(tx, session.id, user.id)?;
        // Whoever has a copy of the token may have one of the device cookie too.
        users::reset_devices(tx.conn(), user.id)?;
        return Ok(RefreshResult::Replayed);
    } else {
        // Never a token of this family: a guess must not end the session.
        return Err(refused());
    };
    Ok(RefreshResult::Renewed(Box::new(IssuedSession {
        claims: AccessClaims { user_id: user.id, session_id: session.id, epoch: user.token_epoch },
        refresh_token: next.encode(session.id),
        device: known_device::renew(&user, known),
        user: signed_in_user(tx.conn(), &user, technician)?,
    })))
}

fn in_grace(session: &SessionRow, now: NaiveDateTime) -> bool {
    session.rotated_at.is_some_and(|rotated| now - rotated <= REUSE_GRACE)
}

fn rotate(
    tx: &mut Tx<'_>,
    cipher: &Cipher,
    session: &SessionRow,
    expires_at: NaiveDateTime,
) -> Result<RefreshToken> {
    let nonce = session.family_nonce.clone().unwrap_or_else(random_secret);
    let token = RefreshToken::new(cipher, nonce, session.generation + 1);
    let next = NextRefreshToken {
        hash: &token.hash,
        family_nonce: &token.nonce,
        generation: token.generation,
        expires_at,
    };
    let now = tx.now().naive_utc();
    if !table::rotate(tx.conn(), session.id, &session.token_hash, &next, now)? {
        // A concurrent request with the same token was faster: the retry finds this one within its
        // grace period.
        return Err(DbError::Conflict.into());
    }
    Ok(token)
}

/// Recomputes the newest token; `None` if the key that derived it is no longer known.
fn successor(cipher: &Cipher, session: &SessionRow) -> Option<RefreshToken> {
    let nonce = session.family_nonce.as_ref()?;
    let made = cipher.derive_keys(KEY_PURPOSE).into_iter().map(|key| {
        let secret = secret(&key, nonce, session.generation);
        RefreshToken {
            hash: secret_hash(&secret),
            nonce: nonce.clone(),
            generation: session.generation,
            secret,
        }
    });
    made.into_iter().find(|token| token.hash == session.token_hash)
}

/// Signs a device out. An unknown token counts as signed out.
pub fn logout(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let Some(presented) = PresentedToken::parse(token) else { return Ok(()) };
    let Some(session) = table::find(tx.conn(), presented.session)? else { return Ok(()) };
    let replaced = session.previous_hash.as_deref().is_some_and(|hash| presented.matches(hash));
    if session.revoked_at.is_none() && (replaced || presented.matches(&session.token_hash)) {
        sessions::end(tx, session.id, session.user_id)?;
    }
    Ok(())
}
