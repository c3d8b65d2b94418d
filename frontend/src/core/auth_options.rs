//! Authentication options: what the server allows before anybody is signed in, and its password policy.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::session::PasswordPolicy;
use shared::signup::AuthOptions;

use crate::api;

/// The options of the server, once they have been loaded.
#[derive(Clone, Copy, Default)]
pub struct AuthOptionsStore(RwSignal<Option<AuthOptions>>);

/// Provides the store; nothing is loaded yet.
pub fn provide_auth_options() -> AuthOptionsStore {
    let store = AuthOptionsStore::default();
    provide_context(store);
    store
}

/// Returns the provided store; an empty one outside of it.
pub fn use_auth_options() -> AuthOptionsStore {
    use_context().unwrap_or_default()
}

impl AuthOptionsStore {
    /// Returns the options. Tracks.
    pub fn get(self) -> Option<AuthOptions> {
        self.0.get()
    }

    /// Replaces the options.
    pub fn set(self, options: AuthOptions) {
        if self.0.with_untracked(|known| *known != Some(options)) {
            self.0.set(Some(options));
        }
    }

    /// Returns what a new password has to be, as far as it is known.
    pub fn password_policy_untracked(self) -> Option<PasswordPolicy> {
        self.0.with_untracked(|options| options.map(|options| options.password_policy))
    }

    /// Loads the options. Without an answer the previous ones stay.
    pub fn load(self) {
        spawn_local(async move {
            if let Ok(options) = api::auth::options().await {
                self.set(options);
            }
        });
    }

    /// Loads the options unless they are known.
    pub fn load_once(self) {
        if self.0.with_untracked(Option::is_none) {
            self.load();
        }
    }
}
