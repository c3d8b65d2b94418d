//! Preloading of the page at the current address.
//!
//! The application knows the pages and provides a [`PagePreloader`] as context. A form that signs in calls it while
//! the server still checks the password.

use leptos::prelude::*;

/// Loads the code of the page at the current address.
#[derive(Clone, Copy)]
pub struct PagePreloader(Callback<()>);

impl PagePreloader {
    /// Wraps the function that loads the page.
    pub fn new(load: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Callback::new(move |()| load()))
    }

    /// Starts loading; does not wait for it.
    pub fn start(self) {
        self.0.run(());
    }
}

/// Returns the preloader of the application; one that does nothing outside of it.
pub fn use_page_preloader() -> PagePreloader {
    use_context().unwrap_or_else(|| PagePreloader::new(|| {}))
}
