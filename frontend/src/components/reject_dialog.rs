//! Dialog that asks for the reason of a rejection.

use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use shared::validate::FieldFault;

use super::dialog::{Dialog, DialogButtons};
use super::field::TextArea;
use super::form::{Form, FormError, SubmitButton};
use crate::api::ApiResult;
use crate::tl;

type Check = fn(String) -> Result<String, Vec<FieldFault>>;
type Request = Rc<dyn Fn(String) -> LocalBoxFuture<'static, ApiResult<()>>>;

/// Asks for the reason and sends the rejection.
#[component]
pub fn RejectDialog<F>(
    open: RwSignal<bool>,
    #[prop(into)] title: TextProp,
    #[prop(into)] label: TextProp,
    /// Who reads the reason.
    #[prop(into)]
    hint: TextProp,
    /// Checks the reason.
    check: Check,
    /// Sends the rejection with the reason.
    request: impl Fn(String) -> F + 'static,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView
where
    F: Future<Output = ApiResult<()>> + 'static,
{
    let request: Request = Rc::new(move |reason| request(reason).boxed_local());
    let request = StoredValue::new_local(request);
    view! {
        <Dialog open=open title=title testid="reject-dialog">
            <RejectForm
                open=open
                label=label.clone()
                hint=hint.clone()
                check=check
                request=request
                on_done=on_done
            />
        </Dialog>
    }
}

#[component]
fn RejectForm(
    open: RwSignal<bool>,
    label: TextProp,
    hint: TextProp,
    check: Check,
    request: StoredValue<Request, LocalStorage>,
    on_done: Callback<()>,
) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(reason) = form.check(check(reason.get_untracked())) else { return };
        form.send(request.with_value(|request| request(reason)), move |()| {
            open.set(false);
            on_done.run(());
        });
    };
    view! {
        <form on:submit=submit novalidate>
            <FormError form=form />
            <TextArea
                form=form
                name="reason"
                label=label
                hint=hint
                value=reason
                required=true
                autofocus=true
            />
            <DialogButtons open=open>
                <SubmitButton
                    form=form
                    label=tl!(common.reject)
                    class="btn btn-error"
                    testid="send-rejection"
                />
            </DialogButtons>
        </form>
    }
}
