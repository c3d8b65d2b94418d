//! What the server allows before anybody is signed in, and what it demands of passwords.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::account::AuthOptions;
use shared::auth::PasswordPolicy;

use crate::api;

static OPTIONS: LazyLock<ArcRwSignal<Option<AuthOptions>>> = LazyLock::new(ArcRwSignal::default);

/// The options, once they have come. Tracks.
pub fn options() -> Option<AuthOptions> {
    OPTIONS.get()
}

/// What a new password has to be, as far as it is known.
pub fn policy_untracked() -> Option<PasswordPolicy> {
    OPTIONS.with_untracked(|options| options.map(|options| options.password_policy))
}

/// Asks for the options. Without an answer those of before stay.
pub fn load() {
    spawn_local(async {
        if let Ok(options) = api::auth::options().await
            && OPTIONS.with_untracked(|known| *known != Some(options))
        {
            OPTIONS.set(Some(options));
        }
    });
}

/// Asks for the options unless they are known.
pub fn load_once() {
    if OPTIONS.with_untracked(Option::is_none) {
        load();
    }
}
