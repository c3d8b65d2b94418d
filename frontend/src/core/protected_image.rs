//! Protected images: fetched with the access token and shown from memory.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::client;
use crate::api::{ApiError, ApiResult};

/// An image that is fetched once, and again when [`ProtectedImage::retry`] is called.
#[derive(Clone, Copy)]
pub struct ProtectedImage {
    url: StoredValue<String>,
    image: RwSignal<Option<ApiResult<String>>>,
}

/// Fetches the image at an address of the API. Its memory is freed with the surrounding component.
pub fn use_protected_image(url: String) -> ProtectedImage {
    let image = ProtectedImage { url: StoredValue::new(url), image: RwSignal::new(None) };
    image.fetch();
    on_cleanup(move || {
        if let Some(Some(Ok(object_url))) = image.image.try_get_untracked() {
            revoke(&object_url);
        }
    });
    image
}

impl ProtectedImage {
    /// Returns the object URL once the image is there. Tracks.
    pub fn object_url(self) -> Option<String> {
        self.image.get().and_then(Result::ok)
    }

    /// Returns why the image could not be fetched. Tracks.
    pub fn error(self) -> Option<ApiError> {
        self.image.get().and_then(Result::err)
    }

    /// Fetches the image again.
    pub fn retry(self) {
        self.image.set(None);
        self.fetch();
    }

    fn fetch(self) {
        let url = self.url.get_value();
        spawn_local(async move {
            let answer = client::object_url(&url).await;
            // The component may be gone by now.
            if let Some(Some(Ok(unseen))) = self.image.try_set(Some(answer)) {
                revoke(&unseen);
            }
        });
    }
}

fn revoke(object_url: &str) {
    let _ = web_sys::Url::revoke_object_url(object_url);
}
