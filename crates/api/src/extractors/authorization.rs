//! Authentication and authorization of callers, before the rest of a request is read.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use services::api_keys::ApiKeyIdentity;
use services::auth::sessions;
use services::users::AccountState;
use services::{Actor, Conn};
use shared::ErrorCode;

use crate::api_key_cache::API_KEY_HEADER;
use crate::client_address::{self, client_ip};
use crate::extractors::api_key_auth;
use crate::extractors::permissions::RequiredPermission;
use crate::problem::ApiError;
use crate::request_context::request_id;
use crate::state::{self, App};

/// A user or an API key with the permission `P`, and the rest of the request. It is read only
/// afterwards: a missing sign-in is never masked by a malformed body.
pub struct Allowed<P, I = (), C = AnyCaller> {
    pub actor: Actor,
    pub input: I,
    permission: PhantomData<(P, C)>,
}

/// A user with the permission `P`; API keys are refused. For everything that creates users or
/// decides who gets access: a key must not create further access for itself.
pub type AllowedPerson<P, I = ()> = Allowed<P, I, PersonOnly>;

/// Which callers an endpoint admits.
pub trait CallerKind: 'static {
    /// Whether API keys with the permission are admitted.
    const API_KEYS: bool;
}

/// Users and API keys.
pub struct AnyCaller;

impl CallerKind for AnyCaller {
    const API_KEYS: bool = true;
}

/// Users only.
pub struct PersonOnly;

impl CallerKind for PersonOnly {
    const API_KEYS: bool = false;
}

/// A signed-in user; no permission needed. Also admits users who first have to change their
/// password or to set up a second factor, because they need some of these endpoints for it. API
/// keys are refused.
pub struct SignedIn<I = ()> {
    pub actor: Actor,
    pub input: I,
}

impl<P: RequiredPermission, I: FromRequest + 'static, C: CallerKind> FromRequest
    for Allowed<P, I, C>
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let actor = authorize::<P, C>(&request).await?;
            let input = read_input(&request, &mut payload).await?;
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
            let actor = signed_in_user(&request).await?;
            let input = read_input(&request, &mut payload).await?;
            Ok(Self { actor, input })
        })
    }
}

/// Marks a request whose caller is authenticated (request extension). Bodies of other callers get
/// less memory.
pub(crate) struct AuthenticatedCaller;

/// Reads the rest of the request of an authenticated caller.
async fn read_input<I: FromRequest>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<I, Error> {
    request.extensions_mut().insert(AuthenticatedCaller);
    I::from_request(request, payload).await.map_err(Into::into)
}

/// Authenticates the caller and checks its permission.
async fn authorize<P: RequiredPermission, C: CallerKind>(
    request: &HttpRequest,
) -> Result<Actor, ApiError> {
    let app = state::from_request(request)?;
    let actor = match identify(app, request).await? {
        Identity::User(facts) if facts.must_change_password => {
            return Err(ApiError::refuse(ErrorCode::PasswordChangeRequired));
        }
        Identity::User(facts) if facts.second_factor_missing => {
            return Err(ApiError::refuse(ErrorCode::SecondFactorSetupRequired));
        }
        Identity::User(facts) => user_actor(app, request, facts),
        // Without a permission an endpoint belongs to the user who calls it.
        Identity::ApiKey(_) if !C::API_KEYS || P::PERMISSION.is_none() => {
            return Err(ApiError::refuse(ErrorCode::SignInRequired));
        }
        Identity::ApiKey(key) => {
            let ip = client_ip(request, app.config.trust_proxy);
            key.actor(ip, request_id(request))
        }
    };
    if P::PERMISSION.is_some_and(|permission| !actor.permissions.allows(permission)) {
        return Err(ApiError::refuse(ErrorCode::Forbidden));
    }
    Ok(actor)
}

async fn signed_in_user(request: &HttpRequest) -> Result<Actor, ApiError> {
    let app = state::from_request(request)?;
    match identify(app, request).await? {
        Identity::User(facts) => Ok(user_actor(app, request, facts)),
        Identity::ApiKey(_) => Err(ApiError::refuse(ErrorCode::SignInRequired)),
    }
}

/// An authenticated caller.
enum Identity {
    User(AccountState),
    ApiKey(Arc<ApiKeyIdentity>),
}

async fn identify(app: &App, request: &HttpRequest) -> Result<Identity, ApiError> {
    let headers = request.headers();
    match (headers.get(AUTHORIZATION), headers.contains_key(API_KEY_HEADER)) {
        // It would be unclear whose audit entries and rate limit apply.
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
        // The session may have been renewed since the facts were cached.
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
        request_id: Some(request_id(request)),
        ..Actor::for_user(facts.user_id, facts.name, facts.role, facts.technician_id)
    }
}
