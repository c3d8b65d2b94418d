//! Access tokens (JWT).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::{ErrorCode, SessionId};

use crate::auth::access_claims::AccessClaims;
use crate::auth::token_cache::{TokenCache, VerifiedToken};
use crate::error::{Error, Result};

const ISSUER: &str = "isp-management";
const AUDIENCE: &str = "isp-management-api";
/// Media type of access tokens (RFC 9068), so that tokens for other purposes are rejected.
const TOKEN_TYPE: &str = "at+jwt";

#[derive(Serialize, Deserialize)]
struct JwtClaims {
    iss: String,
    aud: String,
    sub: String,
    sid: i64,
    epoch: i64,
    iat: i64,
    exp: i64,
}

/// Signing keys of this installation.
#[derive(Clone)]
pub struct JwtKeys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: TimeDelta,
    cache: Arc<TokenCache>,
}

impl JwtKeys {
    /// Keys from `JWT_SECRET`; access tokens live for `lifetime`.
    pub fn new(secret: &[u8], lifetime: TimeDelta) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation: validation(),
            lifetime,
            cache: Arc::default(),
        }
    }

    /// Lifetime of an access token.
    pub fn lifetime(&self) -> TimeDelta {
        self.lifetime
    }

    /// Issues an access token.
    pub fn issue(&self, claims: AccessClaims, now: DateTime<Utc>) -> Result<String> {
        let body = JwtClaims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: claims.user_id.to_string(),
            sid: claims.session_id.0,
            epoch: claims.epoch,
            iat: now.timestamp(),
            exp: (now + self.lifetime).timestamp(),
        };
        let header = Header { typ: Some(TOKEN_TYPE.into()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &body, &self.encoding)
            .map_err(|error| Error::Internal(format!("signing an access token: {error}")))
    }

    /// Verifies an access token: algorithm, type, issuer, audience and expiry.
    ///
    /// # Errors
    /// `TokenExpired`, `NotAuthenticated`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims> {
        let claimed = match self.cache.get(token) {
            Some(known) => known,
            None => {
                let claimed = self.decode(token)?;
                self.cache.insert(token, claimed, now.timestamp());
                claimed
            }
        };
        if claimed.expires_at <= now.timestamp() {
            return Err(Error::refuse(ErrorCode::TokenExpired));
        }
        Ok(claimed.claims)
    }

    fn decode(&self, token: &str) -> Result<VerifiedToken> {
        let invalid = || Error::refuse(ErrorCode::NotAuthenticated);
        let data = jsonwebtoken::decode::<JwtClaims>(token, &self.decoding, &self.validation)
            .map_err(|_| invalid())?;
        if data.header.typ.as_deref() != Some(TOKEN_TYPE) {
            return Err(invalid());
        }
        let claims = AccessClaims {
            user_id: data.claims.sub.parse().map_err(|_| invalid())?,
            session_id: SessionId(data.claims.sid),
            epoch: data.claims.epoch,
        };
        Ok(VerifiedToken { claims, expires_at: data.claims.exp })
    }
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The expiry is compared with the injected clock instead.
    validation.validate_exp = false;
    validation
}

/// Generates a secret of 256 random bits as text.
pub fn random_secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Hash for storing a secret. Secrets are random and long, so a fast hash is sufficient.
pub fn secret_hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// HMAC-SHA-256 of the parts, in hex. It represents texts that may contain passwords, which can not
/// be guessed from it without the key.
pub fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    hex(&mac.finalize().into_bytes())
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use shared::UserId;

    use super::*;

    const CLAIMS: AccessClaims =
        AccessClaims { user_id: UserId(7), session_id: SessionId(3), epoch: 1 };

    fn keys() -> JwtKeys {
        JwtKeys::new(b"0123456789abcdef0123456789abcdef", TimeDelta::minutes(15))
    }

    #[test]
    fn a_token_is_valid_until_its_expiry() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = keys().issue(CLAIMS, now).unwrap();
        assert_eq!(keys().verify(&token, now + TimeDelta::seconds(899)).unwrap(), CLAIMS);
        let late = keys().verify(&token, now + TimeDelta::seconds(900)).unwrap_err();
        assert!(matches!(late, Error::Refused(refusal) if refusal.code == ErrorCode::TokenExpired));
    }

    #[test]
    fn a_token_with_another_key_or_algorithm_is_rejected() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let other = JwtKeys::new(b"another secret of thirty-two chars", TimeDelta::minutes(15));
        let forged = other.issue(CLAIMS, now).unwrap();
        assert!(keys().verify(&forged, now).is_err());
        let token = keys().issue(CLAIMS, now).unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#);
        assert!(keys().verify(&format!("{none}.{rest}"), now).is_err());
    }
}
