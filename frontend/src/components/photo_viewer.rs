//! Photo in full size with a caption.

use leptos::prelude::*;

use super::page_states::ErrorState;
use crate::core::protected_image::use_protected_image;
use crate::tl;

/// Shows a protected photo, or that it is loading, or why it could not be loaded. The children are the caption.
#[component]
pub fn PhotoViewer(
    /// Address of the photo in the API. It is fetched once.
    url: String,
    #[prop(into)] alt: TextProp,
    #[prop(default = "photo-large")] testid: &'static str,
    children: Children,
) -> impl IntoView {
    let image = use_protected_image(url);
    let picture = move || {
        if let Some(error) = image.error() {
            return view! { <ErrorState error=error retry=move |()| image.retry() /> }.into_any();
        }
        let Some(object_url) = image.object_url() else {
            return view! {
                <span class="loading loading-spinner" role="status" aria-label=tl!(common.loading)></span>
            }
            .into_any();
        };
        let alt = alt.clone();
        view! {
            <img
                src=object_url
                alt=move || alt.get()
                class="max-h-[65dvh] max-w-full object-contain"
                data-testid=testid
            />
        }
        .into_any()
    };
    view! {
        <figure>
            <div class="flex min-h-48 items-center justify-center bg-base-200">{picture}</div>
            <figcaption class="mt-2 text-sm text-muted">{children()}</figcaption>
        </figure>
    }
}
