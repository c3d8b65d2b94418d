//! The photo of an identity card: kept, looked at, removed. The server notes every look.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::{ConfirmDialog, Dialog};
use super::icon::{Icon, IconName};
use super::page_states::ErrorState;
use crate::api::identity::{self, IdentityHolder};
use crate::api::{ApiError, ApiResult};
use crate::core::error_text::ErrorText;
use crate::core::toast;
use crate::{tl, tr};

/// Kinds of files that the server takes.
const ACCEPT: &str = "image/jpeg,image/png,image/webp";

/// What there is to do with the photo.
#[component]
pub fn IdentityPhotoCard(
    holder: IdentityHolder,
    /// Whether there is one. Tracks.
    #[prop(into)]
    has_photo: Signal<bool>,
    #[prop(into)] may_view: Signal<bool>,
    #[prop(into)] may_change: Signal<bool>,
    /// It was kept or removed.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let (viewing, removing) = (RwSignal::new(false), RwSignal::new(false));
    let label = move || if has_photo.get() { tr!(identity.there) } else { tr!(identity.missing) };
    view! {
        <div class="flex flex-col items-start gap-3 p-4" data-testid="identity-photo">
            <p class="text-muted">{label}</p>
            <div class="flex flex-wrap items-center gap-2">
                <Show when=move || has_photo.get() && may_view.get()>
                    <button
                        type="button"
                        class="btn btn-sm"
                        on:click=move |_| viewing.set(true)
                        data-testid="look-identity-photo"
                    >
                        <Icon name=IconName::Eye />
                        {tl!(identity.look)}
                    </button>
                </Show>
                <Show when=move || may_change.get()>
                    <UploadButton holder=holder has_photo=has_photo on_change=on_change />
                </Show>
                <Show when=move || has_photo.get() && may_change.get()>
                    <button
                        type="button"
                        class="btn btn-ghost btn-sm"
                        on:click=move |_| removing.set(true)
                        data-testid="remove-identity-photo"
                    >
                        {tl!(common.remove)}
                    </button>
                </Show>
            </div>
            <p class="text-sm text-muted">{tl!(identity.recorded)}</p>
        </div>
        <Dialog open=viewing title=tl!(identity.title) wide=true testid="identity-dialog">
            <IdentityPhotoView holder=holder />
        </Dialog>
        <ConfirmDialog
            open=removing
            title=tl!(identity.remove)
            text=tl!(identity.remove_sure)
            confirm=tl!(common.remove)
            request=move || identity::remove_photo(holder)
            on_done=move |()| {
                toast::success(tr!(identity.removed));
                on_change.run(());
            }
            danger=true
        />
    }
}

/// Fetches the photo once, because each time is noted, and forgets it when it is closed.
#[component]
pub fn IdentityPhotoView(holder: IdentityHolder) -> impl IntoView {
    let photo = RwSignal::new(None::<ApiResult<String>>);
    let fetch = move || {
        spawn_local(async move {
            let answer = identity::photo(holder).await;
            if let Some(Some(Ok(unseen))) = photo.try_set(Some(answer)) {
                let _ = web_sys::Url::revoke_object_url(&unseen);
            }
        });
    };
    fetch();
    on_cleanup(move || {
        if let Some(Some(Ok(address))) = photo.try_get_untracked() {
            let _ = web_sys::Url::revoke_object_url(&address);
        }
    });
    let retry = move |()| {
        photo.set(None);
        fetch();
    };
    view! {
        <div class="flex min-h-48 items-center justify-center bg-base-200">
            {move || match photo.get() {
                Some(Ok(address)) => {
                    view! {
                        <img
                            src=address
                            alt=tl!(identity.title)
                            class="max-h-[65dvh] max-w-full object-contain"
                            data-testid="identity-picture"
                        />
                    }
                        .into_any()
                }
                Some(Err(error)) => view! { <ErrorState error=error retry=retry /> }.into_any(),
                None => {
                    view! {
                        <span class="loading loading-spinner" role="status" aria-label=tl!(common.loading)></span>
                    }
                        .into_any()
                }
            }}
        </div>
        <p class="mt-2 text-sm text-muted">{tl!(identity.recorded)}</p>
    }
}

#[component]
fn UploadButton(
    holder: IdentityHolder,
    has_photo: Signal<bool>,
    on_change: Callback<()>,
) -> impl IntoView {
    let progress = RwSignal::new(None::<f64>);
    let input = NodeRef::<html::Input>::new();
    let send = move |_| {
        let Some(node) = input.get_untracked() else { return };
        let Some(file) = node.files().and_then(|files| files.get(0)) else { return };
        if progress.get_untracked().is_some() {
            return;
        }
        progress.set(Some(0.0));
        spawn_local(async move {
            let show_progress = move |done: f64| {
                progress.try_set(Some(done));
            };
            match identity::put_photo(holder, &file, show_progress).await {
                Ok(_) => {
                    toast::success(tr!(identity.kept));
                    on_change.run(());
                }
                Err(error) => toast::error(upload_error_text(&error)),
            }
            if progress.try_set(None).is_none() {
                node.set_value("");
            }
        });
    };
    let label = move || if has_photo.get() { tr!(identity.replace) } else { tr!(identity.add) };
    view! {
        <label
            class="btn btn-sm focus-within:outline-2 focus-within:outline-primary"
            class=("btn-disabled", move || progress.get().is_some())
        >
            <Icon name=IconName::Camera />
            {label}
            <input
                node_ref=input
                type="file"
                accept=ACCEPT
                class="sr-only"
                on:change=send
                data-testid="identity-file"
            />
        </label>
        {move || {
            progress
                .get()
                .map(|done| {
                    view! {
                        <progress
                            class="progress progress-primary w-24"
                            value=(done * 100.0).to_string()
                            max="100"
                            aria-label=tl!(identity.sending)
                        ></progress>
                    }
                })
        }}
    }
}

/// A picture has one field: its fault says more than the whole.
fn upload_error_text(error: &ApiError) -> String {
    error.fields().first().map_or_else(|| error.message(), |field| field.message.clone())
}
