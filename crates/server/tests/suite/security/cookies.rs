//! Cookie attributes.

use std::collections::BTreeSet;

use serde_json::json;
use shared::Role;

use crate::harness::{Backend, PASSWORD, TestApp};

async fn attributes(variables: &[(&str, &str)]) -> BTreeSet<String> {
    let app = TestApp::start_with(Backend::Sqlite, variables).await;
    let username = app.sign_in_as(Role::Cs).await.user.unwrap().username;
    let login = json!({ "username": username, "password": PASSWORD });
    let request = app.anonymous().request(reqwest::Method::POST, "/auth/login").json(&login);
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    let [cookie, device] = cookies.as_slice() else { panic!("not two cookies: {cookies:?}") };
    let (cookie, device) = (cookie.to_str().unwrap().to_owned(), device.to_str().unwrap());
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert!(value.starts_with("isp_refresh=") && device.starts_with("isp_device="));
    // Both cookies have the same protection.
    let of_device: BTreeSet<_> = device.split("; ").skip(1).filter(|it| !is_age(it)).collect();
    let of_refresh: BTreeSet<_> = attributes.split("; ").filter(|it| !is_age(it)).collect();
    assert_eq!(of_device, of_refresh);
    let body = response.text().await.unwrap();
    let secret = value.split_once('.').unwrap().1;
    assert!(!body.contains(secret), "scripts would get it from the answer");
    attributes.split("; ").filter(|it| !is_age(it)).map(str::to_owned).collect()
}

fn is_age(attribute: &str) -> bool {
    attribute.starts_with("Max-Age")
}

#[tokio::test]
async fn cookies_have_protective_attributes() {
    let always = ["HttpOnly", "SameSite=Strict", "Path=/api/auth"].map(str::to_owned);
    let plain = attributes(&[("PUBLIC_URL", "http://isp.example.id")]).await;
    assert_eq!(plain, BTreeSet::from(always.clone()));
    let mut over_tls = BTreeSet::from(always);
    over_tls.insert("Secure".to_owned());
    assert_eq!(attributes(&[("PUBLIC_URL", "https://isp.example.id")]).await, over_tls);
}
