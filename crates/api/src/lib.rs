//! The REST API: parse, authorize, call one service, answer.

mod api_key_cache;
mod caller_cache;
mod client_address;
mod endpoint;
mod endpoints;
mod extractors;
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
pub use state::{ApiConfig, AppState, TelegramWebhook};
pub use transport::configure_connection;
