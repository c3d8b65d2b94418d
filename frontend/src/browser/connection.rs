//! Whether the device has a connection.

use wasm_bindgen::prelude::*;

/// Returns whether the device has a connection to some network, as far as it knows.
pub fn is_online() -> bool {
    web_sys::window().is_some_and(|window| window.navigator().on_line())
}

/// Calls `back` when the device has a connection again, as long as the page is open.
pub fn on_online(back: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(back);
    if let Some(window) = web_sys::window() {
        let callback = listener.as_ref().unchecked_ref();
        let _ = window.add_event_listener_with_callback("online", callback);
    }
    // The listener lives as long as the page.
    listener.forget();
}
