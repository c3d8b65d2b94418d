//! Button that uploads photos.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::icon::{Icon, IconName};
use crate::api::ApiError;
use crate::core::error_text::ErrorText;

/// Kinds of files that the server accepts.
const ACCEPT: &str = "image/jpeg,image/png,image/webp";

/// Lets people choose photos and shows how far their upload is.
#[component]
pub fn PhotoUploadButton(
    #[prop(into)] label: TextProp,
    /// Name of the progress bar.
    #[prop(into)]
    progress_label: TextProp,
    /// Share that has been sent, 0 to 1; none while nothing is being sent.
    progress: RwSignal<Option<f64>>,
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
        if !files.is_empty() && progress.get_untracked().is_none() {
            on_choose(files);
        }
    };
    let bar = move || {
        let label = progress_label.clone();
        progress.get().map(|sent| {
            view! {
                <progress
                    class="progress progress-primary w-32"
                    value=(sent * 100.0).to_string()
                    max="100"
                    aria-label=move || label.get()
                ></progress>
            }
        })
    };
    view! {
        <label
            class="btn btn-sm focus-within:outline-2 focus-within:outline-primary"
            class=("btn-disabled", move || progress.get().is_some())
        >
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
        {bar}
    }
}

/// Returns why a photo was refused. The upload has one field, whose fault says more than the problem as a whole.
pub fn upload_error_text(error: &ApiError) -> String {
    error.fields().first().map_or_else(|| error.message(), |field| field.message.clone())
}
