//! Secrets that are shown once and copied.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::icon::{Icon, IconName};
use crate::core::toast;
use crate::{tl, tr};

/// A text with a button that copies it.
#[component]
pub fn SecretText(
    text: String,
    /// Name of the text for screen readers.
    #[prop(into)]
    label: TextProp,
    #[prop(default = "secret")] testid: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Code>::new();
    let copied = text.clone();
    view! {
        <div
            class="flex items-center gap-2 rounded-field border border-base-300 bg-base-200 py-1 pr-1 pl-3"
            role="group"
            aria-label=move || label.get()
        >
            <code class="min-w-0 grow font-mono break-all select-all" node_ref=node data-testid=testid>
                {text}
            </code>
            <button
                type="button"
                class="btn btn-ghost btn-sm shrink-0"
                on:click=move |_| {
                    if let Some(element) = node.get_untracked() {
                        copy(copied.clone(), element.unchecked_into());
                    }
                }
                data-testid=format!("copy-{testid}")
            >
                <Icon name=IconName::Copy />
                {tl!(common.copy)}
            </button>
        </div>
    }
}

/// Copies a text that is shown in `node` and reports the result.
pub fn copy(text: String, node: web_sys::Node) {
    spawn_local(async move {
        if copy_with_clipboard_api(&text).await || copy_selection(&node) {
            toast::success(tr!(common.copied));
        } else {
            toast::info(tr!(common.copy_by_hand));
        }
    });
}

/// Copies by the clipboard API, which browsers offer on secure addresses only.
async fn copy_with_clipboard_api(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Copies the selection by the older API. The selection stays, so that the text can be copied by hand.
fn copy_selection(node: &web_sys::Node) -> bool {
    let Ok(Some(selection)) = window().get_selection() else { return false };
    if selection.select_all_children(node).is_err() {
        return false;
    }
    let document: web_sys::HtmlDocument = document().unchecked_into();
    document.exec_command("copy").unwrap_or(false)
}
