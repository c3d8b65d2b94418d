//! HTTP API: each handler parses a request, authorizes its caller, calls one service and builds the
//! response.
//!
//! - `endpoints` lists every endpoint; `router` makes the routes from it, `openapi` the OpenAPI
//!   document.
//! - `extractors` read requests: who calls, with which permission, query, body, upload.
//! - `middleware` wraps requests: request ids and problem documents, rate limits, headers, CORS.
//! - `resources` holds the handlers, one file per resource.

mod api_key_cache;
mod caller_cache;
mod client_address;
mod endpoint;
mod endpoints;
mod extractors;
mod image_upload;
mod live_connection;
mod live_limits;
mod metrics;
mod middleware;
mod openapi;
mod problem;
mod reply;
mod request_context;
mod resources;
mod router;
mod session_cookies;
mod shutdown;
mod state;
mod transport;

pub use live_limits::LiveLimits;
pub use metrics::Metrics;
pub use middleware::rate_limits::RateLimits;
pub use middleware::security_headers::{SecurityHeaders, add_security_headers};
pub use openapi::document as openapi_document;
pub use router::configure;
pub use shutdown::ShutdownSignal;
pub use state::{ApiConfig, AppState, MapTiles, TelegramWebhook};
pub use transport::configure_connection;
