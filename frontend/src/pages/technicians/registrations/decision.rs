//! Decision on an application: approve, or reject with a reason.

use leptos::prelude::*;
use shared::RegistrationId;
use shared::technician_registration::{RegistrationRejection, TechnicianRegistration};

use crate::api::identity::IdentityHolder;
use crate::api::{self, ApiError, ApiResult};
use crate::components::dialog::ConfirmDialog;
use crate::components::icon::{Icon, IconName};
use crate::components::identity_photo::IdentityPhotoDialog;
use crate::components::reject_dialog::RejectDialog;
use crate::core::toast;
use crate::{tl, tr};

/// The application to decide on, and which dialog is open.
#[derive(Clone, Copy)]
pub struct DecisionState {
    chosen: RwSignal<Option<TechnicianRegistration>>,
    approving: RwSignal<bool>,
    rejecting: RwSignal<bool>,
    viewing: RwSignal<bool>,
}

impl DecisionState {
    /// Creates the state with every dialog closed.
    pub fn new() -> Self {
        Self {
            chosen: RwSignal::new(None),
            approving: RwSignal::new(false),
            rejecting: RwSignal::new(false),
            viewing: RwSignal::new(false),
        }
    }

    fn id(self) -> Option<RegistrationId> {
        self.chosen.with(|one| one.as_ref().map(|one| one.id))
    }

    fn read(self) -> Option<(RegistrationId, i64)> {
        self.chosen.with_untracked(|one| one.as_ref().map(|one| (one.id, one.version)))
    }

    fn name(self) -> String {
        self.chosen.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default()
    }
}

/// The buttons of one application.
#[component]
pub fn DecisionButtons(one: TechnicianRegistration, decision: DecisionState) -> impl IntoView {
    let has_photo = one.identity_photo;
    let one = StoredValue::new(one);
    let open = move |dialog: RwSignal<bool>| {
        decision.chosen.set(Some(one.get_value()));
        dialog.set(true);
    };
    let look = has_photo.then(|| {
        view! {
            <button
                type="button"
                class="btn btn-ghost btn-sm"
                on:click=move |_| open(decision.viewing)
                data-testid="look-identity-photo"
            >
                <Icon name=IconName::Eye />
                {tl!(identity.title)}
            </button>
        }
    });
    view! {
        <div class="flex shrink-0 flex-wrap items-center gap-2">
            {look}
            <button
                type="button"
                class="btn btn-sm"
                on:click=move |_| open(decision.rejecting)
                data-testid="reject"
            >
                {tl!(common.reject)}
            </button>
            <button
                type="button"
                class="btn btn-primary btn-sm"
                on:click=move |_| open(decision.approving)
                data-testid="approve"
            >
                {tl!(common.approve)}
            </button>
        </div>
    }
}

/// The dialogs. They stay when the row that opened them disappears.
#[component]
pub fn DecisionDialogs(decision: DecisionState, on_decided: Callback<()>) -> impl IntoView {
    let approve = move || async move {
        let Some((id, version)) = decision.read() else { return Ok(()) };
        reload_if_decided(api::technician_registrations::approve(id, version).await, on_decided)
    };
    let reject = move |reason| async move {
        let Some((id, version)) = decision.read() else { return Ok(()) };
        let rejection = RegistrationRejection { reason };
        let answer = api::technician_registrations::reject(id, &rejection, version).await;
        reload_if_decided(answer, on_decided)
    };
    let holder = Signal::derive(move || decision.id().map(IdentityHolder::Registration));
    view! {
        <ConfirmDialog
            open=decision.approving
            title=tl!(technicians.registrations.approve)
            text=move || {
                tr!(technicians.registrations.approve_sure, name = decision.name()).to_string()
            }
            confirm=tl!(common.approve)
            request=approve
            on_done=move |()| {
                let text = tr!(technicians.registrations.approved, name = decision.name());
                toast::success(text.to_string());
            }
        />
        <RejectDialog
            open=decision.rejecting
            title=tl!(technicians.registrations.reject)
            label=tl!(technicians.registrations.reason)
            hint=tl!(technicians.registrations.reason_hint)
            check=|reason| RegistrationRejection { reason }.parse()
            request=reject
            on_done=move |()| toast::success(tr!(technicians.registrations.rejected))
        />
        <IdentityPhotoDialog open=decision.viewing holder=holder />
    }
}

/// Reloads the list if the application was decided, also by somebody else.
fn reload_if_decided(
    answer: ApiResult<TechnicianRegistration>,
    on_decided: Callback<()>,
) -> ApiResult<()> {
    if answer.as_ref().map_or_else(ApiError::is_stale, |_| true) {
        on_decided.run(());
    }
    answer.map(drop)
}
