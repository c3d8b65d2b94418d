//! File picker of an import: by click or by drag and drop.

use leptos::prelude::*;
use shared::import::ImportKind;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::kind::example;
use crate::browser::download;
use crate::components::icon::{Icon, IconName};
use crate::{tl, tr};

/// The file field, and an example file to begin with.
#[component]
pub fn FilePicker(
    kind: ImportKind,
    /// Name of the chosen file.
    name: RwSignal<String>,
    #[prop(into)] busy: Signal<bool>,
    on_choose: impl Fn(File) + Copy + Send + 'static,
) -> impl IntoView {
    let changed = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_choose(file);
        }
        // Without this a corrected file of the same name could not be chosen again.
        input.set_value("");
    };
    let save_example = move |_| {
        let [head, row] = example(kind);
        let own = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        download::save_csv("contoh", &own(head), &[own(row)]);
    };
    let headings = example(kind)[0].join(", ");
    let label = move || {
        name.with(
            |name| {
                if name.is_empty() { tr!(imports.choose).to_owned() } else { name.clone() }
            },
        )
    };
    view! {
        <div class="flex flex-col gap-3 p-4">
            <label
                class="relative flex cursor-pointer flex-col items-center gap-2 rounded-box border-2 border-dashed border-base-300 p-6 text-center focus-within:border-primary hover:border-primary"
                class=("opacity-60", move || busy.get())
            >
                <Icon name=IconName::Import class="size-7 text-primary" />
                <span class="font-medium break-all">{label}</span>
                <span class="text-sm text-muted">{tl!(imports.choose_hint)}</span>
                <input
                    type="file"
                    // The field covers the whole box, so that files can be dropped anywhere in it.
                    class="absolute inset-0 cursor-pointer opacity-0"
                    accept=".csv,.xlsx,.txt,text/csv"
                    aria-label=tl!(imports.choose)
                    disabled=move || busy.get()
                    on:change=changed
                    data-testid="import-file"
                />
            </label>
            <div class="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-muted">
                <p class="min-w-0 grow basis-64">{tl!(imports.headings)} " " {headings}</p>
                <button type="button" class="btn btn-sm" on:click=save_example data-testid="import-example">
                    <Icon name=IconName::Export />
                    {tl!(imports.example)}
                </button>
            </div>
        </div>
    }
}
