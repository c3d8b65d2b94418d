//! Security response headers: Content-Security-Policy, HSTS and others.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::{ApiConfig, transport};

/// The path whose requests keep their connection.
const WEBSOCKET_PATH: &str = "/api/ws";

/// Content-Security-Policy of the browser application. WebAssembly needs `wasm-unsafe-eval`; photos
/// are shown from `blob:` URLs because they are fetched with an `Authorization` header. Not every
/// browser counts the WebSocket as `'self'`, so its origin is added, and that of the map tiles.
const APP_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; connect-src 'self'";

/// Content-Security-Policy of the API documentation: scripts and styles are files, icons are
/// `data:` URLs. The hash is that of the only inline style, the colours of the logo.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Content-Security-Policy of data and photos, which are never rendered as a page.
const DATA_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; sandbox";

/// Permissions-Policy: the application uses none of these device features.
const PERMISSIONS_POLICY: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
    geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    serial=(), usb=()";

/// Strict-Transport-Security for a year, without subdomains: other hosts may belong to somebody
/// else.
const HSTS: &str = "max-age=31536000";

/// The headers of this server, built once.
#[derive(Debug)]
pub struct SecurityHeaders {
    common: Vec<(HeaderName, HeaderValue)>,
    app_policy: HeaderValue,
}

/// What a response contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseKind {
    Application,
    Docs,
    Data,
}

impl ResponseKind {
    fn for_path(path: &str) -> Self {
        let below = |folder: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if below("/api/docs") {
            ResponseKind::Docs
        } else if below("/api") || below("/health") {
            ResponseKind::Data
        } else {
            ResponseKind::Application
        }
    }
}

impl SecurityHeaders {
    /// Builds the headers for a configuration.
    pub fn new(config: &ApiConfig) -> Self {
        let fixed = HeaderValue::from_static;
        let mut common = vec![
            (X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
            (X_FRAME_OPTIONS, fixed("DENY")),
            (REFERRER_POLICY, fixed("same-origin")),
            (HeaderName::from_static("permissions-policy"), fixed(PERMISSIONS_POLICY)),
            (HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin")),
            (HeaderName::from_static("cross-origin-resource-policy"), fixed("same-origin")),
        ];
        if config.public_url.starts_with("https://") {
            common.push((STRICT_TRANSPORT_SECURITY, fixed(HSTS)));
        }
        let tiles = config.map_tiles.as_ref().map(|tiles| format!(" {}", tiles.origin));
        let images = format!("img-src 'self' blob: data:{};", tiles.unwrap_or_default());
        let policy = APP_POLICY.replace("img-src 'self' blob: data:;", &images);
        let policy = format!("{policy} {}", websocket_origin(&config.public_url));
        let app_policy = HeaderValue::from_str(&policy).unwrap_or(fixed(APP_POLICY));
        Self { common, app_policy }
    }

    fn apply(&self, kind: ResponseKind, headers: &mut HeaderMap) {
        for (name, value) in &self.common {
            headers.insert(name.clone(), value.clone());
        }
        let (policy, cache) = match kind {
            ResponseKind::Application => (self.app_policy.clone(), "no-cache"),
            ResponseKind::Docs => (HeaderValue::from_static(DOCS_POLICY), "no-cache"),
            ResponseKind::Data => (HeaderValue::from_static(DATA_POLICY), "no-store"),
        };
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        }
    }
}

/// Returns the origin of the WebSocket that pages at this URL open.
fn websocket_origin(public_url: &str) -> String {
    let (scheme, rest) = public_url.split_once("://").unwrap_or(("http", public_url));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{}://{host}", if scheme == "https" { "wss" } else { "ws" })
}

/// Adds the headers to every response of the server.
///
/// # Errors
/// Those of the wrapped service.
pub async fn add_security_headers(
    headers: Data<SecurityHeaders>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let kind = ResponseKind::for_path(request.path());
    if request.path() != WEBSOCKET_PATH {
        transport::release_handle(request.request());
    }
    let mut response = next.call(request).await?;
    headers.apply(kind, response.headers_mut());
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_decides_the_kind_of_response() {
        for (path, kind) in [
            ("/", ResponseKind::Application),
            ("/jobs/17", ResponseKind::Application),
            ("/apixyz", ResponseKind::Application),
            ("/api", ResponseKind::Data),
            ("/api/jobs", ResponseKind::Data),
            ("/api/openapi.json", ResponseKind::Data),
            ("/api/docs", ResponseKind::Docs),
            ("/api/docs/swagger-ui.css", ResponseKind::Docs),
            ("/api/docsx", ResponseKind::Data),
            ("/health/live", ResponseKind::Data),
        ] {
            assert_eq!(ResponseKind::for_path(path), kind, "{path}");
        }
    }

    #[test]
    fn the_websocket_origin_has_the_public_host() {
        assert_eq!(websocket_origin("https://isp.example.id"), "wss://isp.example.id");
        assert_eq!(websocket_origin("http://localhost:3001/"), "ws://localhost:3001");
    }

    #[test]
    fn no_policy_allows_inline_code() {
        for policy in [APP_POLICY, DOCS_POLICY, DATA_POLICY] {
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains('*'));
        }
    }
}
