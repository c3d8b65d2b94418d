//! HTTP client: authorization, language, problem documents and one refresh of the access token.

use std::cell::RefCell;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use gloo_net::http::{Method, Request, Response};
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::session::LoginResponse;
use shared::{ErrorCode, Problem};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::context::context;
use super::error::{ApiError, ApiResult, Refusal};
use super::idempotency;
use crate::browser::organisation_time;
use crate::browser::tab_lock;

thread_local! {
    static REFRESHING: RefCell<Option<Shared<LocalBoxFuture<'static, bool>>>> =
        const { RefCell::new(None) };
}

/// A request before it is sent. It can be sent again after the access token was refreshed.
struct ApiRequest {
    method: Method,
    path: String,
    body: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// Sends a `GET` request.
pub async fn get<T: DeserializeOwned>(path: &str) -> ApiResult<T> {
    decode(&send_for_text(ApiRequest::new(Method::GET, path, None)).await?)
}

/// Sends a `GET` request with a query.
pub async fn query<Q: Serialize, T: DeserializeOwned>(path: &str, query: &Q) -> ApiResult<T> {
    get(&format!("{path}?{}", query_string(query))).await
}

/// Sends a `POST` request. Its `Idempotency-Key` stays the same when an unanswered request is repeated.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> ApiResult<T> {
    decode(&post_text(path, encode(body)?, None).await?)
}

/// Sends a `POST` request whose response has no body.
pub async fn post_no_content<B: Serialize>(path: &str, body: &B) -> ApiResult<()> {
    post_text(path, encode(body)?, None).await.map(drop)
}

/// Sends a `POST` request without a body; returns the text of the response.
pub async fn post_empty(path: &str) -> ApiResult<String> {
    send_for_text(ApiRequest::new(Method::POST, path, None)).await
}

/// Sends a `POST` request without a body for the version that was read.
pub async fn post_empty_versioned<T: DeserializeOwned>(path: &str, version: i64) -> ApiResult<T> {
    decode(&send_for_text(ApiRequest::new(Method::POST, path, None).if_match(version)).await?)
}

/// Sends a `POST` request for the version that was read, with an `Idempotency-Key` like [`post`].
pub async fn post_versioned<B: Serialize, T: DeserializeOwned>(
    path: &str,
    body: &B,
    version: i64,
) -> ApiResult<T> {
    decode(&post_text(path, encode(body)?, Some(version)).await?)
}

/// Sends a `PUT` request for the version that was read.
pub async fn put<B: Serialize, T: DeserializeOwned>(
    path: &str,
    body: &B,
    version: i64,
) -> ApiResult<T> {
    let request = ApiRequest::new(Method::PUT, path, Some(encode(body)?));
    decode(&send_for_text(request.if_match(version)).await?)
}

/// Sends a `PUT` request for something without a version; returns the text of the response.
pub async fn put_unversioned<B: Serialize>(path: &str, body: &B) -> ApiResult<String> {
    send_for_text(ApiRequest::new(Method::PUT, path, Some(encode(body)?))).await
}

/// Sends a `DELETE` request.
pub async fn delete(path: &str) -> ApiResult<()> {
    send_for_text(ApiRequest::new(Method::DELETE, path, None)).await.map(drop)
}

/// Sends a `DELETE` request for the version that was read.
pub async fn delete_versioned(path: &str, version: i64) -> ApiResult<()> {
    let request = ApiRequest::new(Method::DELETE, path, None);
    send_for_text(request.if_match(version)).await.map(drop)
}

/// Fetches a protected file; returns its object URL, to be revoked after use.
pub async fn object_url(path: &str) -> ApiResult<String> {
    let path = path.strip_prefix("/api/").unwrap_or(path);
    let response: web_sys::Response = send(ApiRequest::new(Method::GET, path, None)).await?.into();
    let promise = response.blob().map_err(|_| ApiError::InvalidResponse)?;
    let blob = JsFuture::from(promise).await.map_err(|_| ApiError::Offline)?;
    web_sys::Url::create_object_url_with_blob(blob.unchecked_ref())
        .map_err(|_| ApiError::InvalidResponse)
}

/// Refreshes the access token by the refresh cookie; returns whether somebody is signed in now. Concurrent callers
/// share one request.
pub async fn refresh() -> bool {
    let running = REFRESHING.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| request_new_token().boxed_local().shared()).clone()
    });
    let renewed = running.await;
    REFRESHING.set(None);
    renewed
}

async fn request_new_token() -> bool {
    // A used refresh token is worthless, and using it twice ends the session: only one tab refreshes at a time.
    let _lock = tab_lock::acquire("isp-refresh").await;
    let request = ApiRequest::new(Method::POST, "auth/refresh", None);
    let Ok(response) = request.fetch().await else { return false };
    if !response.ok() {
        if response.status() == 401 {
            context().on_refresh_rejected();
        }
        return false;
    }
    let Ok(text) = response.text().await else { return false };
    match decode::<LoginResponse>(&text) {
        Ok(answer) => {
            context().on_refreshed(answer);
            true
        }
        Err(_) => false,
    }
}

/// Returns the query string; absent values are left out.
pub fn query_string<Q: Serialize>(query: &Q) -> String {
    serde_urlencoded::to_string(query).unwrap_or_default()
}

/// Parses a response.
pub fn decode<T: DeserializeOwned>(text: &str) -> ApiResult<T> {
    serde_json::from_str(text).map_err(|_| ApiError::InvalidResponse)
}

fn encode<B: Serialize>(body: &B) -> ApiResult<String> {
    serde_json::to_string(body).map_err(|_| ApiError::InvalidResponse)
}

async fn post_text(path: &str, body: String, version: Option<i64>) -> ApiResult<String> {
    let fingerprint = format!("{path} {body}");
    let key = idempotency::key_for(&fingerprint);
    let mut request = ApiRequest::new(Method::POST, path, Some(body));
    if let Some(version) = version {
        request = request.if_match(version);
    }
    request.headers.push(("Idempotency-Key", key.clone()));
    let outcome = send_for_text(request).await;
    match &outcome {
        Err(ApiError::Offline) => idempotency::remember(fingerprint, key),
        _ => idempotency::forget(&fingerprint),
    }
    outcome
}

async fn send_for_text(request: ApiRequest) -> ApiResult<String> {
    send(request).await?.text().await.map_err(|_| ApiError::Offline)
}

/// Sends a request, refreshes the access token if it has expired, and turns a refusal into an error.
async fn send(request: ApiRequest) -> ApiResult<Response> {
    let mut response = request.fetch().await?;
    if response.status() == 401 && request.can_refresh() {
        if !refresh().await {
            context().on_session_expired();
            return Err(refusal_of(&response).await);
        }
        response = request.fetch().await?;
    }
    if response.ok() { Ok(response) } else { Err(refusal_of(&response).await) }
}

async fn refusal_of(response: &Response) -> ApiError {
    let retry_after = response.headers().get("Retry-After");
    let error = parse_problem(&response.text().await.unwrap_or_default(), retry_after.as_deref());
    // The refreshed account data contain what the account has to do first, so the right page opens.
    if matches!(
        error.code(),
        Some(ErrorCode::PasswordChangeRequired | ErrorCode::SecondFactorSetupRequired)
    ) {
        spawn_local(async {
            refresh().await;
        });
    }
    error
}

/// Parses a problem document, with the `Retry-After` header of its response.
pub fn parse_problem(text: &str, retry_after: Option<&str>) -> ApiError {
    let retry_after = retry_after.and_then(|seconds| seconds.trim().parse().ok());
    serde_json::from_str::<Problem>(text).map_or(ApiError::InvalidResponse, |problem| {
        ApiError::Refused(Box::new(Refusal { problem, retry_after }))
    })
}

impl ApiRequest {
    fn new(method: Method, path: &str, body: Option<String>) -> Self {
        Self { method, path: path.to_owned(), body, headers: Vec::new() }
    }

    /// Lets the server refuse the request if the version that was read is not the current one.
    fn if_match(mut self, version: i64) -> Self {
        self.headers.push(("If-Match", format!("\"{version}\"")));
        self
    }

    /// Returns whether a 401 can be answered by a refresh. The public paths take no access token.
    fn can_refresh(&self) -> bool {
        const PUBLIC_PATHS: [&str; 6] = [
            "auth/login",
            "auth/refresh",
            "auth/logout",
            "auth/options",
            "auth/register",
            "auth/setup",
        ];
        !PUBLIC_PATHS.contains(&self.path.as_str())
    }

    async fn fetch(&self) -> ApiResult<Response> {
        let context = context();
        let url = format!("/api/{}", self.path);
        let mut request = Request::get(&url)
            .method(self.method.clone())
            .header("Accept-Language", context.lang().as_str());
        if let Some(token) = context.access_token() {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match &self.body {
            Some(body) => request.header("Content-Type", "application/json").body(body.as_str()),
            None => request.build(),
        };
        let request = request.map_err(|_| ApiError::InvalidResponse)?;
        let response = request.send().await.map_err(|_| ApiError::Offline)?;
        let header = |name| response.headers().get(name);
        organisation_time::observe(header("X-Time-Zone").as_deref(), header("Date").as_deref());
        Ok(response)
    }
}
