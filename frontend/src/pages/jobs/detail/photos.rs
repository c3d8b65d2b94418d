//! Photos of a job.

use std::rc::Rc;

use futures_util::FutureExt;
use leptos::prelude::*;
use shared::job::Job;
use shared::photo::{Photo, PhotoKind};
use shared::{JobId, Page, Permission};
use web_sys::File;

use crate::api::upload::OutgoingPhoto;
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::page_states::Loaded;
use crate::components::photo_upload::{PhotoUploadButton, QueuedPhotos};
use crate::components::photo_viewer::PhotoViewer;
use crate::components::time::RelativeTime;
use crate::core::labels::Label;
use crate::core::load::Load;
use crate::core::photo_queue::{self, PhotoBatch, Progress};
use crate::core::protected_image::use_protected_image;
use crate::core::{format, session};
use crate::{api, enum_options, tl, tr};

/// The thumbnails, a lightbox and, where it is allowed, the upload.
#[component]
pub fn Photos(load: Load<Job>, photos: Load<Page<Photo>>) -> impl IntoView {
    let shown = RwSignal::new(None::<usize>);
    let open = RwSignal::new(false);
    Effect::new(move || {
        if !open.get() {
            shown.set(None);
        }
    });
    let show = move |index: usize| {
        shown.set(Some(index));
        open.set(true);
    };
    let may_add = move || {
        let unfinished =
            load.value.with(|job| job.as_ref().is_some_and(|job| !job.status.is_final()));
        unfinished && session::can(Permission::JobsWork)
    };
    view! {
        <Loaded
            data=photos
            view=move |page| {
                if page.items.is_empty() {
                    return view! { <p class="px-4 py-3 text-muted">{tl!(jobs.photos.none)}</p> }
                        .into_any();
                }
                let thumbs = page.items.into_iter().enumerate();
                let thumbs = thumbs
                    .map(|(index, photo)| {
                        view! { <Thumbnail photo=photo on_open=move || show(index) /> }
                    });
                view! {
                    <ul class="grid grid-cols-2 gap-2 p-4 sm:grid-cols-4" data-testid="photos">
                        {thumbs.collect_view()}
                    </ul>
                }
                    .into_any()
            }
            skeleton_rows=2
        />
        <Show when=may_add>
            <AddPhoto load=load photos=photos />
        </Show>
        <Dialog open=open title=tl!(jobs.photos.title) wide=true testid="lightbox">
            <PhotoLightbox photos=photos shown=shown />
        </Dialog>
    }
}

#[component]
fn Thumbnail(photo: Photo, on_open: impl Fn() + 'static) -> impl IntoView {
    let image = use_protected_image(photo.thumbnail_url.clone());
    let kind = photo.kind;
    view! {
        <li>
            <button
                type="button"
                class="block w-full cursor-pointer overflow-hidden rounded-box border border-base-300 text-left hover:border-primary"
                on:click=move |_| on_open()
                data-testid="photo"
            >
                <span class="flex aspect-4/3 items-center justify-center bg-base-200">
                    {move || match image.object_url() {
                        Some(address) => {
                            view! {
                                <img src=address alt="" class="size-full object-cover" />
                            }
                                .into_any()
                        }
                        None => {
                            view! { <Icon name=IconName::Camera class="size-6 text-muted" /> }
                                .into_any()
                        }
                    }}
                </span>
                <span class="block truncate px-2 py-1 text-sm">{move || kind.label()}</span>
            </button>
        </li>
    }
}

#[component]
fn PhotoLightbox(photos: Load<Page<Photo>>, shown: RwSignal<Option<usize>>) -> impl IntoView {
    let all = move || photos.value.get().map(|page| page.items).unwrap_or_default();
    let step = move |by: isize| {
        let count = all().len();
        shown.update(|shown| {
            *shown = shown
                .and_then(|index| index.checked_add_signed(by))
                .filter(|i| *i < count)
                .or(*shown);
        });
    };
    let keys = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowLeft" => step(-1),
        "ArrowRight" => step(1),
        _ => {}
    };
    view! {
        <div on:keydown=keys>
            {move || {
                let index = shown.get()?;
                let photo = all().into_iter().nth(index)?;
                Some(view! { <LargePhoto photo=photo /> })
            }}
            <div class="mt-3 flex items-center justify-between gap-2">
                <button
                    type="button"
                    class="btn btn-sm"
                    disabled=move || shown.get() == Some(0)
                    on:click=move |_| step(-1)
                >
                    <Icon name=IconName::ChevronLeft />
                    {tl!(jobs.photos.previous)}
                </button>
                <span class="text-sm text-muted">
                    {move || format!("{} / {}", shown.get().map_or(0, |index| index + 1), all().len())}
                </span>
                <button
                    type="button"
                    class="btn btn-sm"
                    disabled=move || shown.get().is_none_or(|index| index + 1 >= all().len())
                    on:click=move |_| step(1)
                >
                    {tl!(jobs.photos.next)}
                    <Icon name=IconName::ChevronRight />
                </button>
            </div>
        </div>
    }
}

#[component]
fn LargePhoto(photo: Photo) -> impl IntoView {
    let kind = photo.kind;
    view! {
        <PhotoViewer url=photo.url alt=move || kind.label()>
            <span class="font-medium text-base-content">{move || kind.label()}</span>
            " · "
            {photo.uploaded_by}
            " · "
            <RelativeTime at=photo.created_at />
            {photo
                .taken_at
                .map(|at| {
                    view! {
                        <span>
                            " · " {tl!(jobs.photos.taken)} " " {move || format::exact(at)}
                        </span>
                    }
                })}
        </PhotoViewer>
    }
}

/// Names the job in the queue of photos.
fn target(job: JobId) -> String {
    format!("jobs/{job}")
}

/// Choice of the kind and the button that adds photos.
#[component]
pub fn AddPhoto(load: Load<Job>, photos: Load<Page<Photo>>) -> impl IntoView {
    let kind = RwSignal::new(PhotoKind::After);
    let options = enum_options!(PhotoKind);
    let job = move || load.value.with(|job| job.as_ref().map(|job| job.id));
    let queued = Signal::derive(move || job().map(target).unwrap_or_default());
    let upload = move |files: Vec<File>| {
        let Some(id) = untrack(job) else { return };
        let kind = kind.get_untracked();
        let send = move |photo: OutgoingPhoto, progress: Progress| {
            async move { api::jobs::add_photo(id, kind, &photo, progress).await.map(|_| ()) }
                .boxed_local()
        };
        let stored_text = |name| tr!(jobs.photos.added, name = name).to_string();
        let batch = PhotoBatch { target: target(id), stored_text, send: Rc::new(send) };
        photo_queue::enqueue(&batch, files);
    };
    view! {
        <div class="flex flex-wrap items-center gap-2 border-t border-base-300 px-4 py-3">
            <select
                class="select select-sm w-auto"
                aria-label=tl!(jobs.photos.kind)
                on:change=move |event| {
                    if let Ok(chosen) = event_target_value(&event).parse() {
                        kind.set(chosen);
                    }
                }
                data-testid="photo-kind"
            >
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(code, label)| {
                            let selected = code == kind.get_untracked().as_str();
                            view! {
                                <option value=code selected=selected>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <PhotoUploadButton
                label=tl!(jobs.photos.add)
                on_choose=upload
                multiple=true
                testid="photo-file"
            />
            <QueuedPhotos target=queued on_less=move |()| photos.reload() />
        </div>
    }
}
