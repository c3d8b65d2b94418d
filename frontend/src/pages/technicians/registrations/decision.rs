//! Letting an applicant in, or turning the applicant down with a reason.

use leptos::prelude::*;
use shared::registration::{RegistrationRejection, TechnicianRegistration};
use shared::{ErrorCode, RegistrationId};

use crate::api::identity::Holder;
use crate::api::{self, ApiResult};
use crate::components::dialog::{ConfirmDialog, Dialog};
use crate::components::icon::{Icon, IconName};
use crate::components::identity_photo::IdentityPhotoLook;
use crate::components::reject_dialog::RejectDialog;
use crate::core::toast;
use crate::{tl, tr};

/// Whose registration is looked at, and which dialog is open.
#[derive(Clone, Copy)]
pub struct Deciding {
    chosen: RwSignal<Option<TechnicianRegistration>>,
    approving: RwSignal<bool>,
    rejecting: RwSignal<bool>,
    looking: RwSignal<bool>,
}

impl Deciding {
    /// Nobody's yet.
    pub fn new() -> Self {
        Self {
            chosen: RwSignal::new(None),
            approving: RwSignal::new(false),
            rejecting: RwSignal::new(false),
            looking: RwSignal::new(false),
        }
    }

    fn id(self) -> Option<RegistrationId> {
        self.chosen.with(|one| one.as_ref().map(|one| one.id))
    }

    fn name(self) -> String {
        self.chosen.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default()
    }
}

/// The buttons of one registration.
#[component]
pub fn Choices(one: TechnicianRegistration, deciding: Deciding) -> impl IntoView {
    let has_photo = one.identity_photo;
    let one = StoredValue::new(one);
    let open = move |dialog: RwSignal<bool>| {
        deciding.chosen.set(Some(one.get_value()));
        dialog.set(true);
    };
    let look = has_photo.then(|| {
        view! {
            <button
                type="button"
                class="btn btn-ghost btn-sm"
                on:click=move |_| open(deciding.looking)
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
                on:click=move |_| open(deciding.rejecting)
                data-testid="reject"
            >
                {tl!(users.approval.reject)}
            </button>
            <button
                type="button"
                class="btn btn-primary btn-sm"
                on:click=move |_| open(deciding.approving)
                data-testid="approve"
            >
                {tl!(users.approval.approve)}
            </button>
        </div>
    }
}

/// The dialogs of the queue. They outlive the row that they were opened from.
#[component]
pub fn Dialogs(deciding: Deciding, on_decided: Callback<()>) -> impl IntoView {
    let approve = move || async move {
        match deciding.id() {
            Some(id) => settled(api::technician_registrations::approve(id).await, on_decided),
            None => Ok(()),
        }
    };
    let reject = move |reason| async move {
        let Some(id) = deciding.id() else { return Ok(()) };
        let rejection = RegistrationRejection { reason };
        settled(api::technician_registrations::reject(id, &rejection).await, on_decided)
    };
    let photo = move || {
        deciding.id().map(|id| view! { <IdentityPhotoLook holder=Holder::Registration(id) /> })
    };
    view! {
        <ConfirmDialog
            open=deciding.approving
            title=tl!(technicians.registrations.approve)
            text=move || {
                tr!(technicians.registrations.approve_sure, name = deciding.name()).to_string()
            }
            confirm=tl!(users.approval.approve)
            request=approve
            on_done=move |()| {
                let text = tr!(technicians.registrations.approved, name = deciding.name());
                toast::success(text.to_string());
            }
        />
        <RejectDialog
            open=deciding.rejecting
            title=tl!(technicians.registrations.reject)
            label=tl!(technicians.registrations.reason)
            hint=tl!(technicians.registrations.reason_hint)
            check=|reason| RegistrationRejection { reason }.parse()
            request=reject
            on_done=move |()| toast::success(tr!(technicians.registrations.rejected))
        />
        <Dialog
            open=deciding.looking
            title=tl!(identity.title)
            wide=true
            testid="identity-dialog"
        >
            {photo}
        </Dialog>
    }
}

/// The queue is loaded again if the registration was decided, also by somebody else.
fn settled(answer: ApiResult<TechnicianRegistration>, on_decided: Callback<()>) -> ApiResult<()> {
    let too_late = |error: &api::ApiError| error.code() == Some(ErrorCode::RegistrationDecided);
    if answer.as_ref().map_or_else(too_late, |_| true) {
        on_decided.run(());
    }
    answer.map(drop)
}
