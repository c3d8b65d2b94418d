//! Rate limits per caller.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
use crate::session_cookies::known_device;
use crate::state::{ApiConfig, App};

/// Whose requests are counted together: those of a network before the sign-in, of a user or an API
/// key after it (an office shares one address).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RateLimitKey {
    User(UserId),
    /// A device on which somebody has signed in before, by its id. It is counted apart from others
    /// at its address and from other devices of the same user, of which one may be stolen.
    Device(String),
    Key(ApiKeyId),
    /// `None` for a connection without an IP address.
    Address(Option<IpAddr>),
}

/// Webhook requests per minute and IP address of Telegram: more than a thousand active users cause.
const TELEGRAM_PER_MINUTE: u32 = 6_000;

/// Above this number of counters IPv6 callers are counted by larger networks than /64: an attacker
/// with more networks than this has them within a few larger ones.
const MAX_SEPARATE_CALLERS: usize = 200_000;

/// Determines the caller of a request for the rate limiter.
#[derive(Debug, Clone)]
pub struct CallerKeyExtractor {
    /// Whether authenticated callers are counted by address too: at the sign-in.
    address_only: bool,
    /// There are more counters than [`MAX_SEPARATE_CALLERS`].
    use_large_networks: Arc<AtomicBool>,
}

impl CallerKeyExtractor {
    fn authenticated_caller(&self, app: &App, request: &ServiceRequest) -> Option<RateLimitKey> {
        if self.address_only {
            return None;
        }
        let Some(header) = request.headers().get(AUTHORIZATION) else {
            return app.api_key_cache.key_id_of(request).map(RateLimitKey::Key);
        };
        let (_, token) = header.to_str().ok()?.split_once(' ')?;
        let claims = app.token_keys.verify(token.trim(), app.db.clock().now()).ok()?;
        Some(RateLimitKey::User(claims.user_id))
    }
}

impl KeyExtractor for CallerKeyExtractor {
    type Key = RateLimitKey;
    type KeyExtractionError = SimpleKeyExtractionError<&'static str>;

    fn extract(&self, request: &ServiceRequest) -> Result<RateLimitKey, Self::KeyExtractionError> {
        let app = request.app_data::<App>().ok_or(SimpleKeyExtractionError::new("no state"))?;
        Ok(self.authenticated_caller(app, request).unwrap_or_else(|| {
            if let Some(device) = known_device(request.request(), app) {
                return RateLimitKey::Device(device.id().to_owned());
            }
            let address = client_address::from_request(request.request(), app.config.trust_proxy);
            let crowded = self.use_large_networks.load(Ordering::Relaxed);
            let network = if crowded { cidr::site_network } else { cidr::customer_network };
            RateLimitKey::Address(address.map(network))
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

/// The limit of a group of endpoints.
pub type RateLimit = GovernorConfig<CallerKeyExtractor, NoOpMiddleware<QuantaInstant>>;

fn limit(
    requests: u32,
    window: Duration,
    address_only: bool,
    crowded: &Arc<AtomicBool>,
) -> RateLimit {
    let requests = requests.max(1);
    let period = (window / requests).max(Duration::from_nanos(1));
    let by_caller = CallerKeyExtractor { address_only, use_large_networks: Arc::clone(crowded) };
    let mut builder = GovernorConfigBuilder::default().key_extractor(by_caller);
    builder.period(period).burst_size(requests);
    // The builder refuses nothing but a period or burst of zero, and neither is zero here.
    builder.finish().unwrap_or_else(|| unreachable!("period and burst are positive"))
}

/// Which limit holds for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimitClass {
    /// The general limit only.
    General,
    /// Also the limit of sign-ins.
    SignIn,
    /// Also the limit of registrations.
    SignUp,
    /// Also the limit of token renewals.
    Refresh,
    /// The limit of the Telegram webhook instead of the general one.
    TelegramWebhook,
}

/// The rate limits of one server process.
#[derive(Clone)]
pub struct RateLimits {
    /// For every request.
    pub general: RateLimit,
    /// For sign-in attempts.
    pub login: RateLimit,
    /// For registrations and attempts to create the first user.
    pub registration: RateLimit,
    /// For renewals of access tokens.
    pub refresh: RateLimit,
    /// For the Telegram webhook, instead of the general limit.
    pub telegram: RateLimit,
    /// There are more counters than [`MAX_SEPARATE_CALLERS`] in one of them.
    use_large_networks: Arc<AtomicBool>,
}

impl RateLimits {
    /// Creates the configured limits with fresh counters.
    pub fn new(config: &ApiConfig) -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        let use_large_networks = Arc::default();
        let by_address = |requests, window| limit(requests, window, true, &use_large_networks);
        Self {
            general: limit(
                config.rate_limit_requests,
                config.rate_limit_window,
                false,
                &use_large_networks,
            ),
            login: by_address(config.login_attempts_per_minute, minutes(1)),
            registration: by_address(config.registrations_per_ten_minutes, minutes(10)),
            refresh: by_address(config.refreshes_per_minute, minutes(1)),
            telegram: by_address(TELEGRAM_PER_MINUTE, minutes(1)),
            use_large_networks,
        }
    }

    /// Returns the limit of a class.
    pub fn of_class(&self, class: RateLimitClass) -> &RateLimit {
        match class {
            RateLimitClass::General => &self.general,
            RateLimitClass::SignIn => &self.login,
            RateLimitClass::SignUp => &self.registration,
            RateLimitClass::Refresh => &self.refresh,
            RateLimitClass::TelegramWebhook => &self.telegram,
        }
    }

    /// Removes callers that may send a full burst again, so that not every address that ever called
    /// stays in memory.
    pub fn evict_idle(&self) {
        let mut most = 0;
        for limit in [&self.general, &self.login, &self.registration, &self.refresh, &self.telegram]
        {
            let counters = limit.limiter();
            counters.retain_recent();
            counters.shrink_to_fit();
            most = most.max(counters.len());
        }
        self.use_large_networks.store(most > MAX_SEPARATE_CALLERS, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_limits(requests: u32, window: Duration) -> RateLimits {
        let crowded = Arc::default();
        let limit = limit(requests, window, true, &crowded);
        RateLimits {
            general: limit.clone(),
            login: limit.clone(),
            registration: limit.clone(),
            refresh: limit.clone(),
            telegram: limit,
            use_large_networks: crowded,
        }
    }

    /// Returns the resident memory of this process in kilobytes.
    #[cfg(target_os = "linux")]
    fn resident_kilobytes() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_million_addresses_use_less_than_200_megabytes() {
        let limit = same_limits(1_000, Duration::from_millis(1)).general;
        let before = resident_kilobytes();
        for n in 0..1_000_000_u128 {
            let network = std::net::Ipv6Addr::from_bits((0x2001_0db8 << 96) | (n << 64));
            let caller = RateLimitKey::Address(Some(cidr::customer_network(network.into())));
            assert!(limit.limiter().check_key(&caller).is_ok());
        }
        assert_eq!(limit.limiter().len(), 1_000_000);
        let grown = resident_kilobytes().saturating_sub(before) / 1_024;
        assert!(grown < 200, "{grown} MB");
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while !limit.limiter().is_empty() {
            limit.limiter().retain_recent();
            assert!(std::time::Instant::now() < deadline, "{} left", limit.limiter().len());
        }
    }

    #[test]
    fn too_many_callers_are_counted_by_larger_networks() {
        let limits = same_limits(1, Duration::from_secs(1));
        for id in 0..=MAX_SEPARATE_CALLERS as i64 {
            assert!(limits.general.limiter().check_key(&RateLimitKey::User(UserId(id))).is_ok());
        }
        limits.evict_idle();
        assert!(limits.use_large_networks.load(Ordering::Relaxed));
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while limits.use_large_networks.load(Ordering::Relaxed) {
            limits.evict_idle();
            assert!(std::time::Instant::now() < deadline, "still crowded");
        }
    }

    #[test]
    fn idle_callers_are_evicted() {
        let limits = same_limits(1_000, Duration::from_millis(1));
        let limit = &limits.general;
        for id in 0..1_000 {
            assert!(limit.limiter().check_key(&RateLimitKey::User(UserId(id))).is_ok());
        }
        let deadline = std::time::Instant::now() + Duration::from_secs(5);
        while !limit.limiter().is_empty() {
            limits.evict_idle();
            assert!(std::time::Instant::now() < deadline, "{} left", limit.limiter().len());
        }
    }
}
