//! Middleware around the handlers.

pub mod allowed_methods;
pub mod cors;
pub mod rate_limits;
pub mod request_log;
pub mod security_headers;
