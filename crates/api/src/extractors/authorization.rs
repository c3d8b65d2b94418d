//! Who calls, and whether they may: before anything else of a request is read.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use services::Conn;
use services::api_keys::ApiKeyIdentity;
use services::users::AccountState;
use services::{Actor, auth::sessions};
use shared::ErrorCode;

use crate::client_address;
use crate::extractors::api_key_auth;
use crate::extractors::permissions::Requires;
use crate::middleware::request_log;
use crate::problem::ApiError;
use crate::state::App;

/// A person or a program with the permission `P`, and then the rest of the request, read only after
/// that: a missing login is never masked by a bad body.
pub struct Allowed<P, I = ()> {
    pub actor: Actor,
    pub input: I,
    permission: PhantomData<P>,
}

/// A person with the permission `P`: a program is refused, whatever its key allows. For what makes logins
/// or decides who gets in: a key must not give itself another way in.
pub struct AllowedPerson<P, I = ()> {
    pub actor: Actor,
    pub input: I,
    permission: PhantomData<P>,
}

/// A person who is signed in; no permission needed. Reaches also those who first have to change
/// their password or to set up a second factor: for what they need for that. An API key is not
/// enough: what stands behind this belongs to a person.
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
            let actor = authorize::<P>(&request, P::PERMISSION.is_some()).await?;
            request.extensions_mut().insert(AuthenticatedCaller);
            let input = I::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self { actor, input, permission: PhantomData })
        })
    }
}

impl<P: Requires, I: FromRequest + 'static> FromRequest for AllowedPerson<P, I> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let actor = authorize::<P>(&request, false).await?;
            request.extensions_mut().insert(AuthenticatedCaller);
            let input = I::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self { actor, input, permission: PhantomData })
        })
    }
}

/// Among the extensions of a request: its caller is known. What others send is held to less memory.
pub(crate) struct AuthenticatedCaller;

/// Who calls, with the permission `P`; also a program, if `programs` may.
async fn authorize<P: Requires>(request: &HttpRequest, programs: bool) -> Result<Actor, ApiError> {
    let app = state(request)?;
    let actor = match identify(app, request).await? {
        Identity::User(facts) if facts.must_change_password => {
            return Err(ApiError::refuse(ErrorCode::PasswordChangeRequired));
        }
        Identity::User(facts) if facts.second_factor_missing => {
            return Err(ApiError::refuse(ErrorCode::SecondFactorSetupRequired));
        }
        Identity::User(facts) => user_actor(app, request, facts),
        Identity::ApiKey(_) if !programs => {
            return Err(ApiError::refuse(ErrorCode::SignInRequired));
        }
        Identity::ApiKey(key) => {
            let ip = client_ip(request, app.config.trust_proxy);
            key.actor(ip, request_log::request_id(request))
        }
    };
    if P::PERMISSION.is_some_and(|permission| !actor.permissions.allows(permission)) {
        return Err(ApiError::refuse(ErrorCode::Forbidden));
    }
    Ok(actor)
}

impl<I: FromRequest + 'static> FromRequest for SignedIn<I> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = state(&request)?;
            let actor = match identify(app, &request).await? {
                Identity::User(facts) => user_actor(app, &request, facts),
                Identity::ApiKey(_) => {
                    return Err(ApiError::refuse(ErrorCode::SignInRequired).into());
                }
            };
            request.extensions_mut().insert(AuthenticatedCaller);
            let input = I::from_request(&request, &mut payload).await.map_err(Into::into)?;
            Ok(Self { actor, input })
        })
    }
}

/// The address of the caller as text.
pub fn client_ip(request: &HttpRequest, trust_proxy: bool) -> Option<String> {
    client_address::from_request(request, trust_proxy).map(|address| address.to_string())
}

/// Who calls.
enum Identity {
    User(AccountState),
    ApiKey(Arc<ApiKeyIdentity>),
}

async fn identify(app: &App, request: &HttpRequest) -> Result<Identity, ApiError> {
    let headers = request.headers();
    match (headers.get(AUTHORIZATION), headers.contains_key(api_key_auth::API_KEY_HEADER)) {
        // Whose traces and whose limits would these be?
        (Some(_), true) => {
            Err(ApiError::refuse_with(ErrorCode::MalformedRequest, "Authorization, X-Api-Key"))
        }
        (None, true) => {
            let from = client_address::from_request(request, app.config.trust_proxy);
            Ok(Identity::ApiKey(api_key_auth::authenticate(app, request, from).await?))
        }
        (bearer, false) => {
            let bearer = bearer.and_then(|value| value.to_str().ok());
            Ok(Identity::User(authenticate_bearer(app, bearer).await?))
        }
    }
}

async fn authenticate_bearer(app: &App, bearer: Option<&str>) -> Result<AccountState, ApiError> {
    let refused = || ApiError::refuse(ErrorCode::NotAuthenticated);
    let (scheme, token) = bearer.and_then(|value| value.split_once(' ')).ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let now = app.db.clock().now();
    let claims = app.token_keys.verify(token.trim(), now)?;
    let session = claims.session_id;
    let read = move |conn: &mut Conn| sessions::account_state(conn, session);
    let mut facts = app.session_cache.get(&app.db, session, read).await?.ok_or_else(refused)?;
    let ended = |facts: &AccountState| facts.session_expires_at.is_some_and(|end| end <= now);
    if ended(&facts) {
        // It may have been renewed since that was read.
        facts = app.db.read(read).await?.filter(|facts| !ended(facts)).ok_or_else(refused)?;
    }
    if !facts.active || facts.epoch != claims.epoch || facts.user_id != claims.user_id {
        return Err(refused());
    }
    Ok(facts)
}

fn user_actor(app: &App, request: &HttpRequest, facts: AccountState) -> Actor {
    Actor {
        session_id: facts.session_id,
        ip: client_ip(request, app.config.trust_proxy),
        request_id: Some(request_log::request_id(request)),
        ..Actor::for_user(facts.user_id, facts.name, facts.role, facts.technician_id)
    }
}

fn state(request: &HttpRequest) -> Result<&App, ApiError> {
    request.app_data::<App>().ok_or_else(|| ApiError::Internal("no state".into()))
}
