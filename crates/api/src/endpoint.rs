//! One endpoint of the API, and the macro that declares the list of all of them.
//!
//! A line of the list is all that an endpoint needs beside its handler. The route, the operation in
//! the OpenAPI document, the methods in the `Allow` header and the required access are derived from
//! it.

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Responder, Route, web};

use crate::extractors::if_match;
use crate::middleware::rate_limits::RateLimitClass;
use crate::openapi::required_access::{RequiredAccess, RequiresAccess};

/// A handler at its method and path.
pub struct Endpoint {
    pub method: Method,
    /// The path with `{id}` for a parameter, as in the OpenAPI document.
    pub path: &'static str,
    /// Read from the signature of the handler.
    pub access: RequiredAccess,
    pub rate_limit: RateLimitClass,
    /// Whether the handler compares the version of `If-Match`.
    pub if_match: bool,
    pub route: Route,
}

impl Endpoint {
    pub fn new<H, Arguments>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<Arguments>,
        H::Output: Responder + 'static,
        Arguments: FromRequest + RequiresAccess + 'static,
    {
        let if_match = Arguments::IF_MATCH;
        let mut route = web::method(method.clone()).to(handler);
        if if_match::is_write(&method) && !if_match {
            route = route.wrap(from_fn(if_match::refuse));
        }
        let (access, rate_limit) = (Arguments::ACCESS, RateLimitClass::General);
        Self { method, path, access, rate_limit, if_match, route }
    }

    /// Sets another rate limit than the general one.
    pub fn rate_limit(self, rate_limit: RateLimitClass) -> Self {
        Self { rate_limit, ..self }
    }
}

/// Declares `endpoints()` and `Operations`, the OpenAPI operations of the same handlers.
macro_rules! endpoints {
    ($($method:ident $path:literal => $($handler:ident)::+ $(, rate_limit: $class:ident)?;)+) => {
        /// Returns every endpoint, in the order of the list.
        pub fn endpoints() -> Vec<Endpoint> {
            vec![$(
                Endpoint::new(Method::$method, $path, $($handler)::+)
                    $(.rate_limit(RateLimitClass::$class))?
            ),+]
        }

        /// The OpenAPI operations of every endpoint with the schemas that they use.
        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($($handler)::+),+))]
        pub struct Operations;

        /// Returns method and path of each line with the OpenAPI document of its handler alone.
        #[cfg(test)]
        fn documents() -> Vec<(Method, &'static str, utoipa::openapi::OpenApi)> {
            vec![$({
                #[derive(utoipa::OpenApi)]
                #[openapi(paths($($handler)::+))]
                struct Operation;
                (Method::$method, $path, <Operation as utoipa::OpenApi>::openapi())
            }),+]
        }
    };
}

pub(crate) use endpoints;
