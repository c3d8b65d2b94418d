//! Authentication: passwords, second factor, sessions and tokens.

pub mod access_claims;
pub mod issued_session;
pub mod jwt;
pub mod known_device;
pub mod login;
pub mod login_history;
pub mod otp;
pub mod password_change;
pub mod password_rules;
pub mod passwords;
pub mod reauthentication;
pub mod refresh_token;
pub mod second_factor;
pub mod sessions;
pub mod throttle;
pub(crate) mod token_cache;
pub mod ws_ticket;
