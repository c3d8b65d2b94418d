//! Actions that need password and code again: new recovery codes, and disabling the second factor.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::second_factor::SecondFactorProof;
use shared::validate::Validator;

use super::recovery_codes::RecoveryCodesPanel;
use crate::components::dialog::DialogButtons;
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::toast;
use crate::{api, tl, tr};

/// The action after the reauthentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReauthPurpose {
    NewCodes,
    SwitchOff,
}

/// Asks for password and code, performs the action and shows new recovery codes.
#[component]
pub fn ReauthDialogContent(
    purpose: ReauthPurpose,
    open: RwSignal<bool>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let codes = RwSignal::new(None::<Vec<String>>);
    move || match codes.get() {
        Some(codes) => {
            let close = Callback::new(move |()| open.set(false));
            view! { <RecoveryCodesPanel codes=codes on_done=close /> }.into_any()
        }
        None => view! { <ReauthForm purpose=purpose open=open codes=codes on_done=on_done /> }
            .into_any(),
    }
}

#[component]
fn ReauthForm(
    purpose: ReauthPurpose,
    open: RwSignal<bool>,
    codes: RwSignal<Option<Vec<String>>>,
    on_done: Callback<()>,
) -> impl IntoView {
    let form = Form::new();
    let (password, otp) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let proof = SecondFactorProof {
            current_password: password.get_untracked(),
            otp: otp.get_untracked().trim().to_owned(),
        };
        let mut check = Validator::default();
        if proof.current_password.is_empty() {
            check.fail::<()>("current_password", ErrorCode::Required);
        }
        if proof.otp.is_empty() {
            check.fail::<()>("otp", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_none() {
            return;
        }
        let request = async move {
            match purpose {
                ReauthPurpose::NewCodes => {
                    let answer = api::second_factor::renew_recovery_codes(&proof).await?;
                    Ok(Some(answer.recovery_codes))
                }
                ReauthPurpose::SwitchOff => {
                    api::second_factor::disable(&proof).await.map(|()| None)
                }
            }
        };
        form.send(request, move |new: Option<Vec<String>>| {
            on_done.run(());
            if new.is_some() {
                codes.set(new);
            } else {
                open.set(false);
                toast::success(tr!(second_factor.is_off));
            }
        });
    };
    let hint = match purpose {
        ReauthPurpose::NewCodes => tl!(second_factor.new_codes_hint) as fn() -> &'static str,
        ReauthPurpose::SwitchOff => tl!(second_factor.switch_off_hint),
    };
    let label = match purpose {
        ReauthPurpose::NewCodes => tl!(second_factor.new_codes) as fn() -> &'static str,
        ReauthPurpose::SwitchOff => tl!(second_factor.switch_off),
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="proof-form">
            <p class="text-muted">{hint}</p>
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
            <TextField
                form=form
                name="otp"
                label=tl!(second_factor.code)
                hint=tl!(second_factor.code_or_recovery)
                value=otp
                autocomplete="one-time-code"
                required=true
            />
            <DialogButtons open=open>
                <SubmitButton form=form label=label />
            </DialogButtons>
        </form>
    }
}
