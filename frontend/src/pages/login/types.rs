//! Types that the steps of signing in share.

use leptos::prelude::RwSignal;

/// What is typed at the door. It stays while the code is asked for.
#[derive(Clone, Copy)]
pub struct Credentials {
    pub username: RwSignal<String>,
    pub password: RwSignal<String>,
    /// The code is asked for: the password was right, or without a code it would have to wait.
    pub asks_code: RwSignal<bool>,
}
