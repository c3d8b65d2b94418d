//! How many requests a caller may send.

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

use crate::state::{ApiConfig, App};
use crate::{auth, client_address};

/// Who is counted: an address before the login, a user or an API key after it (an office shares one
/// address).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    User(UserId),
    /// A device on which somebody has signed in before, by its id: apart from others at its address,
    /// and from other devices of the same person, of which one may be stolen.
    Device(String),
    Key(ApiKeyId),
    /// `None` where there is no network in between.
    Address(Option<IpAddr>),
}

/// Updates that one address of Telegram's may bring in a minute: more than a thousand people type.
const TELEGRAM_PER_MINUTE: u32 = 6_000;

/// Callers from here on are too many to tell apart by their /64: whoever has more networks than this has
/// them within a few larger ones.
const CROWD: usize = 200_000;

/// Finds out who is counted.
#[derive(Debug, Clone)]
pub struct ByCaller {
    /// Also signed-in callers are counted by address: where somebody signs in.
    address_only: bool,
    /// There are more counters than [`CROWD`].
    crowded: Arc<AtomicBool>,
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
            if let Some(device) = auth::known_device(request.request(), app) {
                return Caller::Device(device.id().to_owned());
            }
            let address = client_address::of(request.request(), app.config.trust_proxy);
            let crowded = self.crowded.load(Ordering::Relaxed);
            let network = if crowded { cidr::of_site } else { cidr::of_customer };
            Caller::Address(address.map(network))
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

fn limit(requests: u32, window: Duration, address_only: bool, crowded: &Arc<AtomicBool>) -> Limit {
    let requests = requests.max(1);
    let period = (window / requests).max(Duration::from_nanos(1));
    let by_caller = ByCaller { address_only, crowded: Arc::clone(crowded) };
    let mut builder = GovernorConfigBuilder::default().key_extractor(by_caller);
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
    /// There are more counters than [`CROWD`] in one of them.
    crowded: Arc<AtomicBool>,
}

impl Limits {
    /// The configured limits, with fresh counters.
    pub fn new(config: &ApiConfig) -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        let crowded = Arc::default();
        let by_address = |requests, window| limit(requests, window, true, &crowded);
        Self {
            general: limit(config.rate_limit_requests, config.rate_limit_window, false, &crowded),
            login: by_address(config.login_attempts_per_minute, minutes(1)),
            new_login: by_address(config.new_logins_per_ten_minutes, minutes(10)),
            refresh: by_address(config.refreshes_per_minute, minutes(1)),
            telegram: by_address(TELEGRAM_PER_MINUTE, minutes(1)),
            crowded,
        }
    }

    /// Forgets callers whose counters are full again: they are as good as new. Without this every
    /// address that ever called would stay in memory.
    pub fn sweep(&self) {
        let mut most = 0;
        for limit in [&self.general, &self.login, &self.new_login, &self.refresh, &self.telegram] {
            let counters = limit.limiter();
            counters.retain_recent();
            counters.shrink_to_fit();
            most = most.max(counters.len());
        }
        self.crowded.store(most > CROWD, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_alike(requests: u32, window: Duration) -> Limits {
        let crowded = Arc::default();
        let limit = limit(requests, window, true, &crowded);
        Limits {
            general: limit.clone(),
            login: limit.clone(),
            new_login: limit.clone(),
            refresh: limit.clone(),
            telegram: limit,
            crowded,
        }
    }

    /// Kilobytes of this process in memory.
    #[cfg(target_os = "linux")]
    fn resident() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_million_addresses_take_less_than_two_hundred_megabytes_and_give_them_back() {
        let limit = all_alike(1_000, Duration::from_millis(1)).general;
        let before = resident();
        for n in 0..1_000_000_u128 {
            let network = std::net::Ipv6Addr::from_bits((0x2001_0db8 << 96) | (n << 64));
            let caller = Caller::Address(Some(cidr::of_customer(network.into())));
            assert!(limit.limiter().check_key(&caller).is_ok());
        }
        assert_eq!(limit.limiter().len(), 1_000_000);
        let grown = resident().saturating_sub(before) / 1_024;
        assert!(grown < 200, "{grown} MB");
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while !limit.limiter().is_empty() {
            limit.limiter().retain_recent();
            assert!(std::time::Instant::now() < deadline, "{} left", limit.limiter().len());
        }
    }

    #[test]
    fn a_crowd_is_counted_by_larger_networks_until_it_is_gone() {
        let limits = all_alike(1, Duration::from_secs(1));
        for id in 0..=CROWD as i64 {
            assert!(limits.general.limiter().check_key(&Caller::User(UserId(id))).is_ok());
        }
        limits.sweep();
        assert!(limits.crowded.load(Ordering::Relaxed));
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while limits.crowded.load(Ordering::Relaxed) {
            limits.sweep();
            assert!(std::time::Instant::now() < deadline, "still crowded");
        }
    }

    #[test]
    fn callers_that_are_quiet_again_are_forgotten() {
        let limits = all_alike(1_000, Duration::from_millis(1));
        let limit = &limits.general;
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
