//! Raw HTTP requests of the measurements. The server and the reference get the same bytes.

use shared::job_state_machine::JobAction;
use shared::{CustomerId, JobId};

use crate::load::ConnectionScript;

/// Rows on a page.
pub const PAGE: u32 = 20;

/// Builds an authenticated GET.
pub fn get(path: &str, token: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n\r\n"
    )
}

/// Builds a POST of JSON, authenticated if there is a token.
pub fn post(path: &str, token: Option<&str>, body: &str) -> String {
    let login = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{login}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Builds an authenticated POST of a form with a CSV file.
pub fn upload(path: &str, token: &str, file: &str) -> String {
    const BOUNDARY: &str = "----bench";
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
    );
    let kind = format!("Content-Type: multipart/form-data; boundary={BOUNDARY}");
    post(path, Some(token), &body).replacen("Content-Type: application/json", &kind, 1)
}

/// Builds an authenticated POST of a form with a photo for a job.
pub fn photo(job: JobId, token: &str, photo: &[u8]) -> Vec<u8> {
    const BOUNDARY: &str = "----bench";
    let before = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nafter\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    let after = format!("\r\n--{BOUNDARY}--\r\n");
    let head = format!(
        "POST /api/jobs/{job}/photos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        before.len() + photo.len() + after.len()
    );
    [head.as_bytes(), before.as_bytes(), photo, after.as_bytes()].concat()
}

/// Builds a sign-in from this client address, as a proxy forwards it.
pub fn login(username: &str, password: &str, from: &str) -> String {
    let body = format!(r#"{{"username":"{username}","password":"{password}"}}"#);
    let request = post("/api/auth/login", None, &body);
    request.replacen("\r\n", &format!("\r\nX-Forwarded-For: {from}\r\n"), 1)
}

/// The first page of jobs.
pub fn list(token: &str) -> String {
    get(&format!("/api/jobs?limit={PAGE}"), token)
}

/// One job.
pub fn job(id: JobId, token: &str) -> String {
    get(&format!("/api/jobs/{id}"), token)
}

/// A new job for a customer.
pub fn create(customer: CustomerId, token: &str) -> String {
    let body = format!(
        r#"{{"type":"repair","customer_id":{customer},"priority":"high","confirm_duplicate":true,"description":"Lampu LOS merah sejak pagi, pelanggan di rumah setelah pukul 13"}}"#
    );
    post("/api/jobs", Some(token), &body)
}

/// One transition of a job.
pub fn transition(id: JobId, action: JobAction, token: &str) -> String {
    let reason = match action {
        JobAction::Hold => r#","reason":"Pelanggan tidak di rumah""#,
        _ => "",
    };
    let body = format!(r#"{{"action":"{action}"{reason}}}"#);
    post(&format!("/api/jobs/{id}/transitions"), Some(token), &body)
}

/// All transitions of assigned jobs, one job after the other; then the last one is held and resumed
/// repeatedly.
pub fn job_transitions(jobs: &[JobId], token: &str) -> ConnectionScript {
    use JobAction::{Accept, Depart, Hold, Resume, Start};
    let steps = |job: JobId, actions: &[JobAction]| -> Vec<String> {
        actions.iter().map(|action| transition(job, *action, token)).collect()
    };
    let first =
        jobs.iter().flat_map(|job| steps(*job, &[Accept, Depart, Start, Hold, Resume])).collect();
    let again = jobs.last().map(|job| steps(*job, &[Hold, Resume])).unwrap_or_default();
    ConnectionScript { once: first, repeated: again }
}

/// Distributes requests over so many connections.
pub fn distribute(requests: &[String], lanes: usize) -> Vec<ConnectionScript> {
    let lane = |offset: usize| {
        let own = requests.iter().skip(offset % requests.len().max(1)).step_by(lanes);
        ConnectionScript { once: Vec::new(), repeated: own.cloned().collect() }
    };
    (0..lanes).map(lane).collect()
}
