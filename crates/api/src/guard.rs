//! Who calls, and whether they may: before anything else of a request is read.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use services::Actor;
use services::tokens::AccessClaims;
use services::users::LoginFacts;
use shared::ErrorCode;

use crate::perm::Requires;
use crate::problem::ApiError;
use crate::state::App;
use crate::trace;

/// A caller with the permission `P`, and then the rest of the request, read only after that: a
/// missing login is never masked by a bad body.
pub struct Allowed<P, I = ()> {
    pub actor: Actor,
    pub input: I,
    permission: PhantomData<P>,
}

/// A caller who is signed in; no permission needed. Reaches also those who first have to change
/// their password or to set up a second factor: for what they need for that.
pub struct SignedIn<I = ()> {
    pub actor: Actor,
    pub input: I,
}

impl<P: Requires, I: FromRequest + 'static> FromRequest for Allowed<P, I> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let facts = authenticate(&request).await?;
            if facts.must_change_password {
                return Err(ApiError::refuse(ErrorCode::PasswordChangeRequired).into());
            }
            if facts.second_factor_missing {
                return Err(ApiError::refuse(ErrorCode::SecondFactorSetupRequired).into());
            }
            if P::PERMISSION.is_some_and(|permission| !facts.role.allows(permission)) {
                return Err(ApiError::refuse(ErrorCode::Forbidden).into());
            }
            let actor = actor(&request, facts);
            let input = I::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self { actor, input, permission: PhantomData })
        })
    }
}

impl<I: FromRequest + 'static> FromRequest for SignedIn<I> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let facts = authenticate(&request).await?;
            let actor = actor(&request, facts);
            let input = I::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self { actor, input })
        })
    }
}

/// The address of the caller; behind a trusted proxy, the one that the proxy saw.
pub fn client_ip(request: &HttpRequest, trust_proxy: bool) -> Option<String> {
    let peer = request.peer_addr().map(|peer| peer.ip().to_string());
    if !trust_proxy {
        return peer;
    }
    // The nearest proxy appends to the header: only its last entry is its own word.
    let forwarded = request.headers().get_all("x-forwarded-for").last();
    forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .map(str::trim)
        .filter(|address| address.parse::<std::net::IpAddr>().is_ok())
        .map(str::to_owned)
        .or(peer)
}

async fn authenticate(request: &HttpRequest) -> Result<LoginFacts, ApiError> {
    let refused = || ApiError::refuse(ErrorCode::NotAuthenticated);
    let app = request.app_data::<App>().ok_or_else(|| ApiError::Internal("no state".into()))?;
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.and_then(|value| value.split_once(' ')).ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let counted = request.extensions().get::<AccessClaims>().copied();
    let claims = match counted {
        Some(claims) => claims,
        None => app.keys.read(token.trim(), app.db.clock().now())?,
    };
    let session = claims.session_id;
    let facts = match app.logins.known(session) {
        Some(facts) => facts,
        None => app.logins.read(&app.db, session).await?.ok_or_else(refused)?,
    };
    if !facts.active || facts.epoch != claims.epoch || facts.user_id != claims.user_id {
        return Err(refused());
    }
    Ok(facts)
}

fn actor(request: &HttpRequest, facts: LoginFacts) -> Actor {
    let trust_proxy = request.app_data::<App>().is_some_and(|app| app.config.trust_proxy);
    Actor {
        user_id: facts.user_id,
        name: facts.name,
        role: facts.role,
        technician_id: facts.technician_id,
        session_id: facts.session_id,
        ip: client_ip(request, trust_proxy),
        request_id: Some(trace::request_id(request)),
    }
}
