//! Dialogs on the native `<dialog>`: it keeps the focus inside, closes on Escape and restores the focus.

use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::html;
use leptos::prelude::*;

use super::form::{Form, FormError, SubmitButton};
use super::icon::{Icon, IconName};
use crate::api::ApiResult;
use crate::tl;

/// A dialog. Its content is built at each opening, so it starts without old input.
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

/// Buttons at the end of a form in a dialog: cancel, and what sends the form.
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

/// Asks for a confirmation before it sends a request.
#[component]
pub fn ConfirmDialog<F>(
    open: RwSignal<bool>,
    #[prop(into)] title: TextProp,
    /// What will happen.
    #[prop(into)]
    text: TextProp,
    /// Label of the button.
    #[prop(into)]
    confirm: TextProp,
    /// Sends the request.
    request: impl Fn() -> F + 'static,
    /// The action cannot be undone.
    #[prop(optional)]
    danger: bool,
    #[prop(into)] on_done: Callback<()>,
    #[prop(default = "confirm-dialog")] testid: &'static str,
) -> impl IntoView
where
    F: Future<Output = ApiResult<()>> + 'static,
{
    let request: Request = Rc::new(move || request().boxed_local());
    let request = StoredValue::new_local(request);
    view! {
        <Dialog open=open title=title testid=testid>
            <ConfirmForm
                open=open
                text=text.clone()
                confirm=confirm.clone()
                request=request
                danger=danger
                on_done=on_done
            />
        </Dialog>
    }
}

type Request = Rc<dyn Fn() -> LocalBoxFuture<'static, ApiResult<()>>>;

#[component]
fn ConfirmForm(
    open: RwSignal<bool>,
    text: TextProp,
    confirm: TextProp,
    request: StoredValue<Request, LocalStorage>,
    danger: bool,
    on_done: Callback<()>,
) -> impl IntoView {
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.send(request.with_value(|request| request()), move |()| {
            open.set(false);
            on_done.run(());
        });
    };
    let class = if danger { "btn btn-error" } else { "btn btn-primary" };
    view! {
        <form on:submit=submit novalidate>
            <p class="mb-3">{move || text.get()}</p>
            <FormError form=form />
            <DialogButtons open=open>
                <SubmitButton form=form label=confirm class=class testid="confirm" />
            </DialogButtons>
        </form>
    }
}
