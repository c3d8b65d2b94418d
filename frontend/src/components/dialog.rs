//! Dialogs on the native `<dialog>`: focus stays inside, Escape closes, focus goes back.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::tl;

/// A dialog. Its content is built anew at each opening, so no old input is left in it.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: TextProp,
    /// Wider than a short form needs.
    #[prop(optional)]
    wide: bool,
    #[prop(default = "dialog")] testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    let box_class = if wide { "modal-box max-w-2xl p-0" } else { "modal-box max-w-md p-0" };
    let children = StoredValue::new(children);
    let heading = title.clone();
    view! {
        <dialog
            node_ref=node
            class="modal modal-bottom sm:modal-middle"
            aria-label=move || heading.get()
            on:close=move |_| open.set(false)
            data-testid=testid
        >
            <div class=box_class>
                <div class="flex items-center gap-2 border-b border-base-300 px-4 py-3">
                    <h2 class="grow text-lg font-semibold">{move || title.get()}</h2>
                    <button
                        type="button"
                        class="btn btn-ghost btn-sm btn-square"
                        aria-label=tl!(common.close)
                        on:click=move |_| open.set(false)
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
                <div class="p-4">
                    <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
                </div>
            </div>
        </dialog>
    }
}

/// The buttons at the foot of a dialog's form: cancel left of what sends.
#[component]
pub fn DialogButtons(open: RwSignal<bool>, children: Children) -> impl IntoView {
    view! {
        <div class="mt-4 flex justify-end gap-2">
            <button type="button" class="btn btn-ghost" on:click=move |_| open.set(false)>
                {tl!(common.cancel)}
            </button>
            {children()}
        </div>
    }
}
