//! The API as its callers see it: typed requests, typed answers, typed refusals.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::session::{LoginRequest, LoginResponse, SignedInUser};
use shared::{ErrorCode, Problem};

/// A caller, signed in or not.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    http: reqwest::Client,
    pub token: Option<String>,
    /// Sent as `X-Api-Key`.
    pub api_key: Option<String>,
    /// The value of the refresh cookie.
    pub refresh_cookie: Option<String>,
    /// The value of the cookie that the browser is known by.
    pub device_cookie: Option<String>,
    pub user: Option<SignedInUser>,
}

impl Client {
    /// A caller without a login. Addresses are relative to `/api`.
    pub fn new(base: &str) -> Self {
        Self::over(http(), base)
    }

    /// A caller without a login over connections that others have opened. Making a client takes longer
    /// than most requests.
    pub fn over(http: reqwest::Client, base: &str) -> Self {
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
        self.refresh_cookie = cookie(&response);
        self.device_cookie = cookie_named(&response, "isp_device");
        let answer: LoginResponse = expect(response).await;
        self.token = Some(answer.access_token);
        self.user = Some(answer.user);
        self
    }

    /// The same person, signed in anew: the clock may have run past the end of the token.
    pub async fn again(&self, app: &super::TestApp) -> Self {
        let username = &self.user.as_ref().unwrap().username;
        app.sign_in(username, super::PASSWORD).await
    }

    /// A request that can still be changed.
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

    /// GET that has to work.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        expect(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// GET that has to be refused.
    pub async fn get_refused(&self, path: &str) -> Problem {
        refused(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// POST that has to work.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        expect(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// POST that has to be refused.
    pub async fn post_refused(&self, path: &str, body: &impl Serialize) -> Problem {
        refused(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// POST that may go either way.
    pub async fn try_post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        let response = self.request(Method::POST, path).json(body).send().await.unwrap();
        if response.status().is_success() {
            Ok(expect(response).await)
        } else {
            Err(refused(response).await)
        }
    }

    /// PUT of what was read at `version`; has to work.
    pub async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        version: i64,
        body: &impl Serialize,
    ) -> T {
        expect(self.put_response(path, version, body).await).await
    }

    /// PUT of what was read at `version`; has to be refused.
    pub async fn put_refused(&self, path: &str, version: i64, body: &impl Serialize) -> Problem {
        refused(self.put_response(path, version, body).await).await
    }

    /// DELETE that has to work.
    pub async fn delete(&self, path: &str) {
        expect(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// DELETE that has to be refused.
    pub async fn delete_refused(&self, path: &str) -> Problem {
        refused(self.request(Method::DELETE, path).send().await.unwrap()).await
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

    /// Sends a form with a file and some texts.
    pub async fn upload(
        &self,
        path: &str,
        name: &str,
        file: Vec<u8>,
        texts: &[(&str, &str)],
    ) -> Response {
        self.send_file(Method::POST, path, name, file, texts).await
    }

    /// Sends a form with a file and some texts by this method.
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

/// What sends requests. A connection that idles is closed before the server does it, so that no request
/// is sent over one that is just being closed.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().pool_idle_timeout(std::time::Duration::from_secs(2)).build().unwrap()
}

/// The refresh cookie of an answer.
pub fn cookie(response: &Response) -> Option<String> {
    cookie_named(response, "isp_refresh")
}

/// The value of a cookie that an answer sets.
pub fn cookie_named(response: &Response, name: &str) -> Option<String> {
    let texts = response.headers().get_all(SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = texts.filter_map(|text| text.split(';').next()?.split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value.to_owned())
}

/// The body of an answer that has to be a success.
pub async fn expect<T: DeserializeOwned>(response: Response) -> T {
    let (url, status) = (response.url().clone(), response.status());
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{url}: {status}: {text}");
    let text = if text.is_empty() { "null".to_owned() } else { text };
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{url}: {error}: {text}"))
}

/// The problem document of an answer that has to be a refusal.
pub async fn refused(response: Response) -> Problem {
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

/// The code of the single fault of a refusal, which has to be in this field.
pub fn fault(problem: &Problem, field: &str) -> ErrorCode {
    let [fault] = problem.errors.as_slice() else { panic!("not one fault: {problem:?}") };
    assert_eq!(fault.field, field, "{problem:?}");
    fault.code
}
