//! Idempotency keys: a form that is sent twice is processed once.

use std::cell::RefCell;

use crate::browser::random;

thread_local! {
    /// Requests without a response and their keys: whether they were processed is unknown.
    static UNANSWERED_REQUESTS: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

const MAX_REMEMBERED: usize = 20;

/// Returns the key of the same unanswered request, or a new one.
pub fn key_for(request: &str) -> String {
    UNANSWERED_REQUESTS
        .with_borrow(|known| {
            known.iter().find(|(other, _)| other == request).map(|(_, key)| key.clone())
        })
        .unwrap_or_else(new_key)
}

/// Stores the key of a request that got no response.
pub fn remember(request: String, key: String) {
    UNANSWERED_REQUESTS.with_borrow_mut(|known| {
        known.retain(|(other, _)| *other != request);
        if known.len() >= MAX_REMEMBERED {
            known.remove(0);
        }
        known.push((request, key));
    });
}

/// Removes the key of a request that was answered.
pub fn forget(request: &str) {
    UNANSWERED_REQUESTS.with_borrow_mut(|known| known.retain(|(other, _)| other != request));
}

/// Returns a key of 128 random bits.
pub fn new_key() -> String {
    let bytes: [u8; 16] = random::bytes()
        .unwrap_or_else(|| std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8));
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
