//! Security response headers and CORS.

use base64::Engine;
use reqwest::header::HeaderMap;
use reqwest::{Method, Response};
use sha2::{Digest, Sha256};
use shared::Role;
use shared::session::LoginRequest;

use crate::harness::client::expect_success;
use crate::harness::{Backend, PASSWORD, TestApp, sample_jpeg, upload_photo};

const OFFICE: &str = "https://kantor.example.id";

async fn fetch(app: &TestApp, path: &str) -> Response {
    reqwest::get(format!("{}{path}", app.base)).await.unwrap()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn check(headers: &HeaderMap, path: &str) {
    assert_eq!(text(headers, "x-content-type-options"), "nosniff", "{path}");
    assert_eq!(text(headers, "x-frame-options"), "DENY", "{path}");
    assert_eq!(text(headers, "referrer-policy"), "same-origin", "{path}");
    assert_eq!(text(headers, "cross-origin-opener-policy"), "same-origin", "{path}");
    assert_eq!(text(headers, "cross-origin-resource-policy"), "same-origin", "{path}");
    assert!(text(headers, "permissions-policy").contains("camera=()"), "{path}");
    let policy = text(headers, "content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}");
}

#[tokio::test]
async fn every_response_has_security_headers() {
    let app = TestApp::start(Backend::Sqlite).await;
    for path in [
        "/",
        "/jobs/17",
        "/no-such-file.js",
        "/api/docs/",
        "/api/docs/swagger-ui.css",
        "/api/openapi.json",
        "/api/jobs",
        "/api/no-such-thing",
        "/health/live",
        "/health/ready",
    ] {
        let headers = fetch(&app, path).await.headers().clone();
        check(&headers, path);
        assert_eq!(text(&headers, "strict-transport-security"), "", "{path}");
    }
    let cs = app.sign_in_as(Role::Superadmin).await;
    let taken =
        upload_photo(&cs, crate::harness::create_job(&cs, shared::job::JobType::Repair).await.id)
            .await;
    for path in [taken.url.as_str(), &taken.thumbnail_url, "/api/customers", "/api/auth/profile"] {
        let request = cs.request(Method::GET, path.strip_prefix("/api").unwrap());
        let headers = request.send().await.unwrap().headers().clone();
        check(&headers, path);
        assert_eq!(text(&headers, "cache-control"), "no-store", "{path}");
        assert!(text(&headers, "content-security-policy").ends_with("sandbox"), "{path}");
    }
    let made = cs.upload("/customers/import", "x.csv", sample_jpeg(), &[]).await;
    check(made.headers(), "a refused upload");
}

#[tokio::test]
async fn the_csp_allows_webassembly_own_websocket_blob_images_and_map_tiles() {
    let url = [("PUBLIC_URL", "https://isp.example.id/")];
    let app = TestApp::start_with(Backend::Sqlite, &url).await;
    let headers = fetch(&app, "/").await.headers().clone();
    let policy = text(&headers, "content-security-policy");
    for part in [
        "script-src 'self' 'wasm-unsafe-eval';",
        "style-src 'self';",
        "img-src 'self' blob: data: https://tile.openstreetmap.org;",
        "connect-src 'self' wss://isp.example.id",
    ] {
        assert!(policy.contains(part), "{part} is missing in {policy}");
    }
    assert_eq!(text(&headers, "strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn the_documentation_csp_allows_only_its_own_style() {
    const STYLE: &str = ".logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}";
    let app = TestApp::start(Backend::Sqlite).await;
    let script =
        fetch(&app, "/api/docs/swagger-ui-standalone-preset.js").await.text().await.unwrap();
    assert!(script.contains(STYLE), "the style has another hash now");
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    let page = fetch(&app, "/api/docs/").await;
    let policy = text(page.headers(), "content-security-policy").to_owned();
    assert!(policy.contains(&format!("style-src 'self' 'sha256-{hash}';")), "{policy}");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let page = page.text().await.unwrap();
    assert!(!page.contains("<style") && !page.contains("<script>"), "{page}");
}

async fn from_origin(app: &TestApp, method: Method, origin: &str) -> Response {
    let client = app.anonymous();
    let request = client.request(method, "/auth/refresh").header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", "POST");
    request.header("Access-Control-Request-Headers", "authorization").send().await.unwrap()
}

#[tokio::test]
async fn allowed_origins_read_responses_with_credentials() {
    let origins = [("ALLOWED_ORIGINS", "https://lain.example.id,https://kantor.example.id")];
    let app = TestApp::start_with(Backend::Sqlite, &origins).await;
    let preflight = from_origin(&app, Method::OPTIONS, OFFICE).await;
    assert!(preflight.status().is_success());
    let headers = preflight.headers();
    assert_eq!(text(headers, "access-control-allow-origin"), OFFICE);
    assert_eq!(text(headers, "access-control-allow-credentials"), "true");
    assert!(text(headers, "access-control-allow-methods").contains("PUT"));
    assert!(text(headers, "access-control-allow-headers").contains("idempotency-key"));
    assert!(text(headers, "vary").to_lowercase().contains("origin"));
    check(headers, "a preflight");
    // An error response can be read too.
    let refused = from_origin(&app, Method::POST, OFFICE).await;
    assert_eq!(refused.status(), 401);
    assert_eq!(text(refused.headers(), "access-control-allow-origin"), OFFICE);
    let exposed = text(refused.headers(), "access-control-expose-headers");
    assert!(exposed.contains("etag") && exposed.contains("x-request-id"), "{exposed}");
    assert_eq!(text(refused.headers(), "content-type"), "application/problem+json");
}

#[tokio::test]
async fn other_origins_are_rejected() {
    let allowed = [("ALLOWED_ORIGINS", OFFICE)];
    let app = TestApp::start_with(Backend::Sqlite, &allowed).await;
    for other in [
        "https://jahat.example.com",
        "https://kantor.example.id.jahat.example.com",
        "https://xkantor.example.id",
        "http://kantor.example.id",
        "https://kantor.example.id:8443",
        "null",
    ] {
        for method in [Method::OPTIONS, Method::POST] {
            let answer = from_origin(&app, method, other).await;
            assert_eq!(text(answer.headers(), "access-control-allow-origin"), "", "{other}");
        }
    }
    // The own page sends its origin too and is not rejected.
    let login = LoginRequest {
        username: app.sign_in_as(Role::Cs).await.user.unwrap().username,
        password: PASSWORD.into(),
        otp: None,
    };
    let request = app.anonymous().request(Method::POST, "/auth/login").json(&login);
    let answer = request.header("Origin", &app.base).send().await.unwrap();
    let _: shared::session::LoginResponse = expect_success(answer).await;
}

#[tokio::test]
async fn without_an_allow_list_every_other_origin_is_rejected() {
    let app = TestApp::start(Backend::Sqlite).await;
    for method in [Method::OPTIONS, Method::POST] {
        let answer = from_origin(&app, method, OFFICE).await;
        assert_eq!(text(answer.headers(), "access-control-allow-origin"), "");
    }
}
