//! API client of the trials.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::customer::{Customer, CustomerInput};
use shared::import::ImportReport;
use shared::session::{LoginRequest, LoginResponse};
use shared::{ErrorCode, Problem};

use crate::Result;

/// Longest wait for a response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// A signed-in client. The token stays valid over restarts of the server.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// Why a request failed.
#[derive(Debug)]
pub enum RequestFailure {
    /// There was no response, so it is unknown whether the change happened.
    Unanswered,
    /// The server rejected the request.
    Refused(StatusCode, Option<ErrorCode>),
}

impl Client {
    pub async fn sign_in(base: &str, username: &str, password: &str) -> Result<Self> {
        let http = reqwest::Client::builder().timeout(REQUEST_TIMEOUT).build();
        let http = http.map_err(|error| error.to_string())?;
        let login =
            LoginRequest { username: username.into(), password: password.into(), otp: None };
        let mut client = Self { http, base: base.to_owned(), token: String::new() };
        let answer: std::result::Result<LoginResponse, _> =
            client.post("/auth/login", &login).await;
        client.token = answer.map_err(|failure| format!("sign-in: {failure:?}"))?.access_token;
        Ok(client)
    }

    /// The same client for another address.
    pub fn with_base(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> std::result::Result<T, RequestFailure> {
        self.send(self.http.request(Method::GET, self.address(path))).await
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> std::result::Result<T, RequestFailure> {
        self.send(self.http.request(Method::POST, self.address(path)).json(body)).await
    }

    /// Adds a customer with this name.
    pub async fn add_customer(
        &self,
        name: &str,
        phone: u64,
    ) -> std::result::Result<Customer, RequestFailure> {
        let input = CustomerInput {
            name: name.into(),
            phone: format!("0812{:08}", phone % 100_000_000),
            address: "Jl. Kaliurang KM 9, Sleman".into(),
            ..CustomerInput::default()
        };
        self.post("/customers", &input).await
    }

    /// Imports a file, with a longer timeout.
    pub async fn import(
        &self,
        what: &str,
        name: &str,
        file: Vec<u8>,
        dry_run: bool,
    ) -> std::result::Result<ImportReport, RequestFailure> {
        let part = Part::bytes(file).file_name(name.to_owned());
        let path = format!("/{what}/import?dry_run={dry_run}");
        let request = self.http.request(Method::POST, self.address(&path));
        let request = request.multipart(Form::new().part("file", part));
        self.send(request.timeout(REQUEST_TIMEOUT * 15)).await
    }

    /// Gets a ticket and returns the path of a WebSocket for live events.
    pub async fn live_path(&self) -> Result<String> {
        let ticket: std::result::Result<shared::session::TicketResponse, _> =
            self.post("/ws/ticket", &()).await;
        let ticket = ticket.map_err(|failure| format!("ticket: {failure:?}"))?;
        Ok(format!("/api/ws?ticket={}", ticket.ticket))
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api{path}", self.base)
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> std::result::Result<T, RequestFailure> {
        let request =
            if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        let answer = request.send().await.map_err(|_| RequestFailure::Unanswered)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|_| RequestFailure::Unanswered)?;
        if !status.is_success() {
            let problem: Option<Problem> = parse_json(&body);
            return Err(RequestFailure::Refused(status, problem.map(|problem| problem.code)));
        }
        parse_json(&body).ok_or(RequestFailure::Refused(status, None))
    }
}

fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}
