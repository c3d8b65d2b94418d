//! Types that the steps of signing in share.

use leptos::prelude::RwSignal;

/// The input of the first step. It stays while the code is asked for.
#[derive(Clone, Copy)]
pub struct Credentials {
    pub username: RwSignal<String>,
    pub password: RwSignal<String>,
    /// The code is asked for: the password was right, or the server throttles sign-ins without a code.
    pub asks_code: RwSignal<bool>,
}
