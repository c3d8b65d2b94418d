//! Actions that need a reason: hold, cancel, decline, unassign, reopen.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::job::{Job, TransitionRequest};
use shared::job_state_machine::JobAction;
use shared::validate::{FieldFault, Validator};

use super::outcome::{reload_if_stale, show_success, shown};
use crate::api;
use crate::components::dialog::DialogButtons;
use crate::components::field::TextArea;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::labels::Label;
use crate::core::load::Load;
use crate::{tl, tr};

/// The form that asks for the reason.
#[component]
pub fn ReasonForm(
    load: Load<Job>,
    action: RwSignal<JobAction>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some((id, version)) = shown(load) else { return };
        let mut request = TransitionRequest::for_action(action.get_untracked());
        request.reason = Some(reason.get_untracked());
        request.device_time = Some(chrono::Utc::now());
        if form.check(check(&request)).is_none() {
            return;
        }
        form.send_or_else(
            async move { api::jobs::transition(id, version, &request).await },
            move |job| {
                open.set(false);
                show_success(load, job);
            },
            move |error| reload_if_stale(load, error),
        );
    };
    let hint = move || match action.get() {
        JobAction::Hold => tr!(jobs.reason.hold),
        JobAction::Cancel => tr!(jobs.reason.cancel),
        JobAction::Reopen => tr!(jobs.reason.reopen),
        _ => tr!(jobs.reason.other),
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate>
            <FormError form=form />
            <TextArea
                form=form
                name="reason"
                label=tl!(jobs.reason.label)
                hint=hint
                value=reason
                autofocus=true
                required=true
            />
            <DialogButtons open=open>
                <SubmitButton form=form label=move || action.get().label() />
            </DialogButtons>
        </form>
    }
}

fn check(request: &TransitionRequest) -> Result<(), Vec<FieldFault>> {
    request.parse()?;
    let mut check = Validator::default();
    let given = check.prose("reason", request.reason.as_deref().unwrap_or_default(), 500).map(drop);
    if given.is_none() && check.faults().is_empty() {
        check.fail::<()>("reason", ErrorCode::Required);
    }
    check.finish(given)
}
