//! The REST API: parse, authorize, call one service, answer.

mod caller_cache;
mod client_address;
mod extractors;
mod live_connection;
mod middleware;
mod openapi;
mod problem;
mod reply;
mod resources;
mod router;
mod shutdown;
mod state;
mod transport;

pub use live_connection::LiveLimits;
pub use middleware::rate_limits::RateLimits;
pub use middleware::security_headers::{SecurityHeaders, add_security_headers};
pub use openapi::document as openapi_document;
pub use resources::metrics::Metrics;
pub use resources::telegram_webhook::TelegramWebhook;
pub use router::configure;
pub use shutdown::ShutdownSignal;
pub use state::{ApiConfig, AppState};
pub use transport::configure_connection;
