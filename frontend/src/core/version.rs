//! Detection of a newer version of the application on the server.

use gloo_net::http::Request;
use leptos::prelude::*;

/// Key under which the session storage has the version that was already left.
const KEY: &str = "isp-left-version";

/// Returns whether the server's start page names other files than those of this tab.
pub async fn is_outdated() -> bool {
    let Some(own) = current() else { return false };
    if session_storage().and_then(|storage| storage.get_item(KEY).ok()?).as_deref() == Some(&own) {
        // Reloading brought the same version again: a cache in between keeps it.
        return false;
    }
    match Request::get("/").cache(web_sys::RequestCache::NoStore).send().await {
        Ok(answer) if answer.ok() => answer.text().await.is_ok_and(|page| !page.contains(&own)),
        _ => false,
    }
}

/// Reloads the application at an address. Done once per version.
pub fn reload_at(path: &str) {
    if let (Some(storage), Some(own)) = (session_storage(), current()) {
        let _ = storage.set_item(KEY, &own);
    }
    let _ = location().set_href(path);
}

/// Returns the name of this version's main file, which contains a hash.
fn current() -> Option<String> {
    let link = document().query_selector("link[rel=modulepreload]").ok()??;
    link.get_attribute("href")
}

fn session_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok()?
}
