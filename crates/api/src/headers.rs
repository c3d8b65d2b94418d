//! What every answer forbids the browser.

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

/// The one address whose requests keep their connection.
const LIVE: &str = "/api/ws";

/// The browser application. WebAssembly needs `wasm-unsafe-eval`; blob pictures are the photos,
/// which need a sign-in header. Not every browser counts the WebSocket as `'self'`: it is added.
const APPLICATION: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; connect-src 'self'";

/// The readable documentation: scripts and styles are files, its icons are data addresses. The hash
/// is that of the one style that is written into the page, the colours of its logo.
const DOCS: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Data and photos: nothing in them is a page.
const DATA: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; sandbox";

/// Nothing here asks a device for anything.
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
    geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    serial=(), usb=()";

/// A year. Other names of the domain are not ours to bind.
const TLS_ONLY: &str = "max-age=31536000";

/// The headers of one server, ready to be sent.
#[derive(Debug)]
pub struct SecurityHeaders {
    everywhere: Vec<(HeaderName, HeaderValue)>,
    application: HeaderValue,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Application,
    Docs,
    Data,
}

impl Kind {
    fn of(path: &str) -> Self {
        let below = |folder: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if below("/api/docs") {
            Kind::Docs
        } else if below("/api") || below("/health") {
            Kind::Data
        } else {
            Kind::Application
        }
    }
}

impl SecurityHeaders {
    /// The headers for this configuration.
    pub fn new(config: &ApiConfig) -> Self {
        let fixed = HeaderValue::from_static;
        let mut everywhere = vec![
            (X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
            (X_FRAME_OPTIONS, fixed("DENY")),
            (REFERRER_POLICY, fixed("same-origin")),
            (HeaderName::from_static("permissions-policy"), fixed(PERMISSIONS)),
            (HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin")),
            (HeaderName::from_static("cross-origin-resource-policy"), fixed("same-origin")),
        ];
        if config.public_url.starts_with("https://") {
            everywhere.push((STRICT_TRANSPORT_SECURITY, fixed(TLS_ONLY)));
        }
        let policy = format!("{APPLICATION} {}", web_socket(&config.public_url));
        let application = HeaderValue::from_str(&policy).unwrap_or(fixed(APPLICATION));
        Self { everywhere, application }
    }

    fn apply(&self, kind: Kind, headers: &mut HeaderMap) {
        for (name, value) in &self.everywhere {
            headers.insert(name.clone(), value.clone());
        }
        let (policy, cache) = match kind {
            Kind::Application => (self.application.clone(), "no-cache"),
            Kind::Docs => (HeaderValue::from_static(DOCS), "no-cache"),
            Kind::Data => (HeaderValue::from_static(DATA), "no-store"),
        };
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        if !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        }
    }
}

/// Where the live connection of a page at this address goes.
fn web_socket(public_url: &str) -> String {
    let (scheme, rest) = public_url.split_once("://").unwrap_or(("http", public_url));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{}://{host}", if scheme == "https" { "wss" } else { "ws" })
}

/// Wraps the whole server.
///
/// # Errors
/// None of its own.
pub async fn secure(
    headers: Data<SecurityHeaders>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let kind = Kind::of(request.path());
    if request.path() != LIVE {
        transport::release(request.request());
    }
    let mut response = next.call(request).await?;
    headers.apply(kind, response.headers_mut());
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_data_unless_it_is_a_page() {
        for (path, kind) in [
            ("/", Kind::Application),
            ("/jobs/17", Kind::Application),
            ("/apixyz", Kind::Application),
            ("/api", Kind::Data),
            ("/api/jobs", Kind::Data),
            ("/api/openapi.json", Kind::Data),
            ("/api/docs", Kind::Docs),
            ("/api/docs/swagger-ui.css", Kind::Docs),
            ("/api/docsx", Kind::Data),
            ("/health/live", Kind::Data),
        ] {
            assert_eq!(Kind::of(path), kind, "{path}");
        }
    }

    #[test]
    fn the_live_connection_goes_to_the_same_host() {
        assert_eq!(web_socket("https://isp.example.id"), "wss://isp.example.id");
        assert_eq!(web_socket("http://localhost:3001/"), "ws://localhost:3001");
    }

    #[test]
    fn no_policy_allows_text_to_become_code() {
        for policy in [APPLICATION, DOCS, DATA] {
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains('*'));
        }
    }
}
