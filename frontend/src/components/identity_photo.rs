//! Photo of an identity card: view, replace and remove. The server records every view.

use std::rc::Rc;

use futures_util::FutureExt;
use leptos::prelude::*;
use web_sys::File;

use super::dialog::{ConfirmDialog, Dialog};
use super::icon::{Icon, IconName};
use super::photo_upload::{PhotoUploadButton, QueuedPhotos};
use super::photo_viewer::PhotoViewer;
use crate::api::identity::{self, IdentityHolder};
use crate::api::upload::OutgoingPhoto;
use crate::core::photo_queue::{self, PhotoBatch, Progress};
use crate::core::toast;
use crate::{tl, tr};

/// What the signed-in person can do with the photo.
#[component]
pub fn IdentityPhotoCard(
    holder: IdentityHolder,
    /// Whether there is a photo. Tracks.
    #[prop(into)]
    has_photo: Signal<bool>,
    #[prop(into)] may_view: Signal<bool>,
    #[prop(into)] may_change: Signal<bool>,
    /// Called after the photo was stored or removed.
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
        <IdentityPhotoDialog open=viewing holder=Signal::stored(Some(holder)) />
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

/// Dialog with the photo. It is fetched once per opening, because every fetch is recorded.
#[component]
pub fn IdentityPhotoDialog(
    open: RwSignal<bool>,
    #[prop(into)] holder: Signal<Option<IdentityHolder>>,
) -> impl IntoView {
    let photo = move || {
        holder.get().map(|holder| {
            view! {
                <PhotoViewer
                    url=holder.photo_path()
                    alt=tl!(identity.title)
                    testid="identity-picture"
                >
                    {tl!(identity.recorded)}
                </PhotoViewer>
            }
        })
    };
    view! {
        <Dialog open=open title=tl!(identity.title) wide=true testid="identity-dialog">
            {photo}
        </Dialog>
    }
}

#[component]
fn UploadButton(
    holder: IdentityHolder,
    has_photo: Signal<bool>,
    on_change: Callback<()>,
) -> impl IntoView {
    let target = holder.photo_path();
    let queued = Signal::stored(target.clone());
    let upload = move |files: Vec<File>| {
        let send = move |photo: OutgoingPhoto, progress: Progress| {
            async move { identity::put_photo(holder, &photo, progress).await.map(|_| ()) }
                .boxed_local()
        };
        let stored_text = |_| tr!(identity.kept).to_string();
        photo_queue::remove_stopped(&target);
        let batch = PhotoBatch { target: target.clone(), stored_text, send: Rc::new(send) };
        photo_queue::enqueue(&batch, files);
    };
    let label = move || if has_photo.get() { tr!(identity.replace) } else { tr!(identity.add) };
    view! {
        <PhotoUploadButton label=label on_choose=upload testid="identity-file" />
        <QueuedPhotos target=queued on_less=on_change />
    }
}
