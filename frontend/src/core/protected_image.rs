//! Pictures that need the sign-in: fetched with the token and shown from memory.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;

/// The address in memory of a protected picture; empty until it has come.
pub fn use_protected_image(url: String) -> ReadSignal<Option<String>> {
    let (address, set_address) = signal(None::<String>);
    spawn_local(async move {
        if let Ok(found) = api::client::object_url(&url).await
            && let Some(Some(_)) = set_address.try_set(Some(found.clone()))
        {
            // The picture's place is gone meanwhile: give the memory back at once.
            let _ = web_sys::Url::revoke_object_url(&found);
        }
    });
    on_cleanup(move || {
        if let Some(Some(address)) = address.try_get_untracked() {
            let _ = web_sys::Url::revoke_object_url(&address);
        }
    });
    address
}
