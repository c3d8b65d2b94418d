//! How many requests a caller may send.

use std::net::IpAddr;
use std::time::Duration;

use actix_governor::governor::NotUntil;
use actix_governor::governor::clock::{Clock, DefaultClock, QuantaInstant};
use actix_governor::governor::middleware::NoOpMiddleware;
use actix_governor::{
    GovernorConfig, GovernorConfigBuilder, KeyExtractor, SimpleKeyExtractionError,
};
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{AUTHORIZATION, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder};
use shared::{ApiKeyId, UserId, cidr};

use crate::client_address;
use crate::state::{ApiConfig, App};

/// Who is counted: an address before the login, a user or an API key after it (an office shares one
/// address).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    User(UserId),
    Key(ApiKeyId),
    /// `None` where there is no network in between.
    Address(Option<IpAddr>),
}

/// Updates that one address of Telegram's may bring in a minute: more than a thousand people type.
const TELEGRAM_PER_MINUTE: u32 = 6_000;

/// Finds out who is counted.
#[derive(Debug, Clone)]
pub struct ByCaller {
    /// Also signed-in callers are counted by address: where somebody signs in.
    address_only: bool,
}

impl ByCaller {
    fn signed_in(&self, app: &App, request: &ServiceRequest) -> Option<Caller> {
        if self.address_only {
            return None;
        }
        let Some(header) = request.headers().get(AUTHORIZATION) else {
            return app.api_keys.recognised(request).map(Caller::Key);
        };
        let (_, token) = header.to_str().ok()?.split_once(' ')?;
        let claims = app.keys.read(token.trim(), app.db.clock().now()).ok()?;
        Some(Caller::User(claims.user_id))
    }
}

impl KeyExtractor for ByCaller {
    type Key = Caller;
    type KeyExtractionError = SimpleKeyExtractionError<&'static str>;

    fn extract(&self, request: &ServiceRequest) -> Result<Caller, Self::KeyExtractionError> {
        let app = request.app_data::<App>().ok_or(SimpleKeyExtractionError::new("no state"))?;
        Ok(self.signed_in(app, request).unwrap_or_else(|| {
            let address = client_address::of(request.request(), app.config.trust_proxy);
            Caller::Address(address.map(cidr::of_customer))
        }))
    }

    fn exceed_rate_limit_response(
        &self,
        negative: &NotUntil<QuantaInstant>,
        mut response: HttpResponseBuilder,
    ) -> HttpResponse {
        let wait = negative.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        response.insert_header((RETRY_AFTER, wait.to_string())).finish()
    }
}

/// The limit of one part of the API.
pub type Limit = GovernorConfig<ByCaller, NoOpMiddleware<QuantaInstant>>;

fn limit(requests: u32, window: Duration, address_only: bool) -> Limit {
    let requests = requests.max(1);
    let period = (window / requests).max(Duration::from_nanos(1));
    let mut builder = GovernorConfigBuilder::default().key_extractor(ByCaller { address_only });
    builder.period(period).burst_size(requests);
    // The builder refuses only zero periods and bursts, and neither can be zero here.
    builder.finish().unwrap_or_else(|| unreachable!("period and burst are positive"))
}

/// The limits of one server process.
#[derive(Clone)]
pub struct Limits {
    /// Of every request.
    pub general: Limit,
    /// Of attempts to sign in.
    pub login: Limit,
    /// Of registrations and attempts to make the first login.
    pub new_login: Limit,
    /// Of renewed sign-ins.
    pub refresh: Limit,
    /// Of what Telegram brings: nobody else comes far there.
    pub telegram: Limit,
}

impl Limits {
    /// The configured limits, with fresh counters.
    pub fn new(config: &ApiConfig) -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Self {
            general: limit(config.rate_limit_requests, config.rate_limit_window, false),
            login: limit(config.login_attempts_per_minute, minutes(1), true),
            new_login: limit(config.new_logins_per_ten_minutes, minutes(10), true),
            refresh: limit(config.refreshes_per_minute, minutes(1), true),
            telegram: limit(TELEGRAM_PER_MINUTE, minutes(1), true),
        }
    }

    /// Forgets callers whose counters are full again: they are as good as new. Without this every
    /// address that ever called would stay in memory.
    pub fn sweep(&self) {
        for limit in [&self.general, &self.login, &self.new_login, &self.refresh, &self.telegram] {
            let counters = limit.limiter();
            counters.retain_recent();
            counters.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_that_are_quiet_again_are_forgotten() {
        let limit = limit(1_000, Duration::from_millis(1), true);
        let limits = Limits {
            general: limit.clone(),
            login: limit.clone(),
            new_login: limit.clone(),
            refresh: limit.clone(),
            telegram: limit.clone(),
        };
        for id in 0..1_000 {
            assert!(limit.limiter().check_key(&Caller::User(UserId(id))).is_ok());
        }
        let deadline = std::time::Instant::now() + Duration::from_secs(5);
        while !limit.limiter().is_empty() {
            limits.sweep();
            assert!(std::time::Instant::now() < deadline, "{} left", limit.limiter().len());
        }
    }
}
