//! Noticing that the server has a newer version of the application than this tab.

use gloo_net::http::Request;
use leptos::prelude::*;

/// Under this key the session remembers the version that it left for a newer one.
const KEY: &str = "isp-left-version";

/// Whether the server's start page names other files than those that this tab runs on.
pub async fn is_outdated() -> bool {
    let Some(own) = current() else { return false };
    if session_storage().and_then(|storage| storage.get_item(KEY).ok()?).as_deref() == Some(&own) {
        // It has been tried, and brought the same version again: something between keeps it.
        return false;
    }
    match Request::get("/").cache(web_sys::RequestCache::NoStore).send().await {
        Ok(answer) if answer.ok() => answer.text().await.is_ok_and(|page| !page.contains(&own)),
        _ => false,
    }
}

/// Loads the application anew at an address. It is done once for each version.
pub fn reload_at(path: &str) {
    if let (Some(storage), Some(own)) = (session_storage(), current()) {
        let _ = storage.set_item(KEY, &own);
    }
    let _ = location().set_href(path);
}

/// The name of this version's main file: it contains a hash.
fn current() -> Option<String> {
    let link = document().query_selector("link[rel=modulepreload]").ok()??;
    link.get_attribute("href")
}

fn session_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok()?
}
