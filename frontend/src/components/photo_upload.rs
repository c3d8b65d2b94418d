//! Button that uploads photos, and the list of those on their way.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::icon::{Icon, IconName};
use crate::core::photo_queue::{self, PhotoState, QueuedPhoto};
use crate::{tl, tr};

/// Kinds of files that the server accepts. Phones convert their own formats into one of them.
const ACCEPT: &str = "image/jpeg,image/png,image/webp";

/// Lets people choose photos.
#[component]
pub fn PhotoUploadButton(
    #[prop(into)] label: TextProp,
    on_choose: impl Fn(Vec<File>) + 'static,
    /// Several photos at once.
    #[prop(optional)]
    multiple: bool,
    testid: &'static str,
) -> impl IntoView {
    let change = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let files: Vec<File> = input
            .files()
            .map(|files| (0..files.length()).filter_map(|index| files.get(index)).collect())
            .unwrap_or_default();
        // Without this the same file could not be chosen again.
        input.set_value("");
        if !files.is_empty() {
            on_choose(files);
        }
    };
    view! {
        <label class="btn btn-sm focus-within:outline-2 focus-within:outline-primary">
            <Icon name=IconName::Camera />
            {move || label.get()}
            <input
                type="file"
                accept=ACCEPT
                multiple=multiple
                class="sr-only"
                on:change=change
                data-testid=testid
            />
        </label>
    }
}

/// The photos of a target that the server does not have yet.
#[component]
pub fn QueuedPhotos(
    #[prop(into)] target: Signal<String>,
    /// Called when there is one photo less, because it was sent or given up.
    #[prop(into)]
    on_less: Callback<()>,
) -> impl IntoView {
    let photos = Memo::new(move |_| photo_queue::photos(&target.get()));
    Effect::new(move |before: Option<usize>| {
        let now = photos.with(Vec::len);
        if before.is_some_and(|before| now < before) {
            on_less.run(());
        }
        now
    });
    view! {
        <Show when=move || photos.with(|photos| !photos.is_empty())>
            <ul
                class="flex w-full flex-col gap-2"
                aria-label=tl!(common.upload.list)
                data-testid="queued-photos"
            >
                <For each=move || photos.get() key=|photo| photo.id let(photo)>
                    <Row photo=photo />
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn Row(photo: QueuedPhoto) -> impl IntoView {
    let id = photo.id;
    let state = Memo::new(move |_| photo_queue::state(id));
    let code = move || state.get().as_ref().map(state_code);
    let is_stopped = Memo::new(move |_| {
        matches!(state.get(), Some(PhotoState::NoConnection | PhotoState::Refused(_)))
    });
    let percent = Memo::new(move |_| match state.get() {
        Some(PhotoState::Sending { percent }) => Some(percent),
        _ => None,
    });
    let is_sending = Memo::new(move |_| percent.get().is_some());
    view! {
        <li
            class="flex flex-wrap items-center gap-2 text-sm"
            data-testid="queued-photo"
            data-state=code
        >
            <span class="min-w-0 max-w-full truncate font-medium">{photo.name.clone()}</span>
            <span class="min-w-0 grow text-muted" role="status">
                {move || state.get().map(state_text)}
            </span>
            <Show when=move || is_sending.get()>
                <progress
                    class="progress progress-primary w-32"
                    value=move || percent.get().unwrap_or_default().to_string()
                    max="100"
                    aria-label=tl!(common.upload.progress)
                ></progress>
            </Show>
            <Show when=move || is_stopped.get()>
                <button
                    type="button"
                    class="btn btn-sm"
                    on:click=move |_| photo_queue::retry(id)
                    data-testid="retry-photo"
                >
                    <Icon name=IconName::Refresh />
                    {tl!(common.upload.again)}
                </button>
                <button
                    type="button"
                    class="btn btn-ghost btn-sm"
                    on:click=move |_| photo_queue::remove(id)
                    data-testid="drop-photo"
                >
                    {tl!(common.upload.remove)}
                </button>
            </Show>
        </li>
    }
}

fn state_code(state: &PhotoState) -> &'static str {
    match state {
        PhotoState::Waiting => "waiting",
        PhotoState::Preparing => "preparing",
        PhotoState::Sending { .. } => "sending",
        PhotoState::NoConnection => "no_connection",
        PhotoState::Refused(_) => "refused",
    }
}

/// Without the percentage: a screen reader would read each one aloud.
fn state_text(state: PhotoState) -> String {
    match state {
        PhotoState::Waiting => tr!(common.upload.waiting).to_string(),
        PhotoState::Preparing => tr!(common.upload.preparing).to_string(),
        PhotoState::Sending { percent: 100 } => tr!(common.upload.processing).to_string(),
        PhotoState::Sending { .. } => tr!(common.upload.sending).to_string(),
        PhotoState::NoConnection => tr!(common.upload.no_connection).to_string(),
        PhotoState::Refused(reason) => reason,
    }
}
