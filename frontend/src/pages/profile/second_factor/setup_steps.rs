//! Set-up of the second factor in steps: password, QR code, recovery codes.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::second_factor::{RecoveryCodes, SecondFactorSetup, SecondFactorSetupRequest};
use shared::validate::Validator;

use super::confirm::ConfirmForm;
use super::recovery_codes::RecoveryCodesPanel;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::{api, tl};

/// The current step.
#[derive(Clone)]
enum Step {
    Password,
    Confirm(SecondFactorSetup),
    RecoveryCodesPanel(RecoveryCodes),
}

/// The steps from the password to the recovery codes.
#[component]
pub fn SetupSteps(
    /// Called when the recovery codes are stored.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let step = RwSignal::new(Step::Password);
    move || {
        match step.get() {
        Step::Password => view! {
            <PasswordPrompt on_done=move |setup| step.set(Step::Confirm(setup)) />
        }
        .into_any(),
        Step::Confirm(setup) => view! {
            <ConfirmForm setup=setup on_done=move |codes| step.set(Step::RecoveryCodesPanel(codes)) />
        }
        .into_any(),
        Step::RecoveryCodesPanel(codes) => {
            view! { <RecoveryCodesPanel codes=codes.recovery_codes on_done=on_done /> }.into_any()
        }
    }
    }
}

#[component]
fn PasswordPrompt(#[prop(into)] on_done: Callback<SecondFactorSetup>) -> impl IntoView {
    let form = Form::new();
    let password = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = SecondFactorSetupRequest { current_password: password.get_untracked() };
        let mut check = Validator::default();
        if request.current_password.is_empty() {
            check.fail::<()>("current_password", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_some() {
            form.send(
                async move { api::second_factor::start_setup(&request).await },
                move |setup| on_done.run(setup),
            );
        }
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="second-factor-password">
            <p class="text-muted">{tl!(second_factor.need_app)}</p>
            <FormError form=form />
            <TextField
                form=form
                name="current_password"
                label=tl!(password.current)
                value=password
                kind="password"
                autocomplete="current-password"
                required=true
                autofocus=true
            />
            <SubmitButton form=form label=tl!(second_factor.next) class="btn btn-primary self-end" />
        </form>
    }
}
