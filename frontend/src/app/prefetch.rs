//! Prefetching: loads a page when the pointer or the keyboard reaches a link to it.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::frame::FRAME;
use super::pages::PAGES;
use super::routes::find;

/// Events that announce a visit. A finger sends `pointerover` too, at the moment of the touch.
const INTENT_EVENTS: [&str; 2] = ["pointerover", "focusin"];

/// Prefetches the page of each link that is about to be followed. Called once.
pub fn prefetch_linked_pages() {
    for event_name in INTENT_EVENTS {
        let last = Cell::new(None);
        // The listener lives as long as the application: the handle is not needed.
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

/// Prefetches the frame and the page of the current address, while the server is still asked who is signed in.
pub fn prefetch_current_page() {
    spawn_local(async {
        // An error is shown when the frame is.
        let _ = (FRAME.load)().await;
    });
    let path = location().pathname().unwrap_or_default();
    if let Some((page, _)) = find(&path) {
        load(page);
    }
}

fn load(page: usize) {
    spawn_local(async move {
        // An error is shown when the page is opened.
        let _ = (PAGES[page].load)().await;
    });
}

/// Returns the page that the link around an element leads to.
fn linked_page(target: &web_sys::EventTarget) -> Option<usize> {
    let link = target.dyn_ref::<web_sys::Element>()?.closest("a[href^='/']").ok()??;
    let link = link.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    find(&link.pathname()).map(|(page, _)| page)
}
