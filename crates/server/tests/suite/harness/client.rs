//! Typed HTTP client for the API.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::session::{LoginRequest, LoginResponse, SignedInUser};
use shared::{ErrorCode, Problem};

/// Client of one caller, signed in or not.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    http: reqwest::Client,
    pub token: Option<String>,
    /// Value of `X-Api-Key`.
    pub api_key: Option<String>,
    /// Value of the refresh cookie.
    pub refresh_cookie: Option<String>,
    /// Value of the device cookie.
    pub device_cookie: Option<String>,
    pub user: Option<SignedInUser>,
}

impl Client {
    /// Creates an anonymous client. Paths are relative to `/api`.
    pub fn new(base: &str) -> Self {
        Self::with_http(http_client(), base)
    }

    /// Creates an anonymous client that shares connections with others: a new HTTP client costs
    /// more than most requests.
    pub fn with_http(http: reqwest::Client, base: &str) -> Self {
        Self {
            base: base.into(),
            http,
            token: None,
            api_key: None,
            refresh_cookie: None,
            device_cookie: None,
            user: None,
        }
    }

    /// Signs in.
    pub async fn signed_in(mut self, login: &LoginRequest) -> Self {
        let response = self.request(Method::POST, "/auth/login").json(login).send().await.unwrap();
        self.refresh_cookie = refresh_cookie(&response);
        self.device_cookie = cookie_named(&response, "isp_device");
        let answer: LoginResponse = expect_success(response).await;
        self.token = Some(answer.access_token);
        self.user = Some(answer.user);
        self
    }

    /// Signs the same user in again, for example after the token has expired.
    pub async fn sign_in_again(&self, app: &super::TestApp) -> Self {
        let username = &self.user.as_ref().unwrap().username;
        app.sign_in(username, super::PASSWORD).await
    }

    /// Builds a request with the credentials of this client.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api{path}", self.base));
        let request = request.header("Accept-Language", "en");
        let request = match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        match &self.api_key {
            Some(key) => request.header("X-Api-Key", key),
            None => request,
        }
    }

    /// Sends a GET that must succeed.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        expect_success(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// Sends a GET that must be rejected.
    pub async fn get_refused(&self, path: &str) -> Problem {
        expect_problem(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// Sends a POST that must succeed.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        expect_success(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// Sends a POST that must be rejected.
    pub async fn post_refused(&self, path: &str, body: &impl Serialize) -> Problem {
        expect_problem(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// Sends a POST that may succeed or be rejected.
    pub async fn try_post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        let response = self.request(Method::POST, path).json(body).send().await.unwrap();
        if response.status().is_success() {
            Ok(expect_success(response).await)
        } else {
            Err(expect_problem(response).await)
        }
    }

    /// Sends a PUT with `If-Match: version` that must succeed.
    pub async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        version: i64,
        body: &impl Serialize,
    ) -> T {
        expect_success(self.put_response(path, version, body).await).await
    }

    /// Sends a PUT with `If-Match: version` that must be rejected.
    pub async fn put_refused(&self, path: &str, version: i64, body: &impl Serialize) -> Problem {
        expect_problem(self.put_response(path, version, body).await).await
    }

    /// Sends a PUT to something without a version that must be rejected.
    pub async fn put_unversioned_refused(&self, path: &str, body: &impl Serialize) -> Problem {
        expect_problem(self.request(Method::PUT, path).json(body).send().await.unwrap()).await
    }

    /// Sends a DELETE that must succeed.
    pub async fn delete(&self, path: &str) {
        expect_success(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Sends a DELETE that must be rejected.
    pub async fn delete_refused(&self, path: &str) -> Problem {
        expect_problem(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Exchanges the refresh cookie.
    pub async fn refresh(&self, cookie: &str) -> Response {
        let request = self.request(Method::POST, "/auth/refresh");
        request.header("Cookie", format!("isp_refresh={cookie}")).send().await.unwrap()
    }

    async fn put_response(&self, path: &str, version: i64, body: &impl Serialize) -> Response {
        let request = self.request(Method::PUT, path).header("If-Match", format!("\"{version}\""));
        request.json(body).send().await.unwrap()
    }

    /// POSTs a form with a file and text fields.
    pub async fn upload(
        &self,
        path: &str,
        name: &str,
        file: Vec<u8>,
        texts: &[(&str, &str)],
    ) -> Response {
        self.send_file(Method::POST, path, name, file, texts).await
    }

    /// Sends a form with a file and text fields.
    pub async fn send_file(
        &self,
        method: Method,
        path: &str,
        name: &str,
        file: Vec<u8>,
        texts: &[(&str, &str)],
    ) -> Response {
        let mut form = Form::new();
        for (field, text) in texts {
            form = form.text((*field).to_owned(), (*text).to_owned());
        }
        let form = form.part("file", Part::bytes(file).file_name(name.to_owned()));
        self.request(method, path).multipart(form).send().await.unwrap()
    }
}

/// Creates an HTTP client. It closes idle connections before the server does, so that no request
/// is sent over a connection that is just being closed.
pub fn http_client() -> reqwest::Client {
    reqwest::Client::builder().pool_idle_timeout(std::time::Duration::from_secs(2)).build().unwrap()
}

/// Returns the refresh cookie that a response sets.
pub fn refresh_cookie(response: &Response) -> Option<String> {
    cookie_named(response, "isp_refresh")
}

/// Returns the value of a cookie that a response sets.
pub fn cookie_named(response: &Response, name: &str) -> Option<String> {
    let texts = response.headers().get_all(SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = texts.filter_map(|text| text.split(';').next()?.split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value.to_owned())
}

/// Returns the body of a response that must be a success.
pub async fn expect_success<T: DeserializeOwned>(response: Response) -> T {
    let (url, status) = (response.url().clone(), response.status());
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status}: {text}");
    let text = if text.is_empty() { "null".to_owned() } else { text };
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{url}: {error}: {text}"))
}

/// Returns the problem document of a response that must be an error.
pub async fn expect_problem(response: Response) -> Problem {
    let (url, status) = (response.url().clone(), response.status());
    let kind = response.headers().get(CONTENT_TYPE).cloned();
    let text = response.text().await.unwrap();
    assert!(status.is_client_error(), "{url}: {status}: {text}");
    assert_eq!(kind.unwrap(), "application/problem+json", "{url}: {text}");
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(problem.status, status.as_u16());
    assert_eq!(problem.code.status(), status.as_u16());
    problem
}

/// Returns the code of the only field error of a problem, which must be in this field.
pub fn field_error(problem: &Problem, field: &str) -> ErrorCode {
    let [fault] = problem.errors.as_slice() else {
        panic!("not exactly one field error: {problem:?}")
    };
    assert_eq!(fault.field, field, "{problem:?}");
    fault.code
}
