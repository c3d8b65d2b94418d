//! How many requests a caller may send.

use std::time::Duration;

use actix_governor::governor::NotUntil;
use actix_governor::governor::clock::{Clock, DefaultClock, QuantaInstant};
use actix_governor::governor::middleware::NoOpMiddleware;
use actix_governor::{
    GovernorConfig, GovernorConfigBuilder, KeyExtractor, SimpleKeyExtractionError,
};
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{AUTHORIZATION, RETRY_AFTER};
use actix_web::{HttpMessage, HttpResponse, HttpResponseBuilder};

use crate::guard::client_ip;
use crate::state::{ApiConfig, App};

/// Who is counted: an address before the login, a user after it (an office shares one address).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    User(i64),
    Address(String),
}

/// Finds out who is counted.
#[derive(Debug, Clone)]
pub struct ByCaller {
    /// Also signed-in callers are counted by address: at the login itself.
    address_only: bool,
}

impl KeyExtractor for ByCaller {
    type Key = Caller;
    type KeyExtractionError = SimpleKeyExtractionError<&'static str>;

    fn extract(&self, request: &ServiceRequest) -> Result<Caller, Self::KeyExtractionError> {
        let app = request.app_data::<App>().ok_or(SimpleKeyExtractionError::new("no state"))?;
        let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.split_once(' ')).map(|(_, token)| token);
        let user = token
            .filter(|_| !self.address_only)
            .and_then(|token| app.keys.read(token, app.db.clock().now()).ok());
        Ok(match user {
            Some(claims) => {
                // The guard comes later and need not read the token a second time.
                request.extensions_mut().insert(claims);
                Caller::User(claims.user_id.0)
            }
            None => {
                let ip = client_ip(request.request(), app.config.trust_proxy);
                Caller::Address(ip.unwrap_or_default())
            }
        })
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

/// The limit of every request.
pub fn general(config: &ApiConfig) -> Limit {
    limit(config.rate_limit_requests, config.rate_limit_window, false)
}

/// The stricter limit of login attempts.
pub fn login(config: &ApiConfig) -> Limit {
    limit(config.login_attempts_per_minute, Duration::from_secs(60), true)
}
