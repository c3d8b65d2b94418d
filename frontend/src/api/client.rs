//! Sending requests: sign-in, language, problems, and renewing the access token once.

use std::cell::RefCell;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use gloo_net::http::{Method, Request, Response};
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::auth::LoginResponse;
use shared::{ErrorCode, Problem};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::context::context;
use super::error::{ApiError, ApiResult, Refusal};
use super::idempotency;
use crate::browser::tab_lock;

thread_local! {
    static REFRESHING: RefCell<Option<Shared<LocalBoxFuture<'static, bool>>>> =
        const { RefCell::new(None) };
}

/// A request before it is sent; it can be sent again after the access token was renewed.
struct ApiRequest {
    method: Method,
    path: String,
    body: Option<String>,
    headers: Vec<(&'static str, String)>,
}

/// `GET`
pub async fn get<T: DeserializeOwned>(path: &str) -> ApiResult<T> {
    decode(&send_for_text(ApiRequest::new(Method::GET, path, None)).await?)
}

/// `GET` with a query.
pub async fn query<Q: Serialize, T: DeserializeOwned>(path: &str, query: &Q) -> ApiResult<T> {
    get(&format!("{path}?{}", query_string(query))).await
}

/// `POST`, with an Idempotency-Key that stays the same when an unanswered request is repeated.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> ApiResult<T> {
    decode(&post_text(path, encode(body)?).await?)
}

/// `POST` without an answer to read.
pub async fn post_no_content<B: Serialize>(path: &str, body: &B) -> ApiResult<()> {
    post_text(path, encode(body)?).await.map(drop)
}

/// `POST` that carries nothing; gives the text of the answer.
pub async fn post_empty(path: &str) -> ApiResult<String> {
    send_for_text(ApiRequest::new(Method::POST, path, None)).await
}

/// `PUT` of the version that was read.
pub async fn put<B: Serialize, T: DeserializeOwned>(
    path: &str,
    body: &B,
    version: i64,
) -> ApiResult<T> {
    let mut request = ApiRequest::new(Method::PUT, path, Some(encode(body)?));
    request.headers.push(("If-Match", format!("\"{version}\"")));
    decode(&send_for_text(request).await?)
}

/// `PUT` of something without a version, and without an answer to read.
pub async fn put_unversioned<B: Serialize>(path: &str, body: &B) -> ApiResult<String> {
    send_for_text(ApiRequest::new(Method::PUT, path, Some(encode(body)?))).await
}

/// `DELETE`
pub async fn delete(path: &str) -> ApiResult<()> {
    send_for_text(ApiRequest::new(Method::DELETE, path, None)).await.map(drop)
}

/// Fetches a protected file; gives an address of it in memory, to be revoked after use.
pub async fn object_url(path: &str) -> ApiResult<String> {
    let path = path.strip_prefix("/api/").unwrap_or(path);
    let response: web_sys::Response = send(ApiRequest::new(Method::GET, path, None)).await?.into();
    let promise = response.blob().map_err(|_| ApiError::InvalidResponse)?;
    let blob = JsFuture::from(promise).await.map_err(|_| ApiError::Offline)?;
    web_sys::Url::create_object_url_with_blob(blob.unchecked_ref())
        .map_err(|_| ApiError::InvalidResponse)
}

/// Renews the access token by the refresh cookie; whether somebody is signed in now. However many
/// ask at the same time, one request is sent.
pub async fn refresh() -> bool {
    let running = REFRESHING
        .with_borrow_mut(|slot| slot.get_or_insert_with(|| renew().boxed_local().shared()).clone());
    let renewed = running.await;
    REFRESHING.set(None);
    renewed
}

async fn renew() -> bool {
    // A used refresh token is worth nothing, and using it twice ends the sign-in: tabs take turns.
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

/// The query as it stands in a URL; absent values are left out.
pub fn query_string<Q: Serialize>(query: &Q) -> String {
    serde_urlencoded::to_string(query).unwrap_or_default()
}

/// Reads an answer.
pub fn decode<T: DeserializeOwned>(text: &str) -> ApiResult<T> {
    serde_json::from_str(text).map_err(|_| ApiError::InvalidResponse)
}

fn encode<B: Serialize>(body: &B) -> ApiResult<String> {
    serde_json::to_string(body).map_err(|_| ApiError::InvalidResponse)
}

async fn post_text(path: &str, body: String) -> ApiResult<String> {
    let fingerprint = format!("{path} {body}");
    let key = idempotency::key_for(&fingerprint);
    let mut request = ApiRequest::new(Method::POST, path, Some(body));
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

/// Sends, renews the access token if it ended, and turns a refusal into an error.
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
    // What the login has to do first stands in its facts: with fresh ones the right page comes.
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

/// The error that a problem document tells, with the header that says when to try again.
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

    /// The doors themselves are not opened with an access token.
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
        request.map_err(|_| ApiError::InvalidResponse)?.send().await.map_err(|_| ApiError::Offline)
    }
}
