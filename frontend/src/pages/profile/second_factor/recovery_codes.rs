//! Recovery codes: shown once, to be copied, saved or printed.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser::download;
use crate::components::icon::{Icon, IconName};
use crate::components::reveal_once;
use crate::core::session;
use crate::{tl, tr};

/// The codes and the buttons.
#[component]
pub fn RecoveryCodesPanel(codes: Vec<String>, on_done: Callback<()>) -> impl IntoView {
    let list = NodeRef::<html::Ol>::new();
    let text = StoredValue::new(codes.join("\n"));
    let copy = move |_| {
        if let Some(list) = list.get_untracked() {
            reveal_once::copy(text.get_value(), list.unchecked_into());
        }
    };
    let save = move |_| {
        let head = heading();
        text.with_value(|codes| {
            download::save_text("isp-recovery-codes.txt", &format!("{head}\r\n\r\n{codes}\r\n"));
        });
    };
    let print = move |_| {
        // Where printing is forbidden nothing happens; the other buttons remain.
        let _ = window().print();
    };
    view! {
        <div class="flex flex-col gap-4" data-testid="recovery-codes">
            <div class="alert alert-warning alert-soft items-start py-2">
                <Icon name=IconName::Alert class="mt-0.5 size-4 shrink-0" />
                <p>{tl!(second_factor.codes_hint)}</p>
            </div>
            <div class="print-sheet">
                <p class="mb-2 hidden print:block">{heading}</p>
                <ol
                    class="grid grid-cols-2 gap-x-4 gap-y-1 rounded-field border border-base-300 bg-base-200 p-3 font-mono"
                    node_ref=list
                    aria-label=tl!(second_factor.codes)
                >
                    {codes
                        .into_iter()
                        .map(|code| view! { <li data-testid="recovery-code">{code}</li> })
                        .collect_view()}
                </ol>
            </div>
            <div class="flex flex-wrap gap-2">
                <button type="button" class="btn btn-sm" on:click=copy data-testid="copy-codes">
                    <Icon name=IconName::Copy />
                    {tl!(common.copy)}
                </button>
                <button type="button" class="btn btn-sm" on:click=save data-testid="save-codes">
                    <Icon name=IconName::Import />
                    {tl!(second_factor.download)}
                </button>
                <button type="button" class="btn btn-sm" on:click=print data-testid="print-codes">
                    <Icon name=IconName::Print />
                    {tl!(second_factor.print)}
                </button>
            </div>
            <button
                type="button"
                class="btn btn-primary self-end"
                on:click=move |_| on_done.run(())
                data-testid="codes-kept"
            >
                {tl!(second_factor.kept)}
            </button>
        </div>
    }
}

/// Returns the heading of the printed sheet.
fn heading() -> String {
    let user = session::user().map(|user| user.username).unwrap_or_default();
    let host = location().host().unwrap_or_default();
    tr!(second_factor.sheet, user = user, host = host).to_string()
}
