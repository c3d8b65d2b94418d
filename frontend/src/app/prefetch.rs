//! Loading a page before it is asked for: when the pointer or the keyboard comes to a link.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::pages::PAGES;
use super::routes::find;

/// A finger tells its intent by `pointerover` as well, at the moment when it touches.
const INTENT_EVENTS: [&str; 2] = ["pointerover", "focusin"];

/// Loads the page of each link that somebody is about to follow. Called once.
pub fn load_on_intent() {
    for event_name in INTENT_EVENTS {
        let last = Cell::new(None);
        // It lasts as long as the application: the handle is not needed.
        let _ = window_event_listener_untyped(event_name, move |event| {
            let page = event.target().and_then(|target| linked_page(&target));
            if page != last.replace(page)
                && let Some(page) = page
            {
                load(page);
            }
        });
    }
}

/// Loads the page of the address in the bar, while the server is still asked who is signed in.
pub fn load_current() {
    let path = location().pathname().unwrap_or_default();
    if let Some((page, _)) = find(&path) {
        load(page);
    }
}

fn load(page: usize) {
    spawn_local(async move {
        // Whoever opens the page will be told.
        let _ = (PAGES[page].load)().await;
    });
}

/// The page that the link around an element leads to.
fn linked_page(target: &web_sys::EventTarget) -> Option<usize> {
    let link = target.dyn_ref::<web_sys::Element>()?.closest("a[href^='/']").ok()??;
    let link = link.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    find(&link.pathname()).map(|(page, _)| page)
}
