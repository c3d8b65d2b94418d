//! Confirmation of a new second factor: QR code, secret and the first code of the app.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::second_factor::{RecoveryCodes, SecondFactorConfirm, SecondFactorSetup};
use shared::validate::Validator;

use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::reveal_once::SecretText;
use crate::{api, tl};

/// Shows the QR code and asks for a code.
#[component]
pub fn ConfirmForm(
    setup: SecondFactorSetup,
    #[prop(into)] on_done: Callback<RecoveryCodes>,
) -> impl IntoView {
    let form = Form::new();
    let otp = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = SecondFactorConfirm { otp: otp.get_untracked().trim().to_owned() };
        let mut check = Validator::default();
        if request.otp.is_empty() {
            check.fail::<()>("otp", ErrorCode::Required);
        }
        if form.check(check.finish(Some(()))).is_some() {
            form.send(async move { api::second_factor::confirm(&request).await }, move |codes| {
                on_done.run(codes)
            });
        }
    };
    // As an image the SVG document cannot run scripts.
    let picture =
        format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(&setup.qr_svg)));
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="second-factor-confirm">
            <p>{tl!(second_factor.scan)}</p>
            <img
                src=picture
                alt=tl!(second_factor.picture)
                class="size-56 self-center rounded-field bg-white p-2"
                data-testid="qr"
            />
            <div class="flex flex-col gap-1">
                <p class="text-sm text-muted">{tl!(second_factor.or_type)}</p>
                <SecretText text=in_groups(&setup.secret) label=tl!(second_factor.secret) testid="totp-secret" />
            </div>
            <p class="text-sm">
                <a href=setup.otpauth_url rel="external" class="link link-primary">
                    {tl!(second_factor.open_app)}
                </a>
            </p>
            <FormError form=form />
            <TextField
                form=form
                name="otp"
                label=tl!(second_factor.code)
                hint=tl!(second_factor.code_hint)
                value=otp
                inputmode="numeric"
                autocomplete="one-time-code"
                placeholder="000000"
                required=true
            />
            <SubmitButton form=form label=tl!(second_factor.switch_on) class="btn btn-primary self-end" />
        </form>
    }
}

/// Splits the secret into groups of four letters, which are easy to type.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
