//! Turning a return down with a reason.

use leptos::prelude::*;
use shared::inventory::BagReturnRejection;
use shared::{BagReturnId, ErrorCode};

use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::field::TextArea;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::toast;
use crate::{api, tl, tr};

/// Asks for the reason, which the technician reads.
#[component]
pub fn RejectDialog(id: BagReturnId, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    view! {
        <Dialog open=open title=tl!(inventory.returns.reject) testid="reject-dialog">
            <RejectForm id=id open=open on_done=on_done />
        </Dialog>
    }
}

#[component]
fn RejectForm(id: BagReturnId, open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let rejection = BagReturnRejection { reason: reason.get_untracked() };
        let Some(reason) = form.check(rejection.parse()) else { return };
        let rejection = BagReturnRejection { reason };
        form.send_or(
            async move { api::bag_returns::reject(id, &rejection).await },
            move |_| {
                open.set(false);
                toast::success(tr!(inventory.returns.rejected));
                on_done.run(());
            },
            move |error| {
                if error.code() == Some(ErrorCode::BagReturnDecided) {
                    on_done.run(());
                }
            },
        );
    };
    view! {
        <form on:submit=submit novalidate>
            <FormError form=form />
            <TextArea
                form=form
                name="reason"
                label=tl!(inventory.movements.reason)
                hint=tl!(inventory.returns.reason_hint)
                value=reason
                required=true
                autofocus=true
            />
            <DialogButtons open=open>
                <SubmitButton
                    form=form
                    label=tl!(users.approval.reject)
                    class="btn btn-error"
                    testid="send-rejection"
                />
            </DialogButtons>
        </form>
    }
}
